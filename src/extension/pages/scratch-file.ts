/** Files that live as long as a command that reads them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Calls `use` with an empty folder; it is gone afterwards, and what is in it. */
export async function withScratchFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'srgan-lab-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Calls `use` with the path of a file of this text; the file is gone afterwards. */
export function withScratchFile<T>(
  name: string,
  text: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  return withScratchFolder(async (folder) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return use(path);
  });
}

/** More names than this may not fit into a command line. */
const MOST_ARGUMENTS = 50;

/** Calls `use` with arguments that name all of these: themselves, or a file that lists them. */
export function withList<T>(
  names: readonly string[],
  use: (args: readonly string[]) => Promise<T>,
): Promise<T> {
  if (names.length <= MOST_ARGUMENTS && !names.some((name) => name.startsWith('-'))) return use(names);
  return withScratchFile('names.txt', `${names.join('\n')}\n`, (path) => use(['--list', path]));
}
