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

/** A source and the images that may be its. */
interface Question {
  index: number;
  kept: Kept[];
}

/** Compares what is wanted with what is known. Reads only; throws the signal's reason if it aborts. */
export async function compare(
  wanted: readonly Wanted[],
  known: KnownImages,
  options: CompareOptions,
): Promise<Comparison> {
  const kept: Comparison['kept'] = wanted.map(() => undefined);
  const hashes = new Map<number, string | null>();
  const isLeft = (index: number): boolean => kept[index] === undefined;

  // A source that has its old name; and all others, where one of these may be an old one that was renamed.
  const names = new Set(wanted.map(({ name }) => name));
  const hasVanished = [...known.names()].some((name) => !names.has(name));
  const questions: Question[] = [];
  for (const [index, source] of wanted.entries()) {
    const candidate = known.named(source.name);
    const match = candidate && matching(candidate, source, options.recipe);
    if (match !== undefined && options.trust && candidate?.path === source.path) kept[index] = match;
    else if (candidate !== undefined || hasVanished) questions.push({ index, kept: match ?? [] });
  }
  const answers = await hashAll(
    questions.map(({ index, kept }) => [wanted[index]!.path, ...pathsOf(options.folder, kept)]),
    options,
    'Comparing with what is there',
  );
  for (const [position, { index, kept: match }] of questions.entries()) {
    const [sha256 = null, ...files] = answers[position]!;
    hashes.set(index, sha256);
    const isSame = match.length > 0 && match[0]!.image.sha256 === sha256;
    if (isSame && areIntact(options.folder, match, files)) kept[index] = match;
  }

  const renamed: Question[] = [];
  for (const [index, sha256] of hashes) {
    if (!isLeft(index) || sha256 === null) continue;
    const source = wanted[index]!;
    for (const candidate of known.withHash(sha256)) {
      const match = candidate.name === source.name ? undefined : matching(candidate, source, options.recipe);
      if (match !== undefined) {
        renamed.push({ index, kept: match });
        break;
      }
    }
  }
  const files = await hashAll(
    renamed.map(({ kept }) => pathsOf(options.folder, kept)),
    options,
  );
  for (const [position, { index, kept: match }] of renamed.entries())
    if (areIntact(options.folder, match, files[position]!)) kept[index] = match;

  const probed = [...wanted.keys()].filter(
    (index) => isLeft(index) && known.omitted.has(wanted[index]!.path),
  );
  const probes = await runDatasetJobs(
    'probe',
    probed.map((index) => ({ source: wanted[index]!.path, recipe: options.recipe })),
    { count: options.workers, signal: options.signal },
  );
  const unusable = new Map<number, string>();
  for (const [position, probe] of probes.entries())
    if (probe.kind === 'left-out') unusable.set(probed[position]!, probe.reason);
  return { kept, unusable };
}

/** What a known source has of the images that this one gives, if it has them all. */
function matching(known: KnownSource, source: Wanted, recipe: ImageRecipe): Kept[] | undefined {
  const { sourceWidth, sourceHeight } = known.images[0]!;
  const size = { width: sourceWidth, height: sourceHeight };
  return matchParts(known, partsOf(source.name, size, recipe, source.without));
}

function pathsOf(folder: string, kept: readonly Kept[]): string[] {
  return filesOf(
    folder,
    kept.map(({ image }) => image),
  ).map(({ path }) => path);
}

function areIntact(folder: string, kept: readonly Kept[], hashes: readonly (string | null)[]): boolean {
  const files = filesOf(
    folder,
    kept.map(({ image }) => image),
  );
  return files.every(({ sha256 }, index) => hashes[index] === sha256);
}

function hashAll(
  files: readonly string[][],
  { workers, signal, onProgress }: CompareOptions,
  message?: string,
): Promise<(string | null)[][]> {
  const estimate = message === undefined ? undefined : createEstimate(files.length, 'images', message);
  return runDatasetJobs(
    'hash',
    files.map((each) => ({ files: each })),
    { count: workers, signal, onDone: (done) => estimate && onProgress?.(estimate(done)) },
  );
}
