/** Peak signal-to-noise ratio. */
import type { Plane } from './colour';

/** dB for a peak of 255; `Infinity` for equal planes. Throws a `RangeError` if the sizes differ. */
export function psnr(a: Plane, b: Plane): number {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(`Sizes differ: ${a.width}×${a.height} and ${b.width}×${b.height}.`);
  }
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) {
    const difference = a.data[i]! - b.data[i]!;
    sum += difference * difference;
  }
  return 10 * Math.log10((255 * 255 * a.data.length) / sum);
}
