/**
 * Structural similarity of Wang, Bovik, Sheikh and Simoncelli 2004: an 11×11 Gaussian window with σ = 1.5, K₁ = 0.01,
 * K₂ = 0.03, peak 255, averaged over the positions where the whole window lies in the image.
 *
 * The window is separable (gaussian-window.ts), and the index needs four filtered maps (x, y, x² + y², xy); they are
 * streamed together, rows first, through eleven rows of memory.
 */
import type { Plane } from './colour';
import { openGaussianWindow, WINDOW } from './gaussian-window';

const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** Numbers a position: x, y, x² + y², xy. */
const MAPS = 4;

/** Mean SSIM. Throws a `RangeError` if the sizes differ or a side is under 11 pixels. */
export function ssim(a: Plane, b: Plane): number {
  return meanOver(a, b, sumOfIndices);
}

/** Mean of contrast and structure alone, without luminance: a scale of MS-SSIM (ms-ssim.ts). Throws likewise. */
export function contrastStructure(a: Plane, b: Plane): number {
  return meanOver(a, b, sumOfContrastStructure);
}

/**
 * The index at every position of the window, in [−1, 1], whose mean is `ssim`: 10 columns and 10 rows fewer than the planes
 * have. Index (x, y) is that of the window about pixel (x + 5, y + 5). Throws likewise.
 */
export function ssimMap(a: Plane, b: Plane): Plane {
  const { columns, rows } = positionsIn(a);
  const data = new Float64Array(Math.max(0, columns * rows));
  forEachRow(a, b, (means, row) => {
    for (let i = 0, at = row * columns; i < means.length; i += MAPS, at++) data[at] = indexAt(means, i);
  });
  return { width: columns, height: rows, data };
}

/** The mean over all positions of what `sumOf` adds up in a row of them. */
function meanOver(a: Plane, b: Plane, sumOf: (means: Float64Array) => number): number {
  const { columns, rows } = positionsIn(a);
  let sum = 0;
  forEachRow(a, b, (means) => {
    sum += sumOf(means);
  });
  return sum / (columns * rows);
}

/** Positions at which the whole window lies in the plane. */
function positionsIn({ width, height }: Plane): { columns: number; rows: number } {
  return { columns: width - WINDOW + 1, rows: height - WINDOW + 1 };
}

/** Calls `visit` with the filtered maps of each row of positions, in order; they are its own only until it returns. */
function forEachRow(a: Plane, b: Plane, visit: (means: Float64Array, row: number) => void): void {
  const { width, height } = a;
  if (width !== b.width || height !== b.height) {
    throw new RangeError(`Sizes differ: ${width}×${height} and ${b.width}×${b.height}.`);
  }
  if (width < WINDOW || height < WINDOW) {
    throw new RangeError(`SSIM needs at least ${WINDOW}×${WINDOW} pixels; there are ${width}×${height}.`);
  }
  const { columns } = positionsIn(a);
  const window = openGaussianWindow(MAPS * width * (WINDOW + 2));
  const terms = window.row(MAPS * width);
  const means = window.row(MAPS * columns);
  const ring = Array.from({ length: WINDOW }, () => window.row(MAPS * columns));
  const rowAt = (y: number): Float64Array => ring[y % WINDOW]!;
  for (let y = 0; y < height; y++) {
    fillTerms(terms, a.data, b.data, y * width);
    window.filter((k) => ({ row: terms, start: MAPS * k }), rowAt(y));
    if (y < WINDOW - 1) continue;
    window.filter((k) => ({ row: rowAt(y - WINDOW + 1 + k), start: 0 }), means);
    visit(means, y - WINDOW + 1);
  }
}

function fillTerms(terms: Float64Array, a: Float64Array, b: Float64Array, offset: number): void {
  for (let i = 0, j = offset; i < terms.length; i += MAPS, j++) {
    const x = a[j]!;
    const y = b[j]!;
    terms[i] = x;
    terms[i + 1] = y;
    terms[i + 2] = x * x + y * y;
    terms[i + 3] = x * y;
  }
}

/** Sum of the index over one row of positions. */
function sumOfIndices(means: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < means.length; i += MAPS) sum += indexAt(means, i);
  return sum;
}

/** The index at one position (equation 13 of the paper). */
function indexAt(means: Float64Array, i: number): number {
  const meanA = means[i]!;
  const meanB = means[i + 1]!;
  const meanProduct = meanA * meanB;
  const meanSquares = meanA * meanA + meanB * meanB;
  const variances = means[i + 2]! - meanSquares;
  const covariance = means[i + 3]! - meanProduct;
  return ((2 * meanProduct + C1) * (2 * covariance + C2)) / ((meanSquares + C1) * (variances + C2));
}

/** Sum of the second factor of the index over one row of positions. */
function sumOfContrastStructure(means: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < means.length; i += MAPS) {
    const meanA = means[i]!;
    const meanB = means[i + 1]!;
    const variances = means[i + 2]! - meanA * meanA - meanB * meanB;
    const covariance = means[i + 3]! - meanA * meanB;
    sum += (2 * covariance + C2) / (variances + C2);
  }
  return sum;
}
