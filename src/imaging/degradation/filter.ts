/**
 * Filtering with a kernel. Beyond its edges the image is mirrored without repeating the edge sample, as OpenCV's
 * `BORDER_REFLECT_101` and PyTorch's `reflect` do. Kernels here are symmetric about their middle, so that correlation
 * and convolution are one.
 */
import type { Contributions } from '../contributions';
import { openResamplingKernels } from '../resampling-kernels';
import { plainResamplingKernels } from '../resampling-passes';
import type { BlurKernel } from './blur-kernel';
import type { FloatImage } from './float-image';

/** Filters the image in its place, and returns it. Sums are in double precision. */
export function filterImage(image: FloatImage, kernel: BlurKernel): FloatImage {
  const { line, size } = kernel;
  if (size === 1) return image;
  if (line === undefined) {
    correlate(image, { rows: size, columns: size, weights: kernel.weights });
  } else {
    correlate(image, { rows: 1, columns: size, weights: line });
    correlate(image, { rows: size, columns: 1, weights: line });
  }
  return image;
}

interface Window {
  rows: number;
  columns: number;
  /** `rows` × `columns`. */
  weights: Float64Array;
}

/**
 * Weighted sums over the neighbours in a window: the vertical pass of resampling, for which every shift of a row by a
 * column of the window is a row of its own. As many rows as the window has are held, with their borders, so that those of the
 * image can be overwritten.
 */
function correlate(image: FloatImage, { rows, columns, weights }: Window): void {
  const { width, height, channels, data } = image;
  const stride = width * channels;
  const above = (rows - 1) / 2;
  const held = (width + columns - 1) * channels;
  const taps = tapsOf(weights);
  const none = tapsOf(new Float64Array());
  const kernels =
    openResamplingKernels({ columns: none, rows: taps }, channels, (rows + 2) * (held + OVERRUN)) ??
    plainResamplingKernels({ columns: none }, channels);
  const shifted = Array.from({ length: rows }, () => {
    const row = kernels.row(held + OVERRUN);
    return Array.from({ length: columns }, (_, x) => row.subarray(x * channels));
  });
  const sums = kernels.row(stride);
  const rowOf = (y: number): Float64Array => shifted[(y + above) % rows]![0]!;
  const load = (y: number): void => {
    // Below the image those above are mirrored, which are overwritten by then and still held.
    if (y >= height) rowOf(y).set(rowOf(reflect(y, height)));
    else loadRow(image, reflect(y, height), (columns - 1) / 2, rowOf(y));
  };
  for (let y = -above; y < above; y++) load(y);
  for (let y = 0; y < height; y++) {
    load(y + above);
    const rowAt = (index: number): Float64Array =>
      shifted[(y + Math.floor(index / columns)) % rows]![index % columns]!;
    kernels.combineRows(taps, 0, rowAt, sums, undefined);
    data.set(sums, y * stride);
  }
}

/** Samples behind a row that its sums may read, to no effect. */
const OVERRUN = 16;

/** The weights that are not zero, as the taps of a single output. */
function tapsOf(weights: Float64Array): Contributions {
  const indices = Int32Array.from(weights.keys()).filter((index) => weights[index] !== 0);
  return {
    starts: Int32Array.of(0, indices.length),
    indices,
    weights: Float64Array.from(indices, (index) => weights[index]!),
    span: indices.length,
  };
}

/** Copies row `y`, which lies in the image, with `border` mirrored pixels at each side. */
function loadRow({ width, channels, data }: FloatImage, y: number, border: number, row: Float64Array): void {
  const start = y * width * channels;
  row.set(data.subarray(start, start + width * channels), border * channels);
  const mirror = (x: number): void => {
    const from = start + reflect(x, width) * channels;
    for (let channel = 0; channel < channels; channel++) {
      row[(x + border) * channels + channel] = data[from + channel]!;
    }
  };
  for (let x = -border; x < 0; x++) mirror(x);
  for (let x = width; x < width + border; x++) mirror(x);
}

/** The index in [0, `length`) that stands for one beyond it: … 2 1 [0 1 2 … n−1] n−2 n−3 … */
function reflect(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const folded = ((index % period) + period) % period;
  return folded < length ? folded : period - folded;
}
