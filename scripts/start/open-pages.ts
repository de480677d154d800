/**
 * Telling the extension in a workspace which pages to open: it opens that of each folder listed in
 * `.srgan-lab/open.json` once, as soon as the folder is there (src/extension/open-requests.ts).
 */
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { writeJsonAtomically } from '../../src/folders/atomic-write';

/** Asks for the pages of data set and run folders, absolute paths in `workspace`. */
export async function requestPages(workspace: string, folders: readonly string[]): Promise<void> {
  await mkdir(join(workspace, '.srgan-lab'), { recursive: true });
  const open = folders.map((folder) => relative(workspace, folder).replaceAll('\\', '/'));
  await writeJsonAtomically(join(workspace, '.srgan-lab', 'open.json'), { open });
}
