/** Finding the lab's folders below a workspace: data sets, runs and models, by their marker files. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DATASET_FILE } from '../protocol/dataset-file';
import { CARD_FILE } from '../protocol/model-card';
import { RUN_FILE } from '../protocol/run-configuration';

export interface LabFolders {
  datasets: string[];
  runs: string[];
  models: string[];
}

const MAX_DEPTH = 6;
/** A workspace can hold a million photographs; the lab's own folders lie where a person put them, not that deep. */
const MAX_FOLDERS = 20_000;
const passedOver = new Set(['node_modules', 'dist', 'out', 'cache', 'samples', 'checkpoints', 'hr', 'lr']);

/** Absolute folders, sorted by path. Symbolic links are not followed, hidden folders not entered; what cannot be read is passed over. */
export async function findFolders(root: string): Promise<LabFolders> {
  const found: LabFolders = { datasets: [], runs: [], models: [] };
  let budget = MAX_FOLDERS;
  let level = [root];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0 && budget > 0; depth++) {
    const next: string[] = [];
    for (const folder of level.slice(0, budget)) {
      const entries = await entriesOf(folder);
      const files = new Set(entries.filter((entry) => entry.isFile()).map((entry) => entry.name));
      if (files.has(DATASET_FILE)) found.datasets.push(folder);
      if (files.has(RUN_FILE)) found.runs.push(folder);
      if (files.has(CARD_FILE)) found.models.push(folder);
      for (const entry of entries) {
        const hidden = entry.name.startsWith('.');
        if (entry.isDirectory() && !hidden && !passedOver.has(entry.name))
          next.push(join(folder, entry.name));
      }
    }
    budget -= level.length;
    level = next;
  }
  found.datasets.sort();
  found.runs.sort();
  found.models.sort();
  return found;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
