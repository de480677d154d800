/**
 * Telling the extension in a workspace which pages to open: it opens each file listed in `.srgan-lab/open.json` once, as
 * soon as it can.
 */
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { writeJsonAtomically } from '../../src/folders/atomic-write';

/** Asks for the pages of `markerFiles`, absolute paths in `workspace`. */
export async function requestPages(workspace: string, markerFiles: readonly string[]): Promise<void> {
  await mkdir(join(workspace, '.srgan-lab'), { recursive: true });
  const paths = markerFiles.map((file) => relative(workspace, file).replaceAll('\\', '/'));
  await writeJsonAtomically(join(workspace, '.srgan-lab', 'open.json'), paths);
}
