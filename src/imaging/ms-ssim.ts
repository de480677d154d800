/**
 * Multi-scale structural similarity: Wang, Simoncelli and Bovik, "Multi-scale structural similarity for image quality
 * assessment" (2003), equation 7. Contrast and structure are compared at five scales, each half as wide as the one before (means
 * of 2×2 pixels; an odd last row or column is left out), luminance at the last.
 */
import type { Plane } from './colour';
import { rowsOfPlanes } from './pair-rows';
import { sumBand } from './scale-sums';
import { similarityOf, type Similarity } from './ssim';

/** Exponents of the five scales, which the paper found by asking people; they sum to 1. */
const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333] as const;

export const MS_SSIM_SCALES = WEIGHTS.length;

/** Eleven pixels must be left at the last scale. */
export const MS_SSIM_MINIMUM_SIDE = 11 * 2 ** (MS_SSIM_SCALES - 1);

/** At most 1. Throws a `RangeError` if the sizes differ or a side is under 176 pixels. */
export function msSsim(a: Plane, b: Plane): number {
  if (Math.min(a.width, a.height) < MS_SSIM_MINIMUM_SIDE) {
    throw new RangeError(
      `MS-SSIM needs at least ${MS_SSIM_MINIMUM_SIDE}×${MS_SSIM_MINIMUM_SIDE} pixels; there are ${a.width}×${a.height}.`,
    );
  }
  const { scales } = sumBand(rowsOfPlanes(a, b), { from: 0, to: a.height }, MS_SSIM_SCALES);
  return msSsimOf(scales.map((sums, scale) => similarityOf(a.width >> scale, [sums])));
}

/**
 * Of what was found at each scale, the full one first. A scale whose mean is negative, as only images that are opposite have it,
 * counts as 0: no power of it is real.
 */
export function msSsimOf(scales: readonly Similarity[]): number {
  return WEIGHTS.reduce((product, weight, scale) => {
    const { ssim, contrastStructure } = scales[scale]!;
    const last = scale === WEIGHTS.length - 1;
    return product * Math.max(0, last ? ssim : contrastStructure) ** weight;
  }, 1);
}
