/** Kernels that make rows: the bits of plain TypeScript, whatever the width. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { luma, roundPlane } from '../../../src/imaging/colour';
import { halveRows, plainHalveRows, type HalveRows } from '../../../src/imaging/halve-rows';
import { rowsOfPictures, rowsOfPlanes } from '../../../src/imaging/pair-rows';
import { pixelRows, plainPixelRows, samples } from '../../../src/imaging/pixel-rows';
import { channelsOf } from '../../../src/imaging/colour';
import { openMemory, plainMemory, type WindowMemory } from '../../../src/imaging/window-memory';
import { lehmer } from '../../support/lehmer';
import { makeImage } from '../../support/pictures';

const widths = [1, 2, 3, 4, 5, 8, 37, 130];

describe('a row of pixels', () => {
  it('has the same bits in WebAssembly and in plain TypeScript', () => {
    for (const sample of samples) {
      for (const width of widths) {
        const { data } = makeImage(width, 1, width);
        const memory = openMemory(8 * width + 64);
        assert.ok(memory.isReached);
        const held = memory.row(4 * width);
        const pixels = new Uint8Array(held.buffer, held.byteOffset, 3 * width);
        pixels.set(data);
        const [numbers, plain] = [memory.row(width), new Float64Array(width)];
        pixelRows(memory, sample)(pixels, numbers);
        plainPixelRows(sample)(data, plain);
        assert.deepEqual([...numbers], [...plain], `${sample}, ${width}`);
      }
    }
  });

  it('is that of the whole plane, without the border', () => {
    const [a, b] = [makeImage(23, 17, 1), makeImage(23, 17, 2)];
    for (const border of [0, 3]) {
      for (const sample of samples) {
        const [whole, other] = [a, b].map((image) => {
          const y = luma(image);
          const [red, green, blue] = channelsOf(image);
          return { y, grey: roundPlane(y), red: red!, green: green!, blue: blue! }[sample];
        });
        const rows = rowsOfPictures(a, b, sample, border);
        assert.deepEqual([rows.width, rows.height], [23 - 2 * border, 17 - 2 * border]);
        const memory = openMemory(1000);
        const read = rows.open(memory);
        const [rowA, rowB] = [memory.row(rows.width), memory.row(rows.width)];
        for (let y = 0; y < rows.height; y++) {
          read(y, rowA, rowB);
          const start = (y + border) * 23 + border;
          assert.deepEqual([...rowA], [...whole!.data.subarray(start, start + rows.width)]);
          assert.deepEqual([...rowB], [...other!.data.subarray(start, start + rows.width)]);
        }
      }
    }
  });

  it('is not made of pictures of different size or without anything inside the border', () => {
    const [image, other] = [makeImage(8, 6), makeImage(8, 7)];
    assert.throws(() => rowsOfPictures(image, other, 'y', 0), /8×6 and 8×7/);
    assert.throws(() => rowsOfPlanes(luma(image), luma(other)), /8×6 and 8×7/);
    assert.throws(() => rowsOfPictures(image, image, 'y', 3), /Nothing is left/);
  });
});

describe('half as many columns of two rows', () => {
  function halved(halve: HalveRows, memory: WindowMemory, width: number): number[] {
    const random = lehmer(5);
    const rows = [0, 1].map(() => {
      const row = memory.row(width);
      for (let i = 0; i < width; i++) row[i] = random(255_000) / 1000;
      return row;
    });
    const half = memory.row(width >> 1);
    halve(rows[0]!, rows[1]!, half);
    return [...half];
  }

  it('are means of four, with the same bits in WebAssembly and in plain TypeScript', () => {
    for (const width of widths) {
      const memory = openMemory(4 * width);
      assert.ok(memory.isReached);
      assert.deepEqual(
        halved(halveRows(memory), memory, width),
        halved(plainHalveRows, plainMemory, width),
        `${width}`,
      );
    }
    const half = new Float64Array(1);
    plainHalveRows(Float64Array.of(1, 2, 9), Float64Array.of(3, 8, 9), half);
    assert.equal(half[0], 3.5);
  });
});
