/** The workspace that `npm start` opens, and the folders in it that the main job makes. */
import { cp, mkdir, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readDatasetFile } from '../../src/folders/dataset-folder';
import { DATASET_FILE } from '../../src/protocol/dataset-file';
import { inProject } from '../lib/project';

export interface Workspace {
  folder: string;
  photographs: string;
  dataset: string;
  /** A run folder that does not exist yet. */
  run: string;
}

/** Makes the folder if it is missing and puts the sample photographs into it, once. */
export async function prepareWorkspace(folder: string): Promise<Workspace> {
  const photographs = join(folder, 'photographs');
  await mkdir(join(folder, 'runs'), { recursive: true });
  if (!existsSync(photographs)) {
    await cp(inProject('media', 'samples'), photographs, { recursive: true });
  }
  const dataset = join(folder, 'datasets', 'photographs-x4');
  return { folder, photographs, dataset, run: await nextRun(join(folder, 'runs')) };
}

/** `runs/quick-1`, or the number after the highest that is there. */
async function nextRun(runs: string): Promise<string> {
  const numbers = (await readdir(runs)).map((name) => Number(/^quick-(\d+)$/.exec(name)?.[1] ?? 0));
  return join(runs, `quick-${Math.max(0, ...numbers) + 1}`);
}

/** Whether the data set was made to its end by an earlier start. */
export async function hasDataset(workspace: Workspace): Promise<boolean> {
  if (!existsSync(join(workspace.dataset, DATASET_FILE))) return false;
  return (await readDatasetFile(workspace.dataset)).contents !== undefined;
}
