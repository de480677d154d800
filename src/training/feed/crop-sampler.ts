/**
 * Which crops a step sees. Batch k depends on the seed and on k alone, so a resumed run meets the same crops. Every
 * position of the patch in every image is equally likely: an image weighs as much as it has positions, and a training
 * set of one huge and ten small photographs is seen evenly.
 */
import { randomStream } from '../../random/random-stream';

export interface Crop {
  /** Index of the image. */
  readonly image: number;
  /** Top left corner, in LR pixels. */
  readonly x: number;
  readonly y: number;
  /** Mirrored horizontally, after turning. */
  readonly flip: boolean;
  /** Clockwise quarter turns, 0 to 3. */
  readonly turns: number;
}

export interface CropSettings {
  readonly seed: number;
  /** Crops a step. */
  readonly batch: number;
  /** Side of a crop in LR pixels. */
  readonly side: number;
  readonly flips: boolean;
  readonly quarterTurns: boolean;
}

export interface CropSampler {
  /** Indices of the images that are smaller than a crop. */
  readonly tooSmall: readonly number[];
  /** The crops of the step after `step` steps. Must not be called if all images are too small. */
  crops(step: number): Crop[];
}

/** `images` have their sizes in LR pixels. */
export function createCropSampler(
  images: readonly { width: number; height: number }[],
  settings: CropSettings,
): CropSampler {
  const positions = images.map(
    ({ width, height }) => Math.max(0, width - settings.side + 1) * Math.max(0, height - settings.side + 1),
  );
  let total = 0;
  const ends = positions.map((count) => (total += count));

  /** The first image that ends after the position, found by halving: there may be a hundred thousand. */
  const imageAt = (position: number): number => {
    let [low, high] = [0, ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (position < ends[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  const crops = (step: number): Crop[] => {
    const random = randomStream(settings.seed, 'crops', step);
    return Array.from({ length: settings.batch }, () => {
      const image = imageAt(Math.floor(random.uniform() * total));
      const { width, height } = images[image]!;
      const x = random.integer(width - settings.side + 1);
      const y = random.integer(height - settings.side + 1);
      // Drawn even where unused, so that switching one augmentation off leaves the crops as they were.
      const flip = random.integer(2) === 1;
      const turns = random.integer(4);
      return { image, x, y, flip: settings.flips && flip, turns: settings.quarterTurns ? turns : 0 };
    });
  };

  const tooSmall = positions.flatMap((count, index) => (count === 0 ? [index] : []));
  return { tooSmall, crops };
}
