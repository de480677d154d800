/** A made-up data set for looking at the dataset page: real photographs, entries of every kind, as many as one likes. */
import { join } from 'node:path';
import sharp from 'sharp';
import type {
  DatasetHeader,
  DatasetPageContract,
  DatasetPageImage,
} from '../../../src/protocol/dataset-page';
import { degradationPresetNames, presetStages } from '../../../src/protocol/degradation-presets';
import { trialAnalysis } from './trial-analysis';

/** What the host posts, in order. */
export type TrialEvents = {
  [N in keyof DatasetPageContract['events']]: { name: N; payload: DatasetPageContract['events'][N] };
}[keyof DatasetPageContract['events']][];

export interface TrialOptions {
  images: number;
  complete?: boolean;
}

/** @param folder where pictures are written */
export async function trialDataset(
  photos: readonly string[],
  folder: string,
  { images: length, complete = true }: TrialOptions,
): Promise<TrialEvents> {
  const pictures = await Promise.all(photos.map((photo, index) => writePair(photo, index, folder)));
  const images = Array.from({ length }, (_, index) => trialImage(index, pictures));
  const validation = images.filter(({ split }) => split === 'validation').length;
  const header: DatasetHeader = {
    folder: '/home/somebody/lab/photos',
    name: 'photos',
    roots: ['/home/somebody/Pictures/holiday', '/home/somebody/Pictures/garden'],
    scale: 4,
    degradation: {
      kernel: 'bicubic',
      convention: 'uint8-symmetric',
      antialias: true,
      stages: presetStages(degradationPresetNames[1]).slice(0, 4),
      seed: 3,
    },
    adopted: false,
    leftOut: [{ root: 0, source: 'garden/0012.jpg' }],
    subImages: null,
    contents: complete
      ? {
          sha256: 'a'.repeat(64),
          train: images.length - validation,
          validation,
          omitted: 3,
          hrPixels: images.length * 960 * 640,
          widthRange: [640, 960],
          heightRange: [512, 768],
        }
      : null,
    hr: 'files/hr/',
    lr: 'files/lr/',
  };
  const portions = Array.from({ length: Math.ceil(length / 400) }, (_, index) => ({
    name: 'portion' as const,
    payload: {
      reading: 1,
      images: images.slice(index * 400, (index + 1) * 400),
      omitted: index === 0 ? omitted : [],
    },
  }));
  return [
    { name: 'header', payload: header },
    { name: 'analysis', payload: { result: trialAnalysis(images), current: true } },
    ...portions,
    { name: 'complete', payload: { reading: 1 } },
  ];
}

const omitted = [
  { root: 0, source: 'notes.png', reason: 'It is not an image: it looks like text. Remove it or rename it.' },
  { root: 1, source: 'broken/IMG_0012.jpg', reason: 'The file ends too early; it may be a partial copy.' },
  { root: 1, source: 'dot.png', reason: '1×1 is smaller than the scale (4).' },
];

interface Pair {
  width: number;
  height: number;
}

async function writePair(photo: string, index: number, folder: string): Promise<Pair> {
  const [width, height] = index % 3 === 1 ? [640, 768] : [960, 640];
  const hr = sharp(photo).rotate().resize(width, height).removeAlpha();
  await hr
    .clone()
    .png()
    .toFile(join(folder, `hr-${index}.png`));
  await sharp(await hr.raw().toBuffer(), { raw: { width, height, channels: 3 } })
    .resize(width / 4, height / 4, { kernel: 'cubic' })
    .png()
    .toFile(join(folder, `lr-${index}.png`));
  return { width, height };
}

/** Names end in the number of their picture, which is how the server finds it. */
function trialImage(index: number, pictures: readonly Pair[]): DatasetPageImage {
  const number = index % pictures.length;
  const wave = Math.abs(Math.sin(index * 12.9898) * 43758.5453) % 1;
  return {
    ...pictures[number]!,
    name: `garden ${String(index + 1).padStart(4, '0')}-${number}`,
    root: index % 2,
    source: `garden/${String(index + 1).padStart(4, '0')}.jpg`,
    split: index % 10 === 3 ? 'validation' : 'train',
    sha256: '0123456789abcdef'.repeat(4),
    notes: index % 7 === 2 ? ['Cropped from 963×641 to a multiple of 4.', '16 bit made 8 bit.'] : [],
    version: String(index),
    measures: {
      sharpness: 0.12 + 0.3 * wave,
      noise: 1 + 8 * wave * wave * wave,
      blockiness: 0.4 * wave ** 4,
      flatness: 0.9 * (1 - wave) ** 2,
    },
  };
}
