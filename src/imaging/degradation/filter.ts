/**
 * Filtering with a kernel. Beyond its edges the image is mirrored without repeating the edge sample, as OpenCV's
 * `BORDER_REFLECT_101` and PyTorch's `reflect` do. Kernels here are symmetric about their middle, so that correlation
 * and convolution are one.
 */
import type { BlurKernel } from './blur-kernel';
import type { FloatImage } from './float-image';

interface Tap {
  /** Row of the kernel from the top. */
  row: number;
  /** Where its samples begin in a row with borders. */
  offset: number;
  weight: number;
}

/** The filtered image, of the same size. Sums are in double precision. */
export function filterImage(image: FloatImage, kernel: BlurKernel): FloatImage {
  const { line, size } = kernel;
  if (size === 1) return image;
  const { channels } = image;
  if (line === undefined) return correlate(image, size, tapsOf(kernel.weights, size, size, channels), size);
  const lineTaps = tapsOf(line, 1, size, channels);
  const wide = correlate(image, 1, lineTaps, size);
  return correlate(wide, size, tapsOf(line, size, 1, channels), 1);
}

/** Weights that are not zero, of a kernel of `rows` × `columns`. */
function tapsOf(weights: Float64Array, rows: number, columns: number, channels: number): Tap[] {
  return Array.from({ length: rows * columns }, (_, i) => ({
    row: Math.floor(i / columns),
    offset: (i % columns) * channels,
    weight: weights[i]!,
  })).filter(({ weight }) => weight !== 0);
}

/** Weighted sums over `rows` × `columns` neighbours. Only `rows` rows of the input are held, with their borders. */
function correlate(image: FloatImage, rows: number, taps: readonly Tap[], columns: number): FloatImage {
  const { width, height, channels } = image;
  const data = new Float32Array(image.data.length);
  const above = (rows - 1) / 2;
  const stride = width * channels;
  const ring = Array.from({ length: rows }, () => new Float64Array((width + columns - 1) * channels));
  const sums = new Float64Array(stride);
  const load = (y: number): void => {
    loadRow(image, reflect(y, height), (columns - 1) / 2, ring[(y + above) % rows]!);
  };
  for (let y = -above; y < above; y++) load(y);
  for (let y = 0; y < height; y++) {
    load(y + above);
    sums.fill(0);
    let tap = 0;
    for (; tap + 4 <= taps.length; tap += 4) {
      const [a, b, c, d] = [taps[tap]!, taps[tap + 1]!, taps[tap + 2]!, taps[tap + 3]!];
      const [rowA, rowB] = [ring[(y + a.row) % rows]!, ring[(y + b.row) % rows]!];
      const [rowC, rowD] = [ring[(y + c.row) % rows]!, ring[(y + d.row) % rows]!];
      accumulate(sums, rowA, rowB, rowC, rowD, a, b, c, d);
    }
    for (; tap < taps.length; tap++) {
      const { row, offset, weight } = taps[tap]!;
      const samples = ring[(y + row) % rows]!;
      for (let i = 0; i < stride; i++) sums[i] = sums[i]! + weight * samples[i + offset]!;
    }
    data.set(sums, y * stride);
  }
  return { width, height, channels, data };
}

/** Four taps at a time, which quarters the traffic on `sums`: nearly all the time of a blur is spent here. */
function accumulate(
  sums: Float64Array,
  rowA: Float64Array,
  rowB: Float64Array,
  rowC: Float64Array,
  rowD: Float64Array,
  { offset: offsetA, weight: weightA }: Tap,
  { offset: offsetB, weight: weightB }: Tap,
  { offset: offsetC, weight: weightC }: Tap,
  { offset: offsetD, weight: weightD }: Tap,
): void {
  const { length } = sums;
  for (let i = 0; i < length; i++) {
    sums[i] =
      sums[i]! +
      weightA * rowA[i + offsetA]! +
      weightB * rowB[i + offsetB]! +
      weightC * rowC[i + offsetC]! +
      weightD * rowD[i + offsetD]!;
  }
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
