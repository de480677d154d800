/** Peak signal-to-noise ratio. */
import type { Plane } from './colour';

/** dB for a peak of 255; `Infinity` for equal planes. Throws a `RangeError` if the sizes differ. */
export function psnr(a: Plane, b: Plane): number {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(`Sizes differ: ${a.width}×${a.height} and ${b.width}×${b.height}.`);
  }
  let sum = 0;
  for (let start = 0; start < a.data.length; start += a.width) {
    const end = start + a.width;
    sum += squaredDifference(a.data.subarray(start, end), b.data.subarray(start, end));
  }
  return psnrOf(sum, a.data.length);
}

/** Of the sum of the squared differences of so many samples, which is that of the sums of rows. */
export function psnrOf(squares: number, samples: number): number {
  return 10 * Math.log10((255 * 255 * samples) / squares);
}

/** The sum over a row of two planes: of every fourth column by itself, because one sum after the other is what takes time. */
export function squaredDifference(a: Float64Array, b: Float64Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    first += square(a[i]! - b[i]!);
    second += square(a[i + 1]! - b[i + 1]!);
    third += square(a[i + 2]! - b[i + 2]!);
    fourth += square(a[i + 3]! - b[i + 3]!);
  }
  for (; i < a.length; i++) first += square(a[i]! - b[i]!);
  return first + second + (third + fourth);
}

function square(value: number): number {
  return value * value;
}
