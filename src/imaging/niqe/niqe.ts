/**
 * NIQE, how far a picture's statistics are from those of good photographs, without looking at the original:
 * A. Mittal, R. Soundararajan and A. C. Bovik, "Making a 'completely blind' image quality analyzer", IEEE Signal Processing
 * Letters 20(3), 2013. Lower is better. A score means something only beside others of the same pristine model.
 *
 * Where the paper leaves a choice, the authors' release is followed: grey levels rounded to whole ones, a 7×7 window with
 * σ = 7/6, blocks of 96×96 without overlap, half size by bicubic `imresize`, products of neighbours that wrap around
 * within a block, pseudo-inverse of the mean covariance; all blocks of a picture that is scored, only sharp ones of those
 * that the pristine model is fitted on.
 */
import { luma, roundPlane, type Plane } from '../colour';
import type { RgbImage } from '../image';
import { BLOCK, blockFeatures, FEATURES } from './block-features';
import { pseudoInverse } from './symmetric-matrix';

/** A multivariate Gaussian over the features of blocks. */
export interface FeatureGaussian {
  /** `FEATURES` numbers. */
  readonly mean: Float64Array;
  /** `FEATURES`² numbers, row by row. */
  readonly covariance: Float64Array;
}

/** A picture has at least so many blocks: the spread of fewer says nothing. */
export const FEWEST_BLOCKS = 4;

/** Smallest side of a square picture that is scored, in pixels. */
export const SMALLEST_SIDE = Math.sqrt(FEWEST_BLOCKS) * BLOCK;

/** Grey levels as the release has them: weights of BT.601 over the full range, whole numbers of [0, 255]. */
export function greyLevels(image: RgbImage): Plane {
  const { width, height, data } = luma(image);
  return roundPlane({ width, height, data: data.map((value) => ((value - 16) * 255) / 219) });
}

/** Mean and covariance (over n − 1) of features. Throws a `RangeError` for fewer than two blocks. */
export function fitGaussian(blocks: readonly Float64Array[]): FeatureGaussian {
  if (blocks.length < 2) throw new RangeError(`A Gaussian is not fitted on ${blocks.length} blocks.`);
  const mean = new Float64Array(FEATURES);
  for (const features of blocks) features.forEach((value, at) => (mean[at]! += value / blocks.length));
  const covariance = new Float64Array(FEATURES * FEATURES);
  for (const features of blocks) {
    const centred = features.map((value, at) => value - mean[at]!);
    for (let row = 0; row < FEATURES; row++) {
      for (let column = 0; column < FEATURES; column++) {
        covariance[row * FEATURES + column]! += (centred[row]! * centred[column]!) / (blocks.length - 1);
      }
    }
  }
  return { mean, covariance };
}

/** √((μ₁ − μ₂)ᵀ ((Σ₁ + Σ₂) / 2)⁻¹ (μ₁ − μ₂)), equation 10 of the paper. */
export function gaussianDistance(a: FeatureGaussian, b: FeatureGaussian): number {
  const pooled = a.covariance.map((value, at) => (value + b.covariance[at]!) / 2);
  const inverse = pseudoInverse(pooled, FEATURES);
  const difference = a.mean.map((value, at) => value - b.mean[at]!);
  let sum = 0;
  for (let row = 0; row < FEATURES; row++) {
    for (let column = 0; column < FEATURES; column++)
      sum += difference[row]! * inverse[row * FEATURES + column]! * difference[column]!;
  }
  return Math.sqrt(Math.max(0, sum));
}

/** The score; `null` where fewer than `FEWEST_BLOCKS` blocks have features: too small or too flat. */
export function niqe(image: RgbImage, pristine: FeatureGaussian): number | null {
  const blocks = blockFeatures(greyLevels(image)).map(({ features }) => features);
  return blocks.length < FEWEST_BLOCKS ? null : gaussianDistance(pristine, fitGaussian(blocks));
}
