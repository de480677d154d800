/**
 * Making a data set from folders of photographs, and bringing one up to date with its sources or with a changed recipe.
 * Both end with the same folder: what its recipe and its sources say.
 */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isPartial } from '../folders/atomic-write';
import { BUILD_LEASE_FILE, takeBuildLease } from '../folders/build-lease';
import { readDatasetFile, withoutContents } from '../folders/dataset-folder';
import { explainFileError, hasCode, LabError } from '../folders/lab-error';
import { DATASET_FILE, IMAGES_FILE, type DatasetFile, type DatasetRecipe } from '../protocol/dataset-file';
import type { Scale } from '../protocol/run-configuration';
import { build, type BuildOptions, type Changes, type CompleteDataset } from './build/build';
import { JOURNAL_FILE } from '../folders/building-journal';
import { changedRecipe, isSameRecipe, newRecipe, type RecipeOptions } from './build/recipe';
import { CACHE_FOLDER, imageKinds } from './layout';
import { removeEmptyParents } from './target-folder';

export interface CreateDatasetOptions extends RecipeOptions {
  /** The folder to make; must be missing or empty, or hold what is there of the same data set. */
  folder: string;
  from: readonly string[];
  scale: Scale;
  /** Worker threads; default one a core. The result does not depend on it. */
  workers?: number | undefined;
}

export interface DatasetResult {
  folder: string;
  file: CompleteDataset;
  changes: Changes;
  /** What the recipe names for validation, and no source is or lies in. */
  unmatched: readonly string[];
}

/**
 * Makes the data set, or goes on with one of the same recipe. Throws a `LabError` if there is no usable image or the
 * folder cannot be made; nothing is then left behind. Interrupted later, it keeps what was made and says how to go on.
 * An image that cannot be used is listed in `omitted`.
 */
export async function createDataset(
  { workers, ...options }: CreateDatasetOptions,
  work: Omit<BuildOptions, 'workers' | 'trust'> = {},
): Promise<DatasetResult> {
  const folder = resolve(options.folder);
  const recipe = newRecipe({ ...options, name: options.name ?? basename(folder) });
  const firstMade = await prepare(folder);
  try {
    return await withLease(folder, async () => {
      const before = await headerIn(folder);
      if (before === undefined) await refuseOthersFiles(folder);
      else refuseOtherRecipe(folder, before, recipe);
      const kept = before && { created: before.created, leftOut: before.leftOut };
      try {
        const { dataset, ...built } = await build(
          folder,
          before,
          { ...recipe, ...kept },
          { ...work, workers },
        );
        return { folder, file: dataset, ...built };
      } catch (error) {
        if (before === undefined) await removeIfEmpty(folder);
        throw error;
      }
    });
  } catch (error) {
    await removeEmptyParents(folder, firstMade);
    throw error;
  }
}

/**
 * Brings a data set to what its sources hold now, and its recipe to what is said. Goes on where work was interrupted.
 * Throws a `LabError` like `createDataset`; the folder stays.
 */
export async function updateDataset(
  folder: string,
  { workers, ...options }: RecipeOptions & { workers?: number | undefined } = {},
  work: Omit<BuildOptions, 'workers' | 'trust'> = {},
): Promise<DatasetResult> {
  return changeDataset(resolve(folder), (recipe) => changedRecipe(recipe, options), { ...work, workers });
}

/** Changes the recipe of a data set that is there, and builds it. */
export async function changeDataset(
  folder: string,
  change: (recipe: DatasetRecipe) => DatasetRecipe | Promise<DatasetRecipe>,
  options: BuildOptions,
): Promise<DatasetResult> {
  // First without the lease, which cannot be taken in a folder that is not there.
  await readDatasetFile(folder);
  return withLease(folder, async () => {
    const before = await readDatasetFile(folder);
    const recipe = await change(withoutContents(before));
    const { dataset, ...built } = await build(folder, before, recipe, options);
    return { folder, file: dataset, ...built };
  });
}

/** Does `work` while no other process changes the data set. */
export async function withLease<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const release = await takeBuildLease(folder);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Makes the folder where it is missing; returns the topmost folder that was made. */
async function prepare(folder: string): Promise<string | undefined> {
  try {
    if (!(await stat(folder)).isDirectory())
      throw new LabError(`${folder} is a file. Choose another name for the new folder.`);
    return undefined;
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw explainFileError('make', folder, error);
  }
  try {
    return await mkdir(folder, { recursive: true });
  } catch (error) {
    throw explainFileError('make', folder, error);
  }
}

async function headerIn(folder: string): Promise<DatasetFile | undefined> {
  const files = await readdir(folder);
  return files.includes(DATASET_FILE) ? readDatasetFile(folder) : undefined;
}

/** Files of ours that a killed process may have left before there was a header. */
function isOurs(file: string): boolean {
  return file === JOURNAL_FILE || file === BUILD_LEASE_FILE || isPartial(file);
}

async function refuseOthersFiles(folder: string): Promise<void> {
  if ((await readdir(folder)).every((file) => isOurs(file) || file.endsWith('.lock'))) return;
  throw new LabError(`${folder} exists and is not empty. Choose another folder, or delete this one first.`);
}

function refuseOtherRecipe(folder: string, before: DatasetFile, recipe: DatasetRecipe): void {
  if (isSameRecipe(withoutContents(before), recipe)) return;
  throw new LabError(
    `${folder} holds a data set that is made in another way. Change that one with \`srgan-lab dataset update\`, ` +
      'or choose another folder.',
  );
}

/** Takes back what was begun of a new data set, unless there are images in it. */
async function removeIfEmpty(folder: string): Promise<void> {
  for (const kind of imageKinds) {
    const files = await readdir(join(folder, kind)).catch(() => []);
    if (files.some((file) => !file.startsWith('.'))) return;
  }
  for (const name of [DATASET_FILE, IMAGES_FILE, JOURNAL_FILE, CACHE_FOLDER, ...imageKinds])
    await rm(join(folder, name), { recursive: true, force: true });
}
