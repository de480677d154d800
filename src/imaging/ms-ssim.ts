/**
 * Multi-scale structural similarity: Wang, Simoncelli and Bovik, "Multi-scale structural similarity for image quality
 * assessment" (2003), equation 7. Contrast and structure are compared at five scales, each half as wide as the one before,
 * luminance at the last.
 */
import type { Plane } from './colour';
import { similarity, type Similarity } from './ssim';

/** Exponents of the five scales, which the paper found by asking people; they sum to 1. */
const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333] as const;

/** Eleven pixels must be left at the last scale. */
export const MS_SSIM_MINIMUM_SIDE = 11 * 2 ** (WEIGHTS.length - 1);

/**
 * At most 1. A scale whose mean is negative, as only images that are opposite have it, counts as 0: no power of it is real.
 * Throws a `RangeError` if the sizes differ or a side is under 176 pixels.
 *
 * @param full the similarity at full size, where it is known already
 */
export function msSsim(a: Plane, b: Plane, full: Similarity = similarity(a, b)): number {
  if (Math.min(a.width, a.height) < MS_SSIM_MINIMUM_SIDE) {
    throw new RangeError(
      `MS-SSIM needs at least ${MS_SSIM_MINIMUM_SIDE}×${MS_SSIM_MINIMUM_SIDE} pixels; there are ${a.width}×${a.height}.`,
    );
  }
  let product = 1;
  let [x, y, found] = [a, b, full];
  for (const [scale, weight] of WEIGHTS.entries()) {
    if (scale > 0) {
      [x, y] = [halve(x), halve(y)];
      found = similarity(x, y);
    }
    const last = scale === WEIGHTS.length - 1;
    product *= Math.max(0, last ? found.ssim : found.contrastStructure) ** weight;
  }
  return product;
}

/** Means of 2×2 pixels; an odd last row or column is left out. */
function halve({ width, height, data }: Plane): Plane {
  const [columns, rows] = [width >> 1, height >> 1];
  const half = new Float64Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const at = 2 * y * width + 2 * x;
      half[y * columns + x] = (data[at]! + data[at + 1]! + data[at + width]! + data[at + width + 1]!) / 4;
    }
  }
  return { width: columns, height: rows, data: half };
}
