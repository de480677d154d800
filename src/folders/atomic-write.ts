/**
 * Writing so that a reader, a crash or a full disk never meets half a file: written beside its place, synced, renamed.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, basename, join } from 'node:path';
import { explainFileError } from './lab-error';
import { namesIn } from './names-in';

/** A name beside `path` that no other writer uses, and that a reader of the folder can tell as unfinished. */
export function besides(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`);
}

/** Whether an entry of a folder has a name from `besides`. */
export function isPartial(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.partial');
}

/**
 * Removes what writers that were killed left in the folder itself; only where nobody writes now. A folder that is not there holds
 * nothing. Throws a `LabError` that names what could not be removed.
 */
export async function removePartials(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!isPartial(name)) continue;
    const path = join(folder, name);
    await rm(path, { recursive: true, force: true }).catch((error: unknown) => {
      throw explainFileError('remove', path, error);
    });
  }
}

/** Makes the entries of a folder durable. Some systems cannot sync folders; there the rename has to do. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    return;
  }
}

/**
 * Replaces `path` by `data`, whole or in pieces, as one step. Throws a `LabError` that names the path, or what making the
 * pieces threw; the old file is then untouched.
 */
export async function writeFileAtomically(
  path: string,
  data: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const partial = besides(path);
  try {
    const handle = await open(partial, 'wx');
    try {
      await writeFile(handle, data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(partial, { force: true });
    throw explainFileError('write', path, error);
  }
}

/** Like `writeFileAtomically`, for a value as indented JSON. */
export function writeJsonAtomically(path: string, value: unknown): Promise<void> {
  return writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
}
