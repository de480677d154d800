/**
 * The training cache: the pixels of all HR and LR images, decoded, in one file, in such an order that a crop costs a
 * few reads (pixel-bands.ts). It lies in the data set's folder, is made where it is missing or stale, and can be deleted at any
 * time.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { explainFileError, LabError } from '../folders/lab-error';
import { readDataset } from '../folders/dataset-folder';
import type { SplitName } from '../protocol/dataset-file';
import { buildCache } from './build-cache';
import { isIntact, layOut, type CacheEntry } from './cache-layout';
import { bandParts } from './pixel-bands';
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
  private scratch = Buffer.alloc(0);

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
    const lr = { width: width / scale, height: height / scale };
    return {
      lr: this.readSquare(entry.lr, lr, x, y, side),
      hr: this.readSquare(entry.hr, entry.image, x * scale, y * scale, side * scale),
    };
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** A square of an image of that size, which begins at `start`. */
  private readSquare(
    start: number,
    size: { readonly width: number; readonly height: number },
    x: number,
    y: number,
    side: number,
  ): Uint8Array {
    const square = new Uint8Array(side * side * 3);
    for (const { offset, across, from, to, count } of bandParts(size, x, y, side)) {
      const rows = this.read(start + offset, side * across * 3);
      for (let row = 0; row < side; row++) {
        const first = (row * across + from) * 3;
        rows.copy(square, (row * side + to) * 3, first, first + count * 3);
      }
    }
    return square;
  }

  /** Bytes of the file, until the next call. */
  private read(position: number, length: number): Buffer {
    if (this.scratch.length < length) this.scratch = Buffer.allocUnsafe(length);
    if (readSync(this.descriptor, this.scratch, 0, length, position) !== length) {
      throw new LabError(
        `${this.path} was cut short while it was in use. Start again; it is then made anew.`,
      );
    }
    return this.scratch;
  }
}
