/** The files of a data set's folder: those that shall be there under another name, and those that shall not. */
import { copyFile, mkdir, open, opendir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { besides, isPartial } from '../../folders/atomic-write';
import { explainFileError, hasCode } from '../../folders/lab-error';
import { imageKinds, imagePath, nameOfImageFile } from '../layout';

export async function makeImageFolders(folder: string): Promise<void> {
  for (const kind of imageKinds) {
    try {
      await mkdir(join(folder, kind), { recursive: true });
    } catch (error) {
      throw explainFileError('make', join(folder, kind), error);
    }
  }
}

/**
 * Gives images other names. All are copied beside their new places before the first takes its place, since one may have
 * the old name of another; an interruption leaves images that do not fit their hashes, never half of one.
 */
export async function renameImages(
  folder: string,
  moves: readonly { from: string; to: string }[],
  signal?: AbortSignal,
): Promise<void> {
  const copies: { partial: string; path: string }[] = [];
  try {
    for (const { from, to } of moves) {
      for (const kind of imageKinds) {
        signal?.throwIfAborted();
        const path = imagePath(folder, kind, to);
        const copy = { partial: besides(path), path };
        copies.push(copy);
        await copyFile(imagePath(folder, kind, from), copy.partial);
        await sync(copy.partial);
      }
    }
    for (const { partial, path } of copies) await rename(partial, path);
  } catch (error) {
    await Promise.allSettled(copies.map(({ partial }) => rm(partial, { force: true })));
    throw signal?.aborted ? error : explainFileError('rename images in', folder, error);
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What lies in `hr` and `lr` and belongs to no image of these names, as paths; hidden files of other programs are passed over. */
export async function findSuperfluous(folder: string, names: Iterable<string>): Promise<string[]> {
  const wanted = new Set(names);
  const isSuperfluous = (file: string): boolean =>
    file.startsWith('.') ? isPartial(file) : !wanted.has(nameOfImageFile(file) ?? '');
  const found: string[] = [];
  for (const kind of imageKinds) {
    const path = join(folder, kind);
    const files: string[] = [];
    try {
      for await (const { name } of await opendir(path, { bufferSize: 1024 }))
        if (isSuperfluous(name)) files.push(name);
    } catch (error) {
      if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw explainFileError('read', path, error);
    }
    for (const file of files.sort()) found.push(join(path, file));
  }
  return found;
}

/** Removes the images and unfinished files that belong to no image of these names; returns the names of those images. */
export async function removeSuperfluous(folder: string, names: Iterable<string>): Promise<Set<string>> {
  const removed = new Set<string>();
  for (const file of await findSuperfluous(folder, names)) {
    if (!/\.(png|partial)$/.test(file)) continue;
    await remove(file);
    const name = nameOfImageFile(basename(file));
    if (name !== undefined) removed.add(name);
  }
  return removed;
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { force: true, recursive: true });
  } catch (error) {
    throw explainFileError('remove', path, error);
  }
}
