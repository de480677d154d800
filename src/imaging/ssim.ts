/**
 * Structural similarity of Wang, Bovik, Sheikh and Simoncelli 2004: an 11×11 Gaussian window with σ = 1.5, K₁ = 0.01,
 * K₂ = 0.03, peak 255, averaged over the positions where the whole window lies in the image.
 */
import type { Plane } from './colour';
import { WINDOW } from './gaussian-window';
import { rowsOfPlanes, type PairRows } from './pair-rows';
import { sumBand, type ScaleSums } from './scale-sums';
import { numbersOfSimilarityRows, SimilarityRows } from './similarity-rows';
import { openMemory } from './window-memory';

/** Means over all positions of the window. */
export interface Similarity {
  readonly ssim: number;
  /** Of contrast and structure alone, without luminance: a scale of MS-SSIM (ms-ssim.ts). */
  readonly contrastStructure: number;
}

/** Mean SSIM. Throws a `RangeError` if the sizes differ or a side is under 11 pixels. */
export function ssim(a: Plane, b: Plane): number {
  const rows = rowsOfPlanes(a, b);
  requireRoom(rows);
  return similarityOf(a.width, sumBand(rows, { from: 0, to: a.height }, 1).scales).ssim;
}

/** Of planes of `width`, from the sums of all their rows, in bands from the top. */
export function similarityOf(width: number, bands: readonly ScaleSums[]): Similarity {
  const columns = width - WINDOW + 1;
  let [ofIndices, ofContrasts, rows] = [0, 0, 0];
  for (const { indices, contrasts } of bands) {
    for (const sum of indices) ofIndices += sum;
    for (const sum of contrasts) ofContrasts += sum;
    rows += indices.length;
  }
  const positions = columns * rows;
  return { ssim: ofIndices / positions, contrastStructure: ofContrasts / positions };
}

/**
 * The index at every position of the window, in [−1, 1], whose mean is `ssim`: 10 columns and 10 rows fewer than the planes
 * have. Index (x, y) is that of the window about pixel (x + 5, y + 5). Throws likewise.
 */
export function ssimMap(a: Plane, b: Plane): Plane {
  const rows = rowsOfPlanes(a, b);
  requireRoom(rows);
  const [columns, height] = [a.width - WINDOW + 1, a.height - WINDOW + 1];
  const data = new Float64Array(columns * height);
  const memory = openMemory(numbersOfSimilarityRows(a.width) + 2 * a.width);
  const [read, rowA, rowB] = [rows.open(memory), memory.row(a.width), memory.row(a.width)];
  const similarity = new SimilarityRows(memory, a.width);
  for (let y = 0; y < a.height; y++) {
    read(y, rowA, rowB);
    const found = similarity.take(rowA, rowB);
    if (found !== null) data.set(found.indices, (y - WINDOW + 1) * columns);
  }
  return { width: columns, height, data };
}

/** Throws a `RangeError` if SSIM's window does not fit into the planes. */
export function requireRoom({ width, height }: Pick<PairRows, 'width' | 'height'>): void {
  if (width >= WINDOW && height >= WINDOW) return;
  throw new RangeError(`SSIM needs at least ${WINDOW}×${WINDOW} pixels; there are ${width}×${height}.`);
}
