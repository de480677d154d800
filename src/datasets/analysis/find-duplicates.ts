/**
 * Images of a data set that show the same. Equal hashes are equal images; of all others, fingerprints and features suggest
 * pairs, in nearly linear time, and pixels decide.
 */
import type { Dataset, DatasetImage } from '../../protocol/dataset-file';
import type { DuplicateKind, Duplicates } from '../../protocol/dataset-analysis';
import { imagePath } from '../layout';
import { createEstimate, type WorkOptions } from '../work';
import { alikePairs } from './alike-fingerprints';
import type { CompareJob } from './analysis-jobs';
import { runAnalysisJobs, type Descriptions } from './describe-images';
import { buildFeatureIndex, findInIndex, type PlacedImage } from './feature-index';
import { ImageGroups } from './image-groups';

/** Two images that share so much of their area, seen from either, are one picture; otherwise one is a part. */
const WHOLE = 0.95;

/** Images that are found in one image, at most: in a sequence of frames there would be very many. */
const MOST_PARTS = 32;

/** Finds the groups, those across the splits first. Throws the signal's reason if it aborts. */
export async function findDuplicates(
  folder: string,
  { images }: Dataset,
  descriptions: Descriptions,
  options: WorkOptions & { workers: number },
): Promise<Duplicates[]> {
  const identical = equalImages(images);
  const copies = new Set(identical.flatMap((group) => group.slice(1)));
  const search = new Search(folder, images, copies, descriptions, options);
  await search.compareFingerprints();
  await search.compareFeatures();

  const groupOf = (kind: DuplicateKind, numbers: readonly number[], mirrored: boolean): Duplicates => {
    const members = numbers.map((number) => images[number]!);
    return {
      kind,
      images: members.map(({ name }) => name),
      acrossSplits: new Set(members.map(({ split }) => split)).size > 1,
      ...(mirrored && { mirrored }),
    };
  };
  const groups = [
    ...identical.map((group) => groupOf('identical', group, false)),
    ...search.same.groups().map((group) =>
      groupOf(
        're-encoded',
        group,
        group.some((image) => search.turned.has(image)),
      ),
    ),
    ...[...search.parts].map(([whole, parts]) =>
      groupOf('crop', [whole, ...parts.keys()], [...parts.values()].some(Boolean)),
    ),
  ];
  return groups.sort((a, b) => Number(b.acrossSplits) - Number(a.acrossSplits));
}

/** Images of the same pixels: PNG files of the lab have the same bytes then. */
function equalImages(images: readonly DatasetImage[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [number, { hrSha256 }] of images.entries()) {
    const group = groups.get(hrSha256);
    if (group === undefined) groups.set(hrSha256, [number]);
    else group.push(number);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

interface Candidate {
  a: number;
  b: number;
  mirrored: boolean;
  place?: { left: number; top: number };
}

class Search {
  /** Images that are one picture. */
  readonly same = new ImageGroups();
  /** Those of them that are mirrored against another one. */
  readonly turned = new Set<number>();
  /** For an image, those that are parts of it or share a part with it, and whether mirrored. */
  readonly parts = new Map<number, Map<number, boolean>>();
  private readonly sources: number[];

  constructor(
    private readonly folder: string,
    private readonly images: readonly DatasetImage[],
    /** Images that are left out because another one has their pixels. */
    private readonly copies: ReadonlySet<number>,
    private readonly descriptions: Descriptions,
    private readonly options: WorkOptions & { workers: number },
  ) {
    const numbers = new Map<string, number>();
    this.sources = images.map(({ root, source }) => {
      const key = `${root}/${source}`;
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      return number;
    });
  }

  /** Whole images that differ by compression, size or mirroring. */
  async compareFingerprints(): Promise<void> {
    const asked = [...this.images.keys()].filter((image) => !this.copies.has(image));
    const fingerprints = asked.map((image) => this.descriptions.measures[image]!.fingerprint);
    const candidates = alikePairs(fingerprints)
      .map(({ a, b, mirrored }): Candidate => ({ a: asked[a]!, b: asked[b]!, mirrored }))
      .filter(({ a, b }) => this.sources[a] !== this.sources[b]);
    await this.compareInRounds(candidates, 'Comparing similar images');
  }

  /** Images of which one is a part of the other, or which share a part. */
  async compareFeatures(): Promise<void> {
    const { descriptions, options } = this;
    const none = new Uint32Array(0);
    const indexed = descriptions.indexed.map((features, image) =>
      this.copies.has(image) ? { bits: none, mirroredBits: none, places: none } : features,
    );
    const index = buildFeatureIndex(indexed, this.sources);
    const estimate = createEstimate(this.images.length, 'images', 'Looking for parts of other images');
    const best = new Map<string, Candidate & { votes: number }>();
    for (const [image, { width }] of this.images.entries()) {
      options.signal?.throwIfAborted();
      if (!this.copies.has(image)) {
        const features = await descriptions.featuresOf(image);
        const placed = findInIndex(index, image, features, width).slice(0, MOST_PARTS);
        for (const found of placed) keepBest(best, image, found);
      }
      options.onProgress?.(estimate(image + 1));
    }
    const candidates = [...best.values()].sort((a, b) => b.votes - a.votes || a.a - b.a || a.b - b.b);
    await this.compare(candidates, 'Comparing parts of images');
  }

  /**
   * Compares pixels, in rounds in which no image is met twice: what belongs together already is not compared again, so a
   * group of n copies takes about n comparisons and not n².
   */
  private async compareInRounds(candidates: readonly Candidate[], message: string): Promise<void> {
    let waiting = candidates;
    while (waiting.length > 0) {
      const met = new Set<number>();
      const round: Candidate[] = [];
      const later: Candidate[] = [];
      for (const candidate of waiting) {
        const { a, b } = candidate;
        if (this.same.together(a, b)) continue;
        if (met.has(a) || met.has(b)) later.push(candidate);
        else {
          round.push(candidate);
          met.add(a).add(b);
        }
      }
      await this.compare(round, message);
      waiting = later;
    }
  }

  private async compare(candidates: readonly Candidate[], message: string): Promise<void> {
    const { signal, onProgress, workers } = this.options;
    const asked = candidates.filter(({ a, b }) => !this.same.together(a, b));
    const estimate = createEstimate(asked.length, 'pairs', message);
    const results = await runAnalysisJobs(
      asked.map((candidate) => this.compareJob(candidate)),
      { count: workers, signal, onDone: (done) => onProgress?.(estimate(done)) },
    );
    for (const [index, result] of results.entries()) {
      if (result.same) this.record(asked[index]!, result.part);
    }
  }

  private compareJob({ a, b, mirrored, place }: Candidate): CompareJob {
    const path = (image: number): string => imagePath(this.folder, 'hr', this.images[image]!.name);
    return { kind: 'compare', a: path(a), b: path(b), mirrored, place };
  }

  private record(
    { a, b, mirrored }: Candidate,
    part: { shareOfPart: number; shareOfWhole: number } | undefined,
  ): void {
    if (part === undefined || Math.min(part.shareOfPart, part.shareOfWhole) >= WHOLE) {
      this.same.join(a, b);
      if (mirrored) this.turned.add(a).add(b);
      return;
    }
    // Of two that share a part the larger one stands for the whole.
    const [whole, piece] = part.shareOfPart >= part.shareOfWhole ? [b, a] : [a, b];
    const parts = this.parts.get(whole) ?? new Map<number, boolean>();
    this.parts.set(whole, parts.set(piece, mirrored));
  }
}

/** A pair is met from both sides; the one with more votes is compared. */
function keepBest(
  best: Map<string, Candidate & { votes: number }>,
  image: number,
  { image: part, left, top, mirrored, votes }: PlacedImage,
): void {
  const key = image < part ? `${image} ${part}` : `${part} ${image}`;
  const before = best.get(key);
  if (before !== undefined && before.votes >= votes) return;
  best.set(key, { a: part, b: image, mirrored, place: { left, top }, votes });
}
