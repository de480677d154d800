/** Luma of an image smoothed twice, a strip of rows at a time, so that memory does not grow with the image. */
import type { RgbImage } from '../image';

export interface Strip {
  readonly width: number;
  /** The rows that the strip is about: `top` to `bottom`, exclusive. */
  readonly top: number;
  readonly bottom: number;
  /** The row of the image that the arrays begin with: a margin above `top` where there is one. */
  readonly firstRow: number;
  /** Luma in grey levels, smoothed to a variance of 6 pixels squared. */
  readonly smooth: Float32Array;
  /** Luma smoothed to a variance of 2 less that smoothed to 6: blobs stand out. */
  readonly difference: Float32Array;
}

/** So near to the border of an image nothing is looked for: the surroundings and the smoothing reach so far. */
export const STRIP_MARGIN = 16;

/** Smooths the rows from `top` to `bottom` and a margin about them. Values at the image's very border are not defined. */
export function smoothStrip({ width, height, data }: RgbImage, top: number, bottom: number): Strip {
  // The rows of the margin need neighbours of their own: twice two for the finer, four for the coarser smoothing.
  const firstRow = Math.max(0, top - STRIP_MARGIN - 8);
  const rows = Math.min(height, bottom + STRIP_MARGIN + 8) - firstRow;
  const luma = new Float32Array(width * rows);
  for (let at = 0, from = firstRow * width * 3; at < luma.length; at++, from += 3) {
    luma[at] = 0.299 * data[from]! + 0.587 * data[from + 1]! + 0.114 * data[from + 2]!;
  }
  const scratch = new Float32Array(luma.length);
  binomial(luma, scratch, width, 1);
  binomial(luma, scratch, width, 1);
  const smooth = luma.slice();
  binomial(smooth, scratch, width, 2);
  const difference = luma;
  for (let at = 0; at < difference.length; at++) difference[at] = difference[at]! - smooth[at]!;
  return { width, top, bottom, firstRow, smooth, difference };
}

/** By 1 4 6 4 1 in both directions, the taps `distance` apart: adds a variance of `distance`². In place. */
function binomial(data: Float32Array, scratch: Float32Array, width: number, distance: number): void {
  pass(data, scratch, distance);
  pass(scratch, data, distance * width);
}

/** Along the array: at the ends of rows it mixes neighbouring rows, where nobody looks. */
function pass(from: Float32Array, to: Float32Array, step: number): void {
  const end = from.length - 2 * step;
  for (let at = 2 * step; at < end; at++) {
    to[at] =
      0.0625 * (from[at - 2 * step]! + from[at + 2 * step]!) +
      0.25 * (from[at - step]! + from[at + step]!) +
      0.375 * from[at]!;
  }
}
