/**
 * SSIM as the tool of the Daala video codec computes it, which is the SSIM of the SRGAN paper. It differs from Wang's
 * (ssim.ts): the Gaussian's σ grows with the height of the image (1.5 at 256 rows), its weights are integers that sum to
 * 256, and at the borders the window is truncated and the position counts by the weight that remains.
 */
import type { Plane } from './colour';
import { rowsOfPlanes, type PairRows } from './pair-rows';
import { runningWindow, type RunningWindow } from './running-window';
import type { Band } from './scale-sums';
import { MAPS, ssimTerms } from './ssim-terms';
import { openMemory, type WindowMemory } from './window-memory';

const TOTAL = 256;

/**
 * Weighted mean of the index. The tool reads 8-bit video: the planes are of whole grey levels (`roundPlane`), whose sums are exact.
 * Throws a `RangeError` if the sizes differ.
 */
export function ssimDaala(a: Plane, b: Plane): number {
  const rows = rowsOfPlanes(a, b);
  return ssimDaalaOf(rows, [sumDaalaBand(rows, { from: 0, to: rows.height })]);
}

/** From the sums of all rows, in bands from the top. */
export function ssimDaalaOf(
  { width, height }: Pick<PairRows, 'width' | 'height'>,
  bands: readonly Float64Array[],
): number {
  let sum = 0;
  for (const rows of bands) for (const ofRow of rows) sum += ofRow;
  const kernel = kernelFor(width, height);
  const [across, down] = [weightsWithin(kernel, width), weightsWithin(kernel, height)];
  const total = (weights: Float64Array): number => weights.reduce((sum, weight) => sum + weight, 0);
  return sum / (total(across) * total(down));
}

/**
 * For each row of a band, the sum of the weighted indices. The sums of the window are exact, so that it does not matter where they
 * begin to run.
 */
export function sumDaalaBand(rows: PairRows, band: Band): Float64Array {
  const { width, height } = rows;
  const kernel = kernelFor(width, height);
  const reach = kernel.length - 1;
  // Rows that come into the window and go out of it, with the one that is just outside; what is outside the image counts as 0, in
  // the sums and in their weight, and so does what the band's first window does not reach.
  const held = 2 * reach + 2;
  const lead = 2 * reach + 1;
  const first = Math.max(0, band.from - reach);
  const memory = openMemory(MAPS * (width + 3 * reach + 1) * (held + 5));
  const read = rows.open(memory);
  const window = windowOf(kernel)(memory);
  const similarity = ssimTerms(memory);
  const [rowA, rowB] = [memory.row(width), memory.row(width)];
  const terms = memory.row(MAPS * (lead + width + reach));
  const outside = memory.row(MAPS * (reach + width));
  const ring = Array.from({ length: held }, () => memory.row(MAPS * (reach + width)));
  const sums = memory.row(MAPS * (reach + width));
  const [weights, indices] = [memory.row(width), memory.row(width)];
  const across = weightsWithin(kernel, width);
  const down = weightsWithin(kernel, height);
  const rowAt = (y: number): Float64Array => (y < first || y >= height ? outside : ring[y % held]!);

  const ofRows = new Float64Array(band.to - band.from);
  for (let y = first - reach; y < band.to; y++) {
    const below = y + reach;
    if (below < height) {
      read(below, rowA, rowB);
      similarity.fill(terms, lead, rowA, rowB);
      window.along(terms, rowAt(below));
    }
    window.down((offset) => rowAt(y + offset), sums);
    if (y < band.from) continue;
    for (let x = 0; x < width; x++) weights[x] = across[x]! * down[y]!;
    similarity.compareSums(sums, reach, weights, indices);
    let sum = 0;
    for (let x = 0; x < width; x++) sum += weights[x]! * indices[x]!;
    ofRows[y - band.from] = sum;
  }
  return ofRows;
}

type OpenWindow = (memory: WindowMemory) => RunningWindow;

/** Images of a set are often equally high: the window of the last one is kept. */
let kept: { key: string; open: OpenWindow } | undefined;

function windowOf(kernel: readonly number[]): OpenWindow {
  const key = kernel.join();
  if (kept?.key !== key) kept = { key, open: runningWindow(kernel) };
  return kept.open;
}

/** The window of pictures of that size, by distance from its centre. */
function kernelFor(width: number, height: number): number[] {
  return integerGaussian((height * 1.5) / 256, Math.min(width, height));
}

/** How much of the window lies within so many pixels, at each of them. */
function weightsWithin(kernel: readonly number[], length: number): Float64Array {
  const reach = kernel.length - 1;
  return Float64Array.from({ length }, (_, at) => {
    let weight = 0;
    for (let i = Math.max(0, at - reach); i <= Math.min(length - 1, at + reach); i++) {
      weight += kernel[Math.abs(i - at)]!;
    }
    return weight;
  });
}

/**
 * By distance from the centre: rounded to integers; the centre takes what is missing to 256. Cut where a weight would round to
 * nothing.
 */
function integerGaussian(sigma: number, longest: number): number[] {
  const threshold = (Math.sqrt(0.5 * Math.PI) * sigma) / TOTAL;
  const wanted = threshold >= 1 ? 0 : Math.floor(sigma * Math.sqrt(-2 * Math.log(threshold)));
  const reach = Math.min(wanted, Math.floor((longest - 1) / 2));
  const sides = Array.from({ length: reach }, (_, i) => {
    const distance = i + 1;
    const density =
      Math.exp((-0.5 * distance * distance) / (sigma * sigma)) / (Math.sqrt(2 * Math.PI) * sigma);
    return Math.floor(TOTAL * density + 0.5);
  });
  return [TOTAL - 2 * sides.reduce((sum, weight) => sum + weight, 0), ...sides];
}
