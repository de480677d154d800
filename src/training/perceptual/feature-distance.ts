/**
 * Zhang, Isola, Efros, Shechtman and Wang, "The unreasonable effectiveness of deep features as a perceptual metric",
 * CVPR 2018, equation 1 without the weights w: features are scaled to unit length over their channels at each position, and
 * their squared distances summed.
 */

/** Keeps a position without any feature from being divided by zero; the value of the authors' release. */
const EPSILON = 1e-10;

/** Feature maps of one image, [height, width, channels]. */
export interface FeatureMap {
  readonly width: number;
  readonly channels: number;
  readonly data: Float32Array;
}

export interface Part {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Sum over the positions of a part of the squared distance of unit features, each in [0, 2] as features are not negative. */
export function unitFeatureDistance(a: FeatureMap, b: FeatureMap, part: Part): number {
  const { width, channels } = a;
  let sum = 0;
  for (let row = part.top; row < part.bottom; row++) {
    for (let column = part.left; column < part.right; column++) {
      sum += distanceAt(a.data, b.data, (row * width + column) * channels, channels);
    }
  }
  return sum;
}

function distanceAt(a: Float32Array, b: Float32Array, from: number, channels: number): number {
  let [lengthOfA, lengthOfB] = [0, 0];
  for (let i = from; i < from + channels; i++) {
    lengthOfA += a[i]! * a[i]!;
    lengthOfB += b[i]! * b[i]!;
  }
  const scaleOfA = 1 / (Math.sqrt(lengthOfA) + EPSILON);
  const scaleOfB = 1 / (Math.sqrt(lengthOfB) + EPSILON);
  let sum = 0;
  for (let i = from; i < from + channels; i++) {
    const difference = a[i]! * scaleOfA - b[i]! * scaleOfB;
    sum += difference * difference;
  }
  return sum;
}
