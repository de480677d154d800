/** What every SSIM is made of: four numbers a position, filtered by a window, and the index of them. */
import type { Plane } from './colour';

/** Numbers a position: x, y, x² + y², xy. */
export const MAPS = 4;

const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** Writes the numbers of row `y` of two planes into `terms`, from its index `start` on. */
export function fillTerms(terms: Float64Array, start: number, a: Plane, b: Plane, y: number): void {
  const end = start + MAPS * a.width;
  for (let i = start, j = y * a.width; i < end; i += MAPS, j++) {
    const valueA = a.data[j]!;
    const valueB = b.data[j]!;
    terms[i] = valueA;
    terms[i + 1] = valueB;
    terms[i + 2] = valueA * valueA + valueB * valueB;
    terms[i + 3] = valueA * valueB;
  }
}

/** The index of the four means at `i` (equation 13 of Wang et al. 2004); sums if `weight`, that of the window, is not 1. */
export function indexAt(means: Float64Array, i: number, weight = 1): number {
  const meanA = means[i]! / weight;
  const meanB = means[i + 1]! / weight;
  const meanProduct = meanA * meanB;
  const meanSquares = meanA * meanA + meanB * meanB;
  const variances = means[i + 2]! / weight - meanSquares;
  const covariance = means[i + 3]! / weight - meanProduct;
  return ((2 * meanProduct + C1) * (2 * covariance + C2)) / ((meanSquares + C1) * (variances + C2));
}

/** The second factor of the index, contrast and structure, without luminance. */
export function contrastStructureAt(means: Float64Array, i: number): number {
  const meanA = means[i]!;
  const meanB = means[i + 1]!;
  const variances = means[i + 2]! - meanA * meanA - meanB * meanB;
  const covariance = means[i + 3]! - meanA * meanB;
  return (2 * covariance + C2) / (variances + C2);
}
