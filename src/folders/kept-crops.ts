/** The crops that a person has kept with a run. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KEPT_CROPS_FILE, keptCropsSchema, type KeptCrop } from '../protocol/kept-crops';
import { writeJsonAtomically } from './atomic-write';
import { exclusively } from './exclusively';
import { readJson } from './read-json';

/** In the order in which they were kept; none where there is no file. Throws a `LabError` if it is damaged. */
export async function readKeptCrops(run: string): Promise<KeptCrop[]> {
  const file = join(run, KEPT_CROPS_FILE);
  return existsSync(file) ? (await readJson(file, keptCropsSchema)).crops : [];
}

/** Adds a crop, in the place of one of the same image and name. Throws a `LabError` if the file is damaged or cannot be written. */
export function keepCrop(run: string, crop: KeptCrop): Promise<void> {
  return change(run, (crops) => [...crops.filter((each) => !isSame(each, crop)), crop]);
}

/** Removes the crop of that image and name. Throws as `keepCrop` does. */
export function removeCrop(run: string, crop: Pick<KeptCrop, 'image' | 'name'>): Promise<void> {
  return change(run, (crops) => crops.filter((each) => !isSame(each, crop)));
}

function isSame(a: Pick<KeptCrop, 'image' | 'name'>, b: Pick<KeptCrop, 'image' | 'name'>): boolean {
  return a.image === b.image && a.name === b.name;
}

async function change(run: string, to: (crops: readonly KeptCrop[]) => KeptCrop[]): Promise<void> {
  await exclusively(run, KEPT_CROPS_FILE, async () => {
    const crops = to(await readKeptCrops(run));
    await writeJsonAtomically(join(run, KEPT_CROPS_FILE), { format: 1, crops });
  });
}
