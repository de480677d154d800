/**
 * What of a data set need not be made again. A file is told by its content: one that was renamed keeps its images, one that
 * was changed does not. What is kept was read and compared with its hashes, unless the caller trusts the folder.
 */
import { partsOf, type ImageRecipe } from '../make-images';
import { createEstimate, type WorkOptions } from '../work';
import { runDatasetJobs } from '../worker-jobs';
import { filesOf, matchParts, type Kept, type KnownImages, type KnownSource } from './known-images';
import type { Wanted } from './plan';

export interface CompareOptions extends WorkOptions {
  folder: string;
  recipe: ImageRecipe;
  workers: number;
  /** Believe the list of a complete data set where a source lies where it tells, and read neither it nor its images. */
  trust: boolean;
}

export interface Comparison {
  /** By index of the wanted sources: what is kept of each; undefined where it has to be made. */
  kept: (Kept[] | undefined)[];
  /** By index: why a source that was left out before still cannot be used. */
  unusable: Map<number, string>;
}

/** Compares what is wanted with what is known. Reads only; throws the signal's reason if it aborts. */
export async function compare(
  wanted: readonly Wanted[],
  known: KnownImages,
  options: CompareOptions,
): Promise<Comparison> {
  return new Comparer(wanted, known, options).compare();
}

/** A source, and the images that are kept if both are what they were. */
interface Question {
  index: number;
  images: Kept[];
}

class Comparer {
  private readonly kept: Comparison['kept'];
  /** By index: the hash of the source, null where it cannot be read. */
  private readonly hashes = new Map<number, string | null>();

  constructor(
    private readonly wanted: readonly Wanted[],
    private readonly known: KnownImages,
    private readonly options: CompareOptions,
  ) {
    this.kept = wanted.map(() => undefined);
  }

  async compare(): Promise<Comparison> {
    await this.compareByName();
    await this.compareByContent();
    return { kept: this.kept, unusable: await this.probeOmitted() };
  }

  /** Sources that have a known name; and all others where one of these may be an old one that was renamed. */
  private async compareByName(): Promise<void> {
    const { wanted, known, options } = this;
    const names = new Set(wanted.map(({ name }) => name));
    const hasVanished = [...known.names()].some((name) => !names.has(name));
    const questions: Question[] = [];
    for (const [index, source] of wanted.entries()) {
      const candidate = known.named(source.name);
      const images = candidate && this.matching(candidate, source);
      if (images !== undefined && options.trust && candidate?.path === source.path) this.kept[index] = images;
      else if (candidate !== undefined || hasVanished) questions.push({ index, images: images ?? [] });
    }
    const answers = await this.hashAll(
      questions.map(({ index, images }) => [wanted[index]!.path, ...this.pathsOf(index, images)]),
      'Comparing with what is there',
    );
    for (const [position, { index, images }] of questions.entries()) {
      const [sha256 = null, ...files] = answers[position]!;
      this.hashes.set(index, sha256);
      if (images[0]?.image.sha256 === sha256) this.keepIfIntact(index, images, files);
    }
  }

  /** Sources whose content is known under another name. */
  private async compareByContent(): Promise<void> {
    const questions: Question[] = [];
    for (const [index, sha256] of this.hashes) {
      if (this.kept[index] !== undefined || sha256 === null) continue;
      const source = this.wanted[index]!;
      for (const candidate of this.known.withHash(sha256)) {
        const images = candidate.name === source.name ? undefined : this.matching(candidate, source);
        if (images === undefined) continue;
        questions.push({ index, images });
        break;
      }
    }
    const answers = await this.hashAll(questions.map(({ index, images }) => this.pathsOf(index, images)));
    for (const [position, { index, images }] of questions.entries())
      this.keepIfIntact(index, images, answers[position]!);
  }

  /** Sources that were left out before: a data set does not change because they still are. */
  private async probeOmitted(): Promise<Map<number, string>> {
    const { wanted, known, options } = this;
    const probed = [...wanted.keys()].filter(
      (index) => this.kept[index] === undefined && known.omitted.has(wanted[index]!.path),
    );
    const probes = await runDatasetJobs(
      'probe',
      probed.map((index) => ({ source: wanted[index]!.path, recipe: options.recipe })),
      { count: options.workers, signal: options.signal },
    );
    return new Map(
      probes.flatMap((probe, position): [number, string][] =>
        probe.kind === 'left-out' ? [[probed[position]!, probe.reason]] : [],
      ),
    );
  }

  /** What a known source has of the images that this one gives, if it has them all. */
  private matching(known: KnownSource, source: Wanted): Kept[] | undefined {
    const { sourceWidth: width, sourceHeight: height, pair } = known.images[0]!;
    if (pair?.lrSource !== source.lr?.source || pair?.lrRoot !== source.lr?.root) return undefined;
    return matchParts(known, partsOf(source.name, { width, height }, this.options.recipe, source.without));
  }

  private keepIfIntact(index: number, images: Kept[], hashes: readonly (string | null)[]): void {
    const files = this.filesOf(index, images);
    if (files.every(({ sha256 }, position) => hashes[position] === sha256)) this.kept[index] = images;
  }

  private pathsOf(index: number, images: readonly Kept[]): string[] {
    return this.filesOf(index, images).map(({ path }) => path);
  }

  /** The files of the images, and the LR image that was taken over, with the hashes that they had. */
  private filesOf(index: number, images: readonly Kept[]): { path: string; sha256: string }[] {
    const files = filesOf(
      this.options.folder,
      images.map(({ image }) => image),
    );
    const { lr } = this.wanted[index]!;
    const sha256 = images[0]?.image.pair?.lrSourceSha256;
    return lr === undefined || sha256 === undefined ? files : [...files, { path: lr.path, sha256 }];
  }

  private hashAll(files: readonly string[][], message?: string): Promise<(string | null)[][]> {
    const { workers, signal, onProgress } = this.options;
    const estimate = message === undefined ? undefined : createEstimate(files.length, 'images', message);
    return runDatasetJobs(
      'hash',
      files.map((each) => ({ files: each })),
      { count: workers, signal, onDone: (done) => estimate && onProgress?.(estimate(done)) },
    );
  }
}
