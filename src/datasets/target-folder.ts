/** A folder that appears whole or not at all: it is filled beside its place and renamed at the end. */
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { besides, syncFolder } from '../folders/atomic-write';
import { explainFileError, hasCode, LabError } from '../folders/lab-error';

/**
 * Makes `folder` by calling `fill` with an empty folder beside it, which then takes its place; returns what `fill`
 * returned. If it throws, nothing is left behind. Throws a `LabError` if `folder` exists and is not empty, or cannot be made.
 */
export async function makeFolder<T>(folder: string, fill: (partial: string) => Promise<T>): Promise<T> {
  await assertFree(folder);
  const partial = besides(folder);
  let firstMade: string | undefined;
  try {
    firstMade = await mkdir(partial, { recursive: true });
  } catch (error) {
    throw explainFileError('make', folder, error);
  }
  try {
    const result = await fill(partial);
    await syncFolder(partial);
    await moveIntoPlace(partial, folder);
    return result;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    await removeEmptyParents(dirname(partial), firstMade);
    throw namingTarget(error, partial, folder);
  }
}

/** The folder beside is gone, and nobody knows its name: messages say where its files were to be. */
function namingTarget(error: unknown, partial: string, folder: string): unknown {
  if (!(error instanceof LabError) || !error.message.includes(partial)) return error;
  return new LabError(error.message.replaceAll(partial, folder), { cause: error });
}

/** Throws a `LabError` unless `folder` is missing or an empty folder. */
export async function assertFree(folder: string): Promise<void> {
  let entries: string[];
  try {
    if (!(await stat(folder)).isDirectory())
      throw new LabError(`${folder} is a file. Choose another name for the new folder.`);
    entries = await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw explainFileError('make', folder, error);
  }
  if (entries.length > 0)
    throw new LabError(`${folder} exists and is not empty. Choose another folder, or delete this one first.`);
}

async function moveIntoPlace(partial: string, folder: string): Promise<void> {
  await assertFree(folder);
  try {
    // Some systems do not rename onto an empty folder.
    await rmdir(folder).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
    await rename(partial, folder);
    await syncFolder(dirname(folder));
  } catch (error) {
    throw explainFileError('make', folder, error);
  }
}

/** Removes the folders from `folder` up to `topmost` that this program made, as far as they are still empty. */
export async function removeEmptyParents(folder: string, topmost: string | undefined): Promise<void> {
  if (topmost === undefined || !folder.startsWith(topmost)) return;
  try {
    await rmdir(folder);
  } catch {
    return;
  }
  await removeEmptyParents(dirname(folder), topmost);
}
