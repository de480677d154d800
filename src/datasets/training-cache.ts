/**
 * The training cache: the pixels of all HR and LR images, decoded, one after the other in one file, so that a crop costs
 * a few short reads. It lies in the data set's folder, is made where it is missing or stale, and can be deleted at any
 * time.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { explainFileError, LabError } from '../folders/lab-error';
import { readDataset } from '../folders/dataset-folder';
import type { SplitName } from '../protocol/dataset-file';
import { buildCache } from './build-cache';
import { isIntact, layOut, type CacheEntry } from './cache-layout';
import type { WorkOptions } from './work';

export interface TrainingCache {
  readonly scale: number;
  /** The images of the split with their HR sizes. */
  readonly images: readonly { readonly name: string; readonly width: number; readonly height: number }[];
  /**
   * An aligned pair of crops, RGB interleaved. (`x`, `y`) and `side` are in LR pixels; `hr` is `side` · `scale` a side.
   * Throws a `RangeError` if the crop leaves the image, and a `LabError` if the cache was damaged meanwhile.
   */
  crop(imageIndex: number, x: number, y: number, side: number): { lr: Uint8Array; hr: Uint8Array };
  close(): void;
}

/**
 * Opens the cache of one split, making the cache first where it is missing, damaged or older than the images.
 * Throws a `LabError` if an image is missing or not the one that the data set's file describes.
 */
export async function openTrainingCache(
  datasetFolder: string,
  split: SplitName,
  options: WorkOptions = {},
): Promise<TrainingCache> {
  const file = await readDataset(datasetFolder);
  const layout = layOut(datasetFolder, file);
  if (!(await isIntact(layout))) await buildCache(datasetFolder, layout, file.scale, options);
  const wanted = layout.entries.filter(({ image }) => image.split === split);
  return new PixelFile(layout.path, file.scale, wanted);
}

/** Reads crops by position; nothing is kept in memory, since the system caches the file. */
class PixelFile implements TrainingCache {
  readonly images: TrainingCache['images'];
  private readonly descriptor: number;

  constructor(
    private readonly path: string,
    readonly scale: number,
    private readonly entries: readonly CacheEntry[],
  ) {
    this.images = entries.map(({ image: { name, width, height } }) => ({ name, width, height }));
    try {
      this.descriptor = openSync(path, 'r');
    } catch (error) {
      throw explainFileError('read', path, error);
    }
  }

  crop(imageIndex: number, x: number, y: number, side: number): { lr: Uint8Array; hr: Uint8Array } {
    const entry = this.entries[imageIndex];
    if (entry === undefined) throw new RangeError(`There is no image ${imageIndex} in this split.`);
    const { scale } = this;
    const { width, height } = entry.image;
    if (x < 0 || y < 0 || (x + side) * scale > width || (y + side) * scale > height)
      throw new RangeError(
        `A crop of ${side} at (${x}, ${y}) leaves ${entry.image.name} (${width}×${height}, ×${scale}).`,
      );
    return {
      lr: this.readSquare(entry.lr, width / scale, x, y, side),
      hr: this.readSquare(entry.hr, width, x * scale, y * scale, side * scale),
    };
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** A square of an image that begins at `offset` and is `width` pixels wide, row by row. */
  private readSquare(offset: number, width: number, x: number, y: number, side: number): Uint8Array {
    const square = new Uint8Array(side * side * 3);
    const bytes = side * 3;
    for (let row = 0; row < side; row++) {
      const position = offset + ((y + row) * width + x) * 3;
      if (readSync(this.descriptor, square, row * bytes, bytes, position) !== bytes)
        throw new LabError(
          `${this.path} was cut short while it was in use. Start again; it is then made anew.`,
        );
    }
    return square;
  }
}
