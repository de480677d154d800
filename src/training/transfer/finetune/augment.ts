/** Training images as they are never seen twice: moved by a few pixels, perhaps mirrored. Drawn from (seed, step) alone. */
import { randomStream } from '../../../random/random-stream';
import type { HostTensor } from '../../engines/engine';
import type { LabelledImages } from '../data/labelled-images';

export interface Augmentation {
  /** Most pixels that an image is moved by on each axis; its edge is repeated. */
  readonly shift: number;
  readonly flips: boolean;
}

/** The rows as a batch of floats in [0, 1], each augmented on its own. */
export function augmentedBatch(
  { side, pixels }: Pick<LabelledImages, 'side' | 'pixels'>,
  rows: readonly number[],
  { shift, flips }: Augmentation,
  seed: number,
  step: number,
): HostTensor {
  const random = randomStream(seed, 'transfer/augment', step);
  const data = new Float32Array(rows.length * side * side * 3);
  const clamp = (position: number): number => Math.min(side - 1, Math.max(0, position));
  rows.forEach((row, index) => {
    const [dx, dy] = [random.integer(2 * shift + 1) - shift, random.integer(2 * shift + 1) - shift];
    // Drawn even where unused, so that switching it off leaves the rest as it was.
    const flip = random.integer(2) === 1 && flips;
    for (let y = 0; y < side; y++) {
      const line = (row * side + clamp(y + dy)) * side;
      for (let x = 0; x < side; x++) {
        const from = (line + clamp((flip ? side - 1 - x : x) + dx)) * 3;
        const to = ((index * side + y) * side + x) * 3;
        for (let c = 0; c < 3; c++) data[to + c] = pixels[from + c]! / 255;
      }
    }
  });
  return { shape: [rows.length, side, side, 3], data };
}
