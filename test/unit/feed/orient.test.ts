/** Turning and mirroring a patch. */
import assert from 'node:assert/strict';
import { orientInto } from '../../../src/training/feed/orient';

/** A 2×2 patch whose pixels are 1 2 / 3 4 in R, with G and B to be kept beside it. */
const patch = Uint8Array.from([1, 2, 3, 4].flatMap((value) => [value, value + 10, 255]));

function oriented(flip: boolean, turns: number): number[] {
  const target = new Float32Array(3 + 12);
  orientInto(target, 3, patch, 2, flip, turns);
  assert.deepEqual([...target.subarray(0, 3)], [0, 0, 0]);
  const red = [0, 1, 2, 3].map((pixel) => Math.round(target[3 + pixel * 3]! * 255));
  red.forEach((value, pixel) => {
    assert.equal(Math.round(target[4 + pixel * 3]! * 255), value + 10);
    assert.equal(target[5 + pixel * 3], 1);
  });
  return red;
}

describe('feed: orientation of a patch', () => {
  const expected: [boolean, number, number[]][] = [
    [false, 0, [1, 2, 3, 4]],
    [false, 1, [3, 1, 4, 2]],
    [false, 2, [4, 3, 2, 1]],
    [false, 3, [2, 4, 1, 3]],
    [true, 0, [2, 1, 4, 3]],
    [true, 1, [1, 3, 2, 4]],
    [true, 2, [3, 4, 1, 2]],
    [true, 3, [4, 2, 3, 1]],
  ];
  for (const [flip, turns, pixels] of expected) {
    it(`turns ${turns} quarter turns clockwise${flip ? ', then mirrors' : ''}`, () => {
      assert.deepEqual(oriented(flip, turns), pixels);
    });
  }
});
