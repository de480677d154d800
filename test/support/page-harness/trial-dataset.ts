/** A made-up data set for looking at the dataset page: real photographs, entries of every kind. */
import { join } from 'node:path';
import sharp from 'sharp';
import type { DatasetPageImage, DatasetSnapshot } from '../../../src/protocol/pages';

/** @param folder where pictures are written */
export async function trialDataset(photos: readonly string[], folder: string): Promise<DatasetSnapshot> {
  const pictures = await Promise.all(
    photos.map(async (photo, index) => {
      const [width, height] = [960, 640];
      const hr = sharp(photo).rotate().resize(width, height).removeAlpha();
      await hr
        .clone()
        .png()
        .toFile(join(folder, `dataset-${index}-hr.png`));
      await sharp(await hr.raw().toBuffer(), { raw: { width, height, channels: 3 } })
        .resize(width / 4, height / 4, { kernel: 'cubic' })
        .png()
        .toFile(join(folder, `dataset-${index}-lr.png`));
      return { width, height, hr: `files/dataset-${index}-hr.png`, lr: `files/dataset-${index}-lr.png` };
    }),
  );
  const images = Array.from({ length: 1200 }, (_, index): DatasetPageImage => {
    const picture = pictures[index % pictures.length]!;
    return {
      ...picture,
      name: `${String(index + 1).padStart(4, '0')} garden`,
      split: index % 10 === 3 ? 'validation' : 'train',
      notes: index % 7 === 2 ? ['Cropped from 963×641 to a multiple of 4.', '16 bit made 8 bit.'] : [],
    };
  });
  return {
    folder: '/home/somebody/lab/photos',
    file: {
      format: 1,
      name: 'photos',
      created: '2025-01-15T12:00:00.000Z',
      roots: ['/home/somebody/Pictures/holiday', '/home/somebody/Pictures/garden'],
      scale: 4,
      degradation: { kernel: 'bicubic', convention: 'double', antialias: true },
      validation: { share: 0.1, seed: 1 },
      omitted: [
        {
          root: 0,
          source: 'notes.png',
          reason: 'It is not an image: it looks like text. Remove it or rename it.',
        },
        {
          root: 1,
          source: 'broken/IMG_0012.jpg',
          reason: 'The file ends too early; it may be a partial copy.',
        },
        { root: 1, source: 'dot.png', reason: '1×1 is smaller than the scale (4).' },
      ],
    },
    images,
  };
}
