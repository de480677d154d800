/** A page of compared images without VS Code: a photograph, what bicubic and JPEG leave of it, and what measures them there. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { ImageComparison } from '../../../src/cli/image-comparison';
import { comparisonChoiceSchema } from '../../../src/protocol/compare-images';
import type { ListedImage } from '../../../src/protocol/compare-images-page';
import type { HarnessOptions } from './server';

interface Told {
  name: string;
  payload: unknown;
}

/** Copies of one photograph under these names, in `files`. */
async function makePictures(photo: string, files: string): Promise<string[]> {
  await mkdir(files, { recursive: true });
  const source = sharp(photo).resize(640, 480);
  const original = await source.clone().png().toBuffer();
  const small = await sharp(original).resize(160, 120).png().toBuffer();
  const pictures: [string, Buffer][] = [
    ['original.png', original],
    ['strong.jpg', await sharp(original).jpeg({ quality: 12 }).toBuffer()],
    ['enlarged.png', await sharp(small).resize(640, 480).png().toBuffer()],
    [
      'cut.png',
      await sharp(original).extract({ left: 0, top: 0, width: 637, height: 480 }).blur(1).toBuffer(),
    ],
    ['small.png', small],
  ];
  for (const [name, bytes] of pictures) await writeFile(join(files, name), bytes);
  return pictures.map(([name]) => name);
}

/** What the host tells of a photograph and its copies; `count` of them, or one that is gone and two. */
export async function trialImages(
  photo: string,
  files: string,
  count: number,
  state: 'whole' | 'broken' | 'restricted' = 'whole',
): Promise<Told[]> {
  const names = (await makePictures(photo, files)).slice(0, count);
  const images = names.map((name): ListedImage => ({
    id: name,
    name,
    place: `pictures/${name}`,
    image: { path: join(files, name), revision: 'file' },
  }));
  const trusted = state !== 'restricted';
  const told: Told[] = [{ name: 'images', payload: { images, trusted } }];
  for (const [index, name] of names.entries()) {
    if (state === 'broken' && index === 1) {
      const message = `/home/somebody/pictures/${name} is gone: it was deleted, moved or renamed. It is shown again as soon as it is back.`;
      told.push({ name: 'broken', payload: { id: name, message } });
      continue;
    }
    const { width, height } = await sharp(join(files, name)).metadata();
    const size = trusted ? { width, height } : null;
    told.push({ name: 'picture', payload: { id: name, version: index + 1, uri: `files/${name}`, size } });
  }
  return told;
}

const pair = z.object({ reference: z.string(), id: z.string(), choice: comparisonChoiceSchema });

/** Answers what the page asks, as its host does. */
export function trialMeasurements(files: string): NonNullable<HarnessOptions['answers']> {
  const comparison = new ImageComparison();
  const at = (id: string): string => join(files, basename(id));
  return {
    measure: (parameters) => {
      const { reference, id, choice } = pair.parse(parameters);
      return comparison.measure(at(reference), at(id), choice);
    },
    map: async (parameters) => {
      const { reference, id, choice } = pair.parse(parameters);
      const name = `map-${id}.png`;
      await comparison.map(at(reference), at(id), choice, join(files, name));
      return `files/${name}`;
    },
    enlarge: async (parameters) => {
      const { id, scale } = z.object({ id: z.string(), scale: z.number() }).parse(parameters);
      const name = `enlarged-${id}`;
      await comparison.enlarge(at(id), scale, join(files, name));
      return `files/${name}`;
    },
  };
}
