/**
 * Where each image lies in the pixel file of the training cache. It follows from the data set's file alone; the index
 * beside the pixels only says for which images they were made.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { DatasetFile, DatasetImage } from '../protocol/dataset-file';
import { hashOf } from './pair';

export const PIXELS_FILE = 'pixels.bin';
export const INDEX_FILE = 'index.json';

const indexSchema = z.object({
  format: z.literal(1),
  key: z.string().describe('Hash over the sizes and hashes of all images.'),
  bytes: z.int().describe('Length of the pixel file.'),
});
export type CacheIndex = z.infer<typeof indexSchema>;

/** One image in the pixel file: HR, then LR, RGB interleaved; offsets in bytes. */
export interface CacheEntry {
  image: DatasetImage;
  hr: number;
  lr: number;
}

/** The cache that a data set should have. */
export function layOut(file: DatasetFile): { index: CacheIndex; entries: CacheEntry[] } {
  let bytes = 0;
  const entries = file.images.map((image): CacheEntry => {
    const hr = bytes;
    const lr = hr + image.width * image.height * 3;
    bytes = lr + (image.width / file.scale) * (image.height / file.scale) * 3;
    return { image, hr, lr };
  });
  const contents = file.images.map(({ width, height, hrSha256, lrSha256 }) => [
    width,
    height,
    hrSha256,
    lrSha256,
  ]);
  const key = hashOf(Buffer.from(JSON.stringify([file.scale, contents])));
  return { index: { format: 1, key, bytes }, entries };
}

/** Whether the folder `cache` holds exactly what `index` says. */
export async function isIntact(cache: string, { key, bytes }: CacheIndex): Promise<boolean> {
  try {
    const found = indexSchema.parse(JSON.parse(await readFile(join(cache, INDEX_FILE), 'utf8')));
    const { size } = await stat(join(cache, PIXELS_FILE));
    return found.key === key && found.bytes === bytes && size === bytes;
  } catch {
    // Missing, unreadable or not ours: it is made anew, and then says what is wrong.
    return false;
  }
}
