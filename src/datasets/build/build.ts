/**
 * Brings a data set's folder to what its recipe says: scans the sources, keeps what fits, makes the rest, removes what is
 * no longer wanted. Stopped at any moment (a signal, a full disk, a killed process, power) it goes on when it is called
 * again. What comes of it is a function of the recipe and the sources, down to the last byte, whatever was there before,
 * however often it was stopped, and on any number of threads.
 *
 * On disk: the header without its summary says that the data set is incomplete; images are written whole, and told in the
 * journal; at the end come the list of images and the header with its summary, and the journal goes.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { removePartials, syncFolder, writeFileAtomically } from '../../folders/atomic-write';
import { entryBytes, summaryOf } from '../../folders/dataset-entries';
import { readEntries, writeDatasetFile, withoutContents } from '../../folders/dataset-folder';
import { LabError } from '../../folders/lab-error';
import {
  IMAGES_FILE,
  type DatasetContents,
  type DatasetEntry,
  type DatasetFile,
  type DatasetRecipe,
  type Omission,
} from '../../protocol/dataset-file';
import { imageKinds } from '../layout';
import type { WorkOptions } from '../work';
import { runEachDatasetJob } from '../worker-jobs';
import { compare } from './compare';
import { EntryList } from './entries';
import { openJournal, removeJournal, type Journal } from './journal';
import { gatherKnown } from './known-images';
import { createByteEstimate, largestFirst } from './order';
import { Outcomes } from './outcomes';
import { makePlan, type Wanted } from './plan';
import { imageKey, isSameRecipe } from './recipe';
import { makeImageFolders, removeSuperfluous, renameImages } from './tidy';
import { NothingUsable } from './words';

export interface BuildOptions extends WorkOptions {
  /** Worker threads; default one a core. */
  workers?: number | undefined;
  /** Do not read what the list of a complete data set tells of; see `CompareOptions`. */
  trust?: boolean | undefined;
}

/** How many images were … */
export interface Changes {
  made: number;
  kept: number;
  renamed: number;
  removed: number;
}

/** The header of a complete data set, and what could not be used. Its images are in its list, which may be long. */
export interface CompleteDataset extends DatasetFile {
  contents: DatasetContents;
  omitted: readonly Omission[];
}

export interface Built {
  dataset: CompleteDataset;
  changes: Changes;
  /** What the recipe names for validation, and no source is or lies in. */
  unmatched: readonly string[];
}

/** An image that is kept under another name, and the index of its source. */
interface Move {
  index: number;
  from: string;
  to: string;
}

/**
 * Builds in `folder`, whose lease the caller holds. `before` is the header that is there, if one is. Throws a `LabError`
 * if there is nothing to build from, if the disk is full, or when the signal aborts; it says how to go on.
 */
export async function build(
  folder: string,
  before: DatasetFile | undefined,
  recipe: DatasetRecipe,
  options: BuildOptions = {},
): Promise<Built> {
  return new Build(folder, before, recipe, options).run();
}

class Build {
  private readonly key: string;
  private readonly workers: number;
  /** Work was begun, and there are images that it can go on from. */
  private hasSomethingToKeep = false;

  constructor(
    private readonly folder: string,
    private readonly before: DatasetFile | undefined,
    private readonly recipe: DatasetRecipe,
    private readonly options: BuildOptions,
  ) {
    this.key = imageKey(recipe);
    this.workers = options.workers ?? availableParallelism();
  }

  async run(): Promise<Built> {
    try {
      return await this.work();
    } catch (error) {
      throw this.explain(error);
    }
  }

  private async work(): Promise<Built> {
    const { folder, before, recipe, workers, options } = this;
    const { signal, onProgress } = options;
    await removePartials(folder);
    onProgress?.({ done: 0, total: 0, unit: 'images', secondsLeft: null, message: 'Looking for images' });
    const plan = await makePlan(folder, recipe, signal);
    const { wanted } = plan;
    if (wanted.length === 0) throw new NothingUsable(recipe.roots, plan, plan.omitted);
    const trust = options.trust ?? false;
    const known = await gatherKnown(folder, before, { key: this.key, withPaths: trust });
    const comparison = await compare(wanted, known, {
      ...{ folder, recipe, workers, trust, signal, onProgress },
    });
    const outcomes = new Outcomes(wanted.length, comparison);
    const moves: Move[] = [];
    const missing: number[] = [];
    let keptImages = 0;
    for (const index of wanted.keys()) {
      const kept = comparison.kept(index);
      keptImages += kept?.length ?? 0;
      for (const { image, name } of kept ?? [])
        if (image.name !== name) moves.push({ index, from: image.name, to: name });
      if (kept === undefined && !comparison.unusable.has(index)) missing.push(index);
    }
    const result = (omitted: readonly Omission[], contents: DatasetContents, removed: number): Built => ({
      dataset: { ...recipe, contents, omitted },
      unmatched: plan.unmatched,
      changes: {
        made: contents.train + contents.validation - keptImages,
        ...{ kept: keptImages, renamed: moves.length, removed },
      },
    });

    if (missing.length === 0 && moves.length === 0) {
      const entries = new EntryList(plan, outcomes, recipe);
      if (this.isUpToDate(entries)) {
        const removed = await this.tidy(entries, moves);
        await removeJournal(folder);
        return result(entries.omitted, before!.contents!, removed);
      }
    }
    const journal = await this.begin();
    try {
      await this.rename(moves, outcomes, journal);
      await this.make(missing, wanted, outcomes, journal);
      const entries = new EntryList(plan, outcomes, recipe);
      if (!entries.hasImages) throw new NothingUsable(recipe.roots, plan, entries.omitted);
      const { contents, removed } = await this.finish(entries, moves, journal);
      return result(entries.omitted, contents, removed);
    } finally {
      await journal.close();
    }
  }

  /** Whether the folder holds this data set already. */
  private isUpToDate(entries: EntryList): boolean {
    const { before, recipe } = this;
    return (
      before?.contents !== undefined &&
      existsSync(join(this.folder, IMAGES_FILE)) &&
      isSameRecipe(withoutContents(before), recipe) &&
      JSON.stringify(before.leftOut) === JSON.stringify(recipe.leftOut) &&
      summaryOf(entries).sha256 === before.contents.sha256
    );
  }

  /** From here on the folder says that it is incomplete. */
  private async begin(): Promise<Journal> {
    const { folder, before, recipe } = this;
    this.hasSomethingToKeep = before !== undefined;
    const list = join(folder, IMAGES_FILE);
    if (before?.contents !== undefined && !existsSync(list)) {
      await this.keepListOfFormat1(list);
    }
    const journal = await openJournal(folder, before === undefined || before.contents !== undefined);
    if (before?.contents !== undefined)
      await journal.add({ kind: 'list', key: imageKey(before), sha256: before.contents.sha256 });
    await writeDatasetFile(folder, withoutContents(recipe));
    await makeImageFolders(folder);
    return journal;
  }

  /** It is in the header, which is about to be replaced. */
  private async keepListOfFormat1(list: string): Promise<void> {
    const entries: DatasetEntry[] = [];
    try {
      for await (const chunk of readEntries(this.folder)) entries.push(...chunk);
    } catch (error) {
      // In format 2 the list was lost: there is nothing to keep.
      if (error instanceof LabError) return;
      throw error;
    }
    await writeFileAtomically(list, entryBytes(entries));
  }

  private async rename(moves: readonly Move[], outcomes: Outcomes, journal: Journal): Promise<void> {
    if (moves.length === 0) return;
    await renameImages(this.folder, moves, this.options.signal);
    for (const index of new Set(moves.map((move) => move.index))) {
      const outcome = outcomes.get(index);
      if (outcome?.kind === 'made') await journal.add({ ...outcome, key: this.key });
    }
  }

  private async make(
    missing: readonly number[],
    wanted: readonly Wanted[],
    outcomes: Outcomes,
    journal: Journal,
  ): Promise<void> {
    const { folder, recipe, workers } = this;
    const { signal, onProgress } = this.options;
    const { scale, degradation, subImages } = recipe;
    const images = { scale, degradation, ...(subImages && { subImages }) };
    const sources = await largestFirst(missing, (index) => wanted[index]!.path);
    const estimate = createByteEstimate(sources, 'images', 'Making the data set');
    const jobs = {
      length: sources.length,
      at: (job: number) => {
        const { path, name, without, lr } = wanted[sources[job]!.index]!;
        return { source: path, folder, name, recipe: images, without, lr };
      },
    };
    await runEachDatasetJob('make', jobs, {
      count: workers,
      signal,
      onResult: async (made, job) => {
        const source = sources[job]!;
        outcomes.set(source.index, made);
        if (made.kind === 'made') {
          const { root, source: path } = wanted[source.index]!;
          await journal.add({ ...made, key: this.key, from: { root, source: path } });
          this.hasSomethingToKeep = true;
        }
        onProgress?.(estimate(source));
      },
    });
  }

  private async finish(
    entries: EntryList,
    moves: readonly Move[],
    journal: Journal,
  ): Promise<{ contents: DatasetContents; removed: number }> {
    const { folder, recipe } = this;
    for (const kind of imageKinds) await syncFolder(join(folder, kind));
    const contents = summaryOf(entries);
    await journal.add({ kind: 'list', key: this.key, sha256: contents.sha256 });
    await writeFileAtomically(join(folder, IMAGES_FILE), entryBytes(entries));
    const removed = await this.tidy(entries, moves);
    await writeDatasetFile(folder, { ...recipe, contents });
    await removeJournal(folder);
    return { contents, removed };
  }

  /** Removes the images that are no longer wanted; returns how many, not counting old names of those that are kept. */
  private async tidy(entries: EntryList, moves: readonly Move[]): Promise<number> {
    const removed = await removeSuperfluous(this.folder, entries.names());
    for (const { from } of moves) removed.delete(from);
    return removed.size;
  }

  /** Errors after the first change say that what was done is kept. */
  private explain(error: unknown): unknown {
    if (!this.hasSomethingToKeep || error instanceof NothingUsable) return error;
    const { signal } = this.options;
    const goOn = `Continue with \`srgan-lab dataset update ${this.folder}\`; what was made is kept.`;
    if (signal?.aborted && error === signal.reason)
      return new LabError(`Interrupted. ${goOn}`, { cause: error });
    return error instanceof LabError ? new LabError(`${error.message} ${goOn}`, { cause: error }) : error;
  }
}
