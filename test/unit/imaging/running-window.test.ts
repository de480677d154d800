import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { LANES, plainRunningWindow, runningWindow } from '../../../src/imaging/running-window';
import { openMemory, plainMemory, type WindowMemory } from '../../../src/imaging/window-memory';
import { lehmer } from '../../support/lehmer';

/** Weights by distance, a picture of whole numbers, and its sums by their definition: what lies outside is 0. */
const windows: readonly (readonly number[])[] = [
  [256],
  [20, 100, 18],
  [6, 5, 5, 3, 3, 3, 1, 1, 1, 1],
  [-3, 2, 2, 4],
];

function pictureOf(width: number, height: number): number[][] {
  const random = lehmer(11);
  return Array.from({ length: height }, () => Array.from({ length: LANES * width }, () => random(66_000)));
}

function sumsByDefinition(picture: number[][], weights: readonly number[]): number[][] {
  const reach = weights.length - 1;
  const about = (d: number): number => weights[Math.abs(d)]!;
  const distances = Array.from({ length: 2 * reach + 1 }, (_, k) => k - reach);
  const along = picture.map((row) =>
    row.map((_, i) => distances.reduce((sum, d) => sum + about(d) * (row[i + LANES * d] ?? 0), 0)),
  );
  return along.map((row, y) =>
    row.map((_, i) => distances.reduce((sum, d) => sum + about(d) * (along[y + d]?.[i] ?? 0), 0)),
  );
}

function sumsOf(
  open: (memory: WindowMemory) => ReturnType<typeof plainRunningWindow>,
  memory: WindowMemory,
  picture: number[][],
  reach: number,
): number[][] {
  const window = open(memory);
  const length = picture[0]!.length + LANES * reach;
  const outside = memory.row(length);
  const rows = picture.map((values) => {
    const padded = memory.row(length + LANES * (2 * reach + 1));
    padded.set(values, LANES * (2 * reach + 1));
    const sums = memory.row(length);
    window.along(padded, sums);
    return sums;
  });
  const sums = memory.row(length);
  const found: number[][] = [];
  for (let y = -reach; y < picture.length; y++) {
    window.down((offset) => rows[y + offset] ?? outside, sums);
    if (y >= 0) found.push([...sums.subarray(LANES * reach)]);
  }
  return found;
}

describe('a window that runs along', () => {
  for (const weights of windows) {
    it(`gives the sums of its definition, exactly, for the weights ${weights.join(', ')}`, () => {
      const reach = weights.length - 1;
      for (const [width, height] of [
        [1, 1],
        [7, 5],
        [24, 31],
      ] as const) {
        const picture = pictureOf(width, height);
        const expected = sumsByDefinition(picture, weights);
        const memory = openMemory(4 * LANES * (width + 3 * reach) * (height + 4));
        assert.ok(memory.isReached);
        assert.deepEqual(sumsOf(runningWindow(weights), memory, picture, reach), expected);
        const plain = (): ReturnType<typeof plainRunningWindow> => plainRunningWindow(weights);
        assert.deepEqual(sumsOf(plain, plainMemory, picture, reach), expected);
      }
    });
  }
});
