/** A small labelled data set whose classes brightness alone tells apart: the first is dark, the last is light. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writePng } from '../../src/datasets/images';
import { makeImage } from './pictures';

/** Pictures of each class. */
const OF_A_CLASS = 8;
const SIDE = 30;

/** Makes `folder`, with a folder for each of the classes, which are named from dark to light. */
export async function makeLabelledPictures(folder: string, classes: readonly string[]): Promise<void> {
  for (const [label, name] of classes.entries()) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < OF_A_CLASS; i++) {
      const { data, ...size } = makeImage(SIDE, SIDE, 1 + label * OF_A_CLASS + i);
      const brightness = (240 / classes.length) * label;
      const picture = { ...size, data: data.map((value) => value / classes.length + brightness) };
      await writePng(join(folder, name, `${i}.png`), picture);
    }
  }
}
