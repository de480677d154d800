import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { gaussianWeights, gaussianWindow, WINDOW } from '../../../src/imaging/gaussian-window';
import { plainWindow, type SymmetricWindow } from '../../../src/imaging/symmetric-window';
import { openMemory, plainMemory, type WindowMemory } from '../../../src/imaging/window-memory';
import { lehmer } from '../../support/lehmer';

/** Sums down eleven rows, and across one of them, of random numbers. */
function sumsOf(window: SymmetricWindow, memory: WindowMemory, length: number): number[] {
  const random = lehmer(7);
  const rows = Array.from({ length: WINDOW }, () => {
    const row = memory.row(length);
    for (let i = 0; i < length; i++) row[i] = random(1_000_000) / 3000 - 40;
    return row;
  });
  const down = memory.row(length);
  window.filter(rows, down);
  const across = memory.row(length - 4 * (WINDOW - 1));
  const shifted = rows.map((_, k) => rows[0]!.subarray(4 * k));
  window.filter(shifted, across);
  return [...down, ...across];
}

describe('the Gaussian window of SSIM', () => {
  it('gives the same bits in WebAssembly and in plain TypeScript, whatever the length of a row', () => {
    const plain = plainWindow(gaussianWeights);
    for (const length of [41, 44, 47, 96, 1001]) {
      const memory = openMemory(13 * length);
      assert.ok(memory.isReached);
      assert.deepEqual(sumsOf(gaussianWindow(memory), memory, length), sumsOf(plain, plainMemory, length));
    }
  });

  it('leaves a constant as it is', () => {
    const memory = openMemory(100);
    const window = gaussianWindow(memory);
    const row = memory.row(60).fill(42);
    const sums = memory.row(20);
    const shifted = Array.from({ length: WINDOW }, (_, k) => row.subarray(4 * k));
    window.filter(shifted, sums);
    assert.ok(sums.every((value) => Math.abs(value - 42) < 1e-12));
  });
});
