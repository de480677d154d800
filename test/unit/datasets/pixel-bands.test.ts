import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { bandParts, toBands } from '../../../src/datasets/pixel-bands';
import { cropImage, type RgbImage } from '../../../src/imaging/image';
import { lehmer } from '../../support/lehmer';
import { makeImage } from '../../support/pictures';

/** A square put together from its parts. */
function square(image: RgbImage, bands: Uint8Array, x: number, y: number, side: number): Uint8Array {
  const data = new Uint8Array(side * side * 3);
  for (const { offset, across, from, to, count } of bandParts(image, x, y, side)) {
    for (let row = 0; row < side; row++) {
      const first = offset + (row * across + from) * 3;
      data.set(bands.subarray(first, first + count * 3), (row * side + to) * 3);
    }
  }
  return data;
}

describe('bands of pixels', () => {
  it('hold every square, wherever it lies', () => {
    const random = lehmer(3);
    for (const [width, height] of [
      [1, 1],
      [64, 9],
      [65, 70],
      [200, 150],
    ] as const) {
      const image = makeImage(width, height);
      const bands = toBands(image);
      assert.equal(bands.length, image.data.length);
      for (let trial = 0; trial < 50; trial++) {
        const side = 1 + random(Math.min(width, height));
        const [x, y] = [random(width - side + 1), random(height - side + 1)];
        const found = square(image, bands, x, y, side);
        assert.deepEqual(found, cropImage(image, x, y, side, side).data, `${side} at (${x}, ${y})`);
      }
    }
  });

  it('have a square in as few parts as it meets bands', () => {
    const size = { width: 640, height: 480 };
    assert.equal(bandParts(size, 64, 5, 64).length, 1);
    assert.equal(bandParts(size, 63, 5, 66).length, 3);
  });
});
