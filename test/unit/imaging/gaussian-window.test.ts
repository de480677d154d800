import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { gaussianWeights, gaussianWindow, WINDOW } from '../../../src/imaging/gaussian-window';
import { plainWindow, type SymmetricWindow } from '../../../src/imaging/symmetric-window';
import { lehmer } from '../../support/lehmer';

/** Sums down eleven rows, and across one of them, of random numbers. */
function sumsOf(window: SymmetricWindow, length: number): number[] {
  const random = lehmer(7);
  const rows = Array.from({ length: WINDOW }, () => {
    const row = window.row(length);
    for (let i = 0; i < length; i++) row[i] = random(1_000_000) / 3000 - 40;
    return row;
  });
  const down = window.row(length);
  window.filter((k) => ({ row: rows[k]!, start: 0 }), down);
  const across = window.row(length - 4 * (WINDOW - 1));
  window.filter((k) => ({ row: rows[0]!, start: 4 * k }), across);
  return [...down, ...across];
}

describe('the Gaussian window of SSIM', () => {
  it('gives the same bits in WebAssembly and in plain TypeScript, whatever the length of a row', () => {
    const plain = plainWindow(gaussianWeights);
    assert.ok(gaussianWindow(100).row(1).buffer instanceof SharedArrayBuffer);
    for (const length of [41, 44, 47, 96, 1001])
      assert.deepEqual(sumsOf(gaussianWindow(13 * length), length), sumsOf(plain, length));
  });

  it('leaves a constant as it is', () => {
    const window = gaussianWindow(100);
    const row = window.row(60).fill(42);
    const sums = window.row(20);
    window.filter((k) => ({ row, start: 4 * k }), sums);
    assert.ok(sums.every((value) => Math.abs(value - 42) < 1e-12));
  });
});
