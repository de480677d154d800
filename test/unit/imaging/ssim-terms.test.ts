import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Plane } from '../../../src/imaging/colour';
import { MAPS, plainTerms, ssimTerms, type SsimTerms } from '../../../src/imaging/ssim-terms';
import { openMemory, plainMemory, type WindowMemory } from '../../../src/imaging/window-memory';
import { lehmer } from '../../support/lehmer';

function planeOf(width: number, height: number, seed: number): Plane {
  const random = lehmer(seed);
  return { width, height, data: Float64Array.from({ length: width * height }, () => random(255_000) / 1000) };
}

/** Terms of the second row, two positions from the start, and what they compare to as means and as sums. */
function numbersOf(terms: SsimTerms, memory: WindowMemory, a: Plane, b: Plane): number[][] {
  const { width } = a;
  const row = memory.row(MAPS * (width + 2));
  const weights = memory.row(width);
  for (let x = 0; x < width; x++) weights[x] = 1 + (x % 7);
  const [indices, sums, ofSums] = [memory.row(width), memory.row(2), memory.row(width)];
  const second = ({ data }: Plane): Float64Array => {
    const held = memory.row(width);
    held.set(data.subarray(width));
    return held;
  };
  terms.fill(row, 2, second(a), second(b));
  terms.compare(row.subarray(2 * MAPS), indices, sums);
  terms.compareSums(row, 2, weights, ofSums);
  return [row, indices, sums, ofSums].map((numbers) => [...numbers]);
}

describe('the terms of SSIM', () => {
  it('have the same bits in WebAssembly and in plain TypeScript, whatever the width', () => {
    for (const width of [1, 2, 11, 64, 137]) {
      const [a, b] = [planeOf(width, 2, 1), planeOf(width, 2, 2)];
      const memory = openMemory(100 * width);
      assert.ok(memory.isReached);
      const compiled = ssimTerms(memory);
      assert.notEqual(compiled, plainTerms);
      assert.deepEqual(numbersOf(compiled, memory, a, b), numbersOf(plainTerms, plainMemory, a, b));
    }
  });
});
