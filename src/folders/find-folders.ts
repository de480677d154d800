/** Finding the lab's folders below a workspace: data sets, runs and models, by their marker files. */
import { opendir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DATASET_FILE } from '../protocol/dataset-file';
import { CARD_FILE } from '../protocol/model-card';
import { RUN_FILE } from '../protocol/run-configuration';
import { LabError } from './lab-error';

export interface LabFolders {
  datasets: string[];
  runs: string[];
  models: string[];
}

const MAX_DEPTH = 6;
/** A workspace can hold a million photographs; the lab's own folders lie where a person put them, not that deep. */
const MAX_FOLDERS = 20_000;
const markerFiles = new Set<string>([DATASET_FILE, RUN_FILE, CARD_FILE]);
const passedOver = new Set(['node_modules', 'dist', 'out', 'cache', 'samples', 'checkpoints', 'hr', 'lr']);

/** Absolute folders, sorted by path. Symbolic links are not followed, hidden folders not entered; what cannot be read is passed over. */
export async function findFolders(root: string): Promise<LabFolders> {
  const found: LabFolders = { datasets: [], runs: [], models: [] };
  let budget = MAX_FOLDERS;
  let level = [root];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0 && budget > 0; depth++) {
    const next: string[] = [];
    for (const folder of level.slice(0, budget)) {
      const { markers, folders } = await lookInto(folder);
      if (markers.has(DATASET_FILE)) found.datasets.push(folder);
      if (markers.has(RUN_FILE)) found.runs.push(folder);
      if (markers.has(CARD_FILE)) found.models.push(folder);
      next.push(...folders);
    }
    budget -= level.length;
    level = next;
  }
  found.datasets.sort();
  found.runs.sort();
  found.models.sort();
  return found;
}

/** All runs in and below the folders, each once. Throws a `LabError` where there is none. */
export async function findRuns(folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(folders.map((folder) => findFolders(resolve(folder))));
  const runs = [...new Set(found.flatMap((each) => each.runs))];
  if (runs.length === 0) {
    throw new LabError(`There is no run in ${folders.join(', ')}: no folder there has a ${RUN_FILE}.`);
  }
  return runs;
}

/** Entries that the system gives at a time: a folder of a million photographs is looked through in slices of a millisecond. */
const ENTRIES_AT_A_TIME = 512;

/** The markers in a folder, and the folders in it that may hold more. */
async function lookInto(folder: string): Promise<{ markers: Set<string>; folders: string[] }> {
  const markers = new Set<string>();
  const folders: string[] = [];
  try {
    for await (const entry of await opendir(folder, { bufferSize: ENTRIES_AT_A_TIME })) {
      const { name } = entry;
      if (entry.isFile() && markerFiles.has(name)) markers.add(name);
      if (entry.isDirectory() && !name.startsWith('.') && !passedOver.has(name))
        folders.push(join(folder, name));
    }
  } catch {
    // What cannot be read holds nothing that could be shown.
  }
  return { markers, folders };
}
