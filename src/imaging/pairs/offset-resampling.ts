/**
 * Resampling of one channel at places of one's own, in double precision: what `imresize` does not do, because it puts LR
 * pixels in the middle of the HR pixels that they stand for.
 */
import type { Plane } from '../colour';

export interface OffsetResampling {
  /** HR pixels an LR pixel. */
  scale: number;
  width: number;
  height: number;
  /** How far the result lies to the right and down, in LR pixels; 0, 0 is the middle. */
  shift: readonly [number, number];
  /** A function of the distance in pixels of whichever image is coarser, and half of its width. */
  kernel: (distance: number) => number;
  radius: number;
  /** Whether shrinking low-passes. */
  antialias: boolean;
}

/** Keys' cubic with a free parameter: −1/2 is MATLAB's and Pillow's, −3/4 OpenCV's and PyTorch's. */
export function cubicKernel(a: number): (distance: number) => number {
  return (distance) => {
    const x = Math.abs(distance);
    if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  };
}

/** The resampled plane, unrounded; the edge is repeated. */
export function resampleWithOffset(plane: Plane, options: OffsetResampling): Plane {
  const { width, height, shift } = options;
  const columns = taps(plane.width, width, shift[0], options);
  const rows = taps(plane.height, height, shift[1], options);
  const narrow = new Float64Array(width * plane.height);
  for (let y = 0; y < plane.height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let tap = x * columns.count; tap < (x + 1) * columns.count; tap++)
        sum += columns.weights[tap]! * plane.data[y * plane.width + columns.indices[tap]!]!;
      narrow[y * width + x] = sum;
    }
  }
  const data = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let tap = y * rows.count; tap < (y + 1) * rows.count; tap++) {
      const weight = rows.weights[tap]!;
      const from = rows.indices[tap]! * width;
      if (weight === 0) continue;
      for (let x = 0; x < width; x++) data[y * width + x]! += weight * narrow[from + x]!;
    }
  }
  return { width, height, data };
}

/** As many taps for each output as the kernel reaches. */
function taps(
  inputLength: number,
  outputLength: number,
  shift: number,
  { scale, kernel, radius, antialias }: OffsetResampling,
): { count: number; indices: Int32Array; weights: Float64Array } {
  const stretch = antialias ? Math.max(1, scale) : 1;
  const reach = radius * stretch;
  const count = Math.ceil(2 * reach) + 1;
  const indices = new Int32Array(outputLength * count);
  const weights = new Float64Array(outputLength * count);
  for (let output = 0; output < outputLength; output++) {
    const centre = (output + 0.5 - shift) * scale - 0.5;
    const first = Math.ceil(centre - reach);
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = kernel((first + tap - centre) / stretch);
      indices[output * count + tap] = Math.min(inputLength - 1, Math.max(0, first + tap));
      weights[output * count + tap] = weight;
      sum += weight;
    }
    for (let tap = output * count; tap < (output + 1) * count; tap++) weights[tap]! /= sum;
  }
  return { count, indices, weights };
}
