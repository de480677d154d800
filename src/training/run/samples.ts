/** The pictures that a run leaves behind: of each validation crop bicubic and HR once, and SR at every validation. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePng } from '../../datasets/images';
import { explainFileError, hasCode } from '../../folders/lab-error';
import { samplePaths } from '../../folders/sample-pictures';
import type { RgbImage } from '../../imaging/image';
import { makeSubfolder } from './subfolder';
import type { ValidationCrop } from './validation';

/** Writes what SR is compared with, where it is not there yet. */
export async function writeReferences(run: string, crops: readonly ValidationCrop[]): Promise<void> {
  await makeSubfolder(join(run, 'samples'));
  await makeSubfolder(join(run, 'samples', 'reference'));
  for (const { name, bicubic, hr } of crops) {
    const pictures: [string, RgbImage][] = [
      [samplePaths.bicubic(run, name), bicubic],
      [samplePaths.hr(run, name), hr],
    ];
    for (const [path, image] of pictures) {
      if (!existsSync(path)) await writePng(path, image);
    }
  }
}

/** Writes the SR pictures of a step. */
export async function writeSample(
  run: string,
  step: number,
  pictures: ReadonlyMap<string, RgbImage>,
): Promise<void> {
  await makeSubfolder(samplePaths.step(run, step));
  for (const [name, image] of pictures) await writePng(samplePaths.sr(run, step, name), image);
}

/** Removes the pictures of later steps, which will be made anew. */
export async function removeSamplesAfter(run: string, step: number): Promise<void> {
  const folder = join(run, 'samples');
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw explainFileError('read', folder, error);
  }
  for (const name of names) {
    const sampled = /^step-(\d{6,})$/.exec(name)?.[1];
    if (sampled !== undefined && Number(sampled) > step) await rm(join(folder, name), { recursive: true });
  }
}
