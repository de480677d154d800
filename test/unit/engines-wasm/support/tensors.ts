/** Random tensors for tests, and how far results are from what they should be. */
import assert from 'node:assert/strict';
import { elementCount, type Shape } from '../../../../src/training/graph/shape';

/** A double-precision tensor: what references compute with. */
export interface Reference {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** mulberry32: small, and good enough to fill tensors. */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Roughly normal numbers, of single precision so that engine and reference see the same. */
export function randomTensor(shape: Shape, random: () => number, scale = 1, offset = 0): Reference {
  const data = Float64Array.from({ length: elementCount(shape) }, () =>
    Math.fround(offset + scale * (random() + random() + random() - 1.5) * 2),
  );
  return { shape, data };
}

/** ‖actual − expected‖ / ‖expected‖. */
export function relativeError(actual: Float32Array, expected: Float64Array): number {
  let [difference, norm] = [0, 0];
  expected.forEach((value, i) => {
    difference += (actual[i]! - value) ** 2;
    norm += value ** 2;
  });
  return norm === 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
}

export function assertClose(
  actual: Float32Array,
  expected: Float64Array,
  tolerance: number,
  what: string,
): void {
  assert.equal(actual.length, expected.length, `${what}: number of elements`);
  const error = relativeError(actual, expected);
  // Written so that NaN fails.
  assert.ok(error <= tolerance, `${what}: relative error ${error.toExponential(2)} > ${tolerance}`);
}
