/**
 * What of a data set need not be made again. A file is told by its content: one that was renamed keeps its images, one that
 * was changed does not. What is kept was read and compared with its hashes, unless the caller trusts the folder.
 */
import { partsOf, type ImageRecipe } from '../make-images';
import { createEstimate, type WorkOptions } from '../work';
import { runDatasetJobs, runEachDatasetJob } from '../worker-jobs';
import { filesOf, matchParts, type Kept, type KnownImages } from './known-images';
import type { Wanted } from './plan';

export interface CompareOptions extends WorkOptions {
  folder: string;
  recipe: ImageRecipe;
  workers: number;
  /** Believe the list of a complete data set where a source lies where it tells, and read neither it nor its images. */
  trust: boolean;
}

export interface Comparison {
  /** What is kept of a source, by its index; undefined where it has to be made. Found anew each time: ask for one at a time. */
  kept(index: number): Kept[] | undefined;
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

/** Is a source, together with the images that are known under this number, what it was? */
interface Questions {
  index: number[];
  /** −1 where only the hash of the source is asked for. */
  known: number[];
}

const NONE = -1;

class Comparer {
  /** By index: the number of what is kept, or `NONE`. */
  private readonly kept: Int32Array;
  /** By index: the hash of a source that is not what its name tells, where it can be read. */
  private readonly hashes = new Map<number, string>();

  constructor(
    private readonly wanted: readonly Wanted[],
    private readonly known: KnownImages,
    private readonly options: CompareOptions,
  ) {
    this.kept = new Int32Array(wanted.length).fill(NONE);
  }

  async compare(): Promise<Comparison> {
    await this.compareByName();
    await this.compareByContent();
    const unusable = await this.probeOmitted();
    return { kept: (index) => this.imagesOf(index, this.kept[index]!), unusable };
  }

  /** Sources that have a known name; and all others where one of these may be an old one that was renamed. */
  private async compareByName(): Promise<void> {
    const { wanted, known, options } = this;
    const numbers = wanted.map(({ name }) => known.numberOf(name));
    const hasVanished = numbers.filter((number) => number !== undefined).length < known.size;
    const questions: Questions = { index: [], known: [] };
    for (const [index, number] of numbers.entries()) {
      const images = number === undefined ? undefined : this.imagesOf(index, number);
      if (options.trust && images !== undefined && known.at(number!).path === wanted[index]!.path) {
        this.kept[index] = number!;
      } else if (number !== undefined || hasVanished) {
        questions.index.push(index);
        questions.known.push(images === undefined ? NONE : number!);
      }
    }
    await this.ask(
      questions,
      (index, images) => [wanted[index]!.path, ...this.pathsOf(index, images)],
      (index, number, [sha256 = null, ...files]) => {
        const images = this.imagesOf(index, number) ?? [];
        const isSame = images[0]?.image.sha256 === sha256 && this.areIntact(index, images, files);
        if (isSame) this.kept[index] = number;
        else if (sha256 !== null) this.hashes.set(index, sha256);
      },
      'Comparing with what is there',
    );
  }

  /** Sources whose content is known under another name. */
  private async compareByContent(): Promise<void> {
    const questions: Questions = { index: [], known: [] };
    for (const [index, sha256] of this.hashes) {
      const { name } = this.wanted[index]!;
      for (const number of this.known.withHash(sha256)) {
        if (this.known.at(number).name === name || this.imagesOf(index, number) === undefined) continue;
        questions.index.push(index);
        questions.known.push(number);
        break;
      }
    }
    await this.ask(
      questions,
      (index, images) => this.pathsOf(index, images),
      (index, number, files) => {
        if (this.areIntact(index, this.imagesOf(index, number) ?? [], files)) this.kept[index] = number;
      },
    );
  }

  /** Sources that were left out before: a data set does not change because they still are. */
  private async probeOmitted(): Promise<Map<number, string>> {
    const { wanted, known, options } = this;
    const probed = [...wanted.keys()].filter(
      (index) => this.kept[index] === NONE && known.omitted.has(wanted[index]!.path),
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

  /** What the known source of this number has of the images that a wanted one gives, if it has them all. */
  private imagesOf(index: number, number: number): Kept[] | undefined {
    if (number === NONE) return undefined;
    const known = this.known.at(number);
    const { name, lr, without } = this.wanted[index]!;
    const { sourceWidth: width, sourceHeight: height, pair } = known.images[0]!;
    if (pair?.lrSource !== lr?.source || pair?.lrRoot !== lr?.root) return undefined;
    return matchParts(known, partsOf(name, { width, height }, this.options.recipe, without));
  }

  private areIntact(index: number, images: readonly Kept[], hashes: readonly (string | null)[]): boolean {
    return this.filesOf(index, images).every(({ sha256 }, position) => hashes[position] === sha256);
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

  /** Has the files of each question hashed, and tells their hashes. */
  private async ask(
    questions: Questions,
    filesOf: (index: number, images: readonly Kept[]) => string[],
    onHashes: (index: number, number: number, hashes: readonly (string | null)[]) => void,
    message?: string,
  ): Promise<void> {
    const { workers, signal, onProgress } = this.options;
    const { length } = questions.index;
    const estimate = message === undefined ? undefined : createEstimate(length, 'images', message);
    const jobs = {
      length,
      at: (job: number) => {
        const index = questions.index[job]!;
        return { files: filesOf(index, this.imagesOf(index, questions.known[job]!) ?? []) };
      },
    };
    await runEachDatasetJob('hash', jobs, {
      ...{ count: workers, signal },
      onResult: (hashes, job) => {
        onHashes(questions.index[job]!, questions.known[job]!, hashes);
        return Promise.resolve();
      },
      onDone: (done) => estimate && onProgress?.(estimate(done)),
    });
  }
}
