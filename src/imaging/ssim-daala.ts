/**
 * SSIM as the tool of the Daala video codec computes it, which is the SSIM of the SRGAN paper. It differs from Wang's
 * (ssim.ts): the Gaussian's σ grows with the height of the image (1.5 at 256 rows), its weights are integers that sum to
 * 256, and at the borders the window is truncated and the position counts by the weight that remains.
 */
import type { Plane } from './colour';

const TOTAL = 256;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** Numbers a position of the moments: weight, x, y, x² + y², xy. */
const MOMENTS = 5;

/**
 * Weighted mean of the index. The tool reads 8-bit video, so published figures are those of whole grey levels
 * (`roundPlane`). Throws a `RangeError` if the sizes differ.
 */
export function ssimDaala(a: Plane, b: Plane): number {
  const { width, height } = a;
  if (width !== b.width || height !== b.height) {
    throw new RangeError(`Sizes differ: ${width}×${height} and ${b.width}×${b.height}.`);
  }
  const kernel = integerGaussian((height * 1.5) / 256, Math.min(width, height));
  const reach = (kernel.length - 1) / 2;
  const rows = Array.from({ length: height }, (_, y) => filterRow(a, b, y, kernel));
  const moments = new Float64Array(MOMENTS * width);
  let sum = 0;
  let weights = 0;
  for (let y = 0; y < height; y++) {
    moments.fill(0);
    for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) {
      const weight = kernel[row - y + reach]!;
      const means = rows[row]!;
      for (let i = 0; i < moments.length; i++) moments[i] = moments[i]! + weight * means[i]!;
    }
    for (let i = 0; i < moments.length; i += MOMENTS) {
      const weight = moments[i]!;
      sum += weight * indexAt(moments, i);
      weights += weight;
    }
  }
  return sum / weights;
}

/** Weights rounded to integers; the centre takes what is missing to 256. Cut where a weight would round to nothing. */
function integerGaussian(sigma: number, longest: number): Float64Array {
  const threshold = (Math.sqrt(0.5 * Math.PI) * sigma) / TOTAL;
  const wanted = threshold >= 1 ? 0 : Math.floor(sigma * Math.sqrt(-2 * Math.log(threshold)));
  const reach = Math.min(wanted, Math.floor((longest - 1) / 2));
  const kernel = new Float64Array(2 * reach + 1);
  let sides = 0;
  for (let distance = 1; distance <= reach; distance++) {
    const density =
      Math.exp((-0.5 * distance * distance) / (sigma * sigma)) / (Math.sqrt(2 * Math.PI) * sigma);
    const weight = Math.floor(TOTAL * density + 0.5);
    kernel[reach - distance] = weight;
    kernel[reach + distance] = weight;
    sides += 2 * weight;
  }
  kernel[reach] = TOTAL - sides;
  return kernel;
}

function filterRow(a: Plane, b: Plane, y: number, kernel: Float64Array): Float64Array {
  const { width } = a;
  const reach = (kernel.length - 1) / 2;
  const means = new Float64Array(MOMENTS * width);
  for (let x = 0; x < width; x++) {
    for (let column = Math.max(0, x - reach); column <= Math.min(width - 1, x + reach); column++) {
      const weight = kernel[column - x + reach]!;
      const valueA = a.data[y * width + column]!;
      const valueB = b.data[y * width + column]!;
      const terms = [1, valueA, valueB, valueA * valueA + valueB * valueB, valueA * valueB];
      for (let moment = 0; moment < MOMENTS; moment++) {
        means[x * MOMENTS + moment] = means[x * MOMENTS + moment]! + weight * terms[moment]!;
      }
    }
  }
  return means;
}

/** The index at one position, from sums that are not divided by their weight. */
function indexAt(moments: Float64Array, offset: number): number {
  const weight = moments[offset]!;
  const meanA = moments[offset + 1]! / weight;
  const meanB = moments[offset + 2]! / weight;
  const meanProduct = meanA * meanB;
  const meanSquares = meanA * meanA + meanB * meanB;
  const variances = moments[offset + 3]! / weight - meanSquares;
  const covariance = moments[offset + 4]! / weight - meanProduct;
  return ((2 * meanProduct + C1) * (2 * covariance + C2)) / ((meanSquares + C1) * (variances + C2));
}
