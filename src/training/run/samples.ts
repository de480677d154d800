/**
 * The pictures that a run leaves behind: of each validation crop bicubic and HR once, and SR at every validation, within a
 * budget of bytes.
 */
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePng } from '../../datasets/encode';
import { writePng } from '../../datasets/images';
import { removePartials, writeFileAtomically } from '../../folders/atomic-write';
import { namesIn } from '../../folders/names-in';
import { samplePaths } from '../../folders/sample-pictures';
import type { RgbImage } from '../../imaging/image';
import { stepsToDrop, type KeptStep } from './sample-budget';
import { makeSubfolder } from './subfolder';
import type { ValidationCrop } from './validation-crops';

/** Writes what SR is compared with, where it is not there yet or is of another crop. */
export async function writeReferences(run: string, crops: readonly ValidationCrop[]): Promise<void> {
  await makeSubfolder(join(run, 'samples'));
  await makeSubfolder(join(run, 'samples', 'reference'));
  await removePartials(join(run, 'samples', 'reference'));
  for (const { name, bicubic, hr } of crops) {
    const pictures: [string, RgbImage][] = [
      [samplePaths.bicubic(run, name), bicubic],
      [samplePaths.hr(run, name), hr],
    ];
    for (const [path, image] of pictures) {
      const png = await encodePng(image);
      if (!(await holds(path, png))) await writeFileAtomically(path, png);
    }
  }
}

async function holds(path: string, bytes: Buffer): Promise<boolean> {
  try {
    return bytes.equals(await readFile(path));
  } catch {
    return false;
  }
}

/** Removes the pictures of later steps, which will be made anew. */
export async function removeSamplesAfter(run: string, step: number): Promise<void> {
  for (const sampled of await sampledSteps(run)) {
    if (sampled > step) await removeStep(run, sampled);
  }
}

export interface SampleFolder {
  /** Writes the SR pictures of a step. Resolves to the earlier steps whose pictures were given up for them. */
  write(step: number, pictures: ReadonlyMap<string, RgbImage>): Promise<number[]>;
  /** Steps whose pictures are there. */
  readonly kept: number;
}

/**
 * The folder of a run's pictures, kept within `budget` bytes by giving up steps evenly. The first step, the newest one and
 * `fixed` ones stay, and so do the references, even where they alone take more.
 */
export async function openSamples(
  run: string,
  budget: number,
  fixed: ReadonlySet<number>,
): Promise<SampleFolder> {
  const otherBytes = await bytesIn(join(run, 'samples', 'reference'));
  let steps: KeptStep[] = [];
  for (const step of await sampledSteps(run)) {
    steps.push({ step, bytes: await bytesIn(samplePaths.step(run, step)) });
  }
  return {
    write: async (step, pictures) => {
      await makeSubfolder(samplePaths.step(run, step));
      for (const [name, image] of pictures) await writePng(samplePaths.sr(run, step, name), image);
      const written = { step, bytes: await bytesIn(samplePaths.step(run, step)) };
      steps = [...steps.filter((each) => each.step !== step), written];
      const dropped = stepsToDrop(steps, fixed, budget, otherBytes);
      for (const each of dropped) await removeStep(run, each);
      steps = steps.filter((each) => !dropped.includes(each.step));
      return dropped;
    },
    get kept() {
      return steps.length;
    },
  };
}

/** Ascending. */
async function sampledSteps(run: string): Promise<number[]> {
  const names = await namesIn(join(run, 'samples'));
  return names
    .flatMap((name) => {
      const sampled = /^step-(\d{6,})$/.exec(name)?.[1];
      return sampled === undefined ? [] : [Number(sampled)];
    })
    .sort((a, b) => a - b);
}

async function removeStep(run: string, step: number): Promise<void> {
  await rm(samplePaths.step(run, step), { recursive: true, force: true });
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await namesIn(folder)) {
    // A picture that somebody deletes meanwhile takes nothing.
    bytes += await stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    );
  }
  return bytes;
}
