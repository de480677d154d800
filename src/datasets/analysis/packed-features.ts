/** Features of an image as numbers of 32 bits, as they are sent, kept and looked up. */
import type { Features } from '../../imaging/features/features';

/** Equally long lists. */
export interface PackedFeatures {
  readonly bits: Uint32Array;
  readonly mirroredBits: Uint32Array;
  /** x in the lower and y in the upper 16 bits; what lies further than 65,535 pixels is left out. */
  readonly places: Uint32Array;
}

const FARTHEST = 0xffff;

/** All features, or those with these indices. */
export function packFeatures(features: Features, indices?: readonly number[]): PackedFeatures {
  const { x, y } = features;
  const kept = (indices ?? [...x.keys()]).filter((at) => x[at]! <= FARTHEST && y[at]! <= FARTHEST);
  return {
    bits: Uint32Array.from(kept, (at) => features.bits[at]!),
    mirroredBits: Uint32Array.from(kept, (at) => features.mirroredBits[at]!),
    places: Uint32Array.from(kept, (at) => x[at]! + y[at]! * (FARTHEST + 1)),
  };
}

/** One after the other, to be written to a file. */
export function featureBytes({ bits, mirroredBits, places }: PackedFeatures): Uint8Array {
  const all = new Uint32Array(3 * bits.length);
  all.set(bits);
  all.set(mirroredBits, bits.length);
  all.set(places, 2 * bits.length);
  return new Uint8Array(all.buffer);
}

/** What `featureBytes` made, read again. */
export function featuresOfBytes(bytes: Uint8Array): PackedFeatures {
  const all = new Uint32Array(bytes.slice().buffer);
  const count = all.length / 3;
  return {
    bits: all.subarray(0, count),
    mirroredBits: all.subarray(count, 2 * count),
    places: all.subarray(2 * count),
  };
}
