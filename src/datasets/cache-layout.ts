/**
 * Where each image lies in the pixel file of the training cache. All of it follows from the data set's file, and the
 * name of the pixel file from its images: a file of that name and length is the right one, whoever made it.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, DatasetImage } from '../protocol/dataset-file';
import { hashOf } from './hash';
import { CACHE_FOLDER } from './layout';

/** One image in the pixel file: HR, then LR, RGB interleaved, each in bands (pixel-bands.ts); offsets in bytes. */
export interface CacheEntry {
  image: DatasetImage;
  hr: number;
  lr: number;
}

export interface CacheLayout {
  /** The pixel file. */
  path: string;
  /** Its length. */
  bytes: number;
  entries: CacheEntry[];
}

const prefix = 'pixels-';

/** The cache that the data set in `folder` should have. */
export function layOut(folder: string, file: Pick<Dataset, 'scale' | 'images'>): CacheLayout {
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
  const key = hashOf(JSON.stringify(['bands', file.scale, contents])).slice(0, 16);
  return { path: join(folder, CACHE_FOLDER, `${prefix}${key}.bin`), bytes, entries };
}

/** Whether a file in the cache's folder is a pixel file, of whatever images. */
export function isPixelFile(name: string): boolean {
  return name.startsWith(prefix);
}

/** Whether the pixel file is there and whole. */
export async function isIntact({ path, bytes }: CacheLayout): Promise<boolean> {
  try {
    return (await stat(path)).size === bytes;
  } catch {
    // Whatever the reason, it is made anew, and then says what is wrong.
    return false;
  }
}
