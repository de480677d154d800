/** The pieces of a preview: parts of an enlargement, their order, EXIF that lies, and views that stay where they are. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readExif } from '../../../src/datasets/formats/exif';
import { imresize } from '../../../src/imaging/imresize';
import { coveringAreas, imresizeArea } from '../../../src/imaging/resize-area';
import { EnlargementOrder } from '../../../src/training/upscale/enlargement-order';
import { levelsPath, shareAtEnds } from '../../../src/webviews/preview/levels';
import { inFilePixels, rescaled } from '../../../src/webviews/preview/view-scale';
import { makeImage } from '../../support/pictures';

describe('Parts of an enlargement', () => {
  it('are those of the whole, by each kernel and scale', () => {
    const image = makeImage(37, 29);
    for (const scale of [2, 3, 4, 8]) {
      for (const kernel of ['bicubic', 'lanczos3'] as const) {
        const whole = imresize(image, scale, { kernel });
        for (const area of coveringAreas(image, 16)) {
          const part = imresizeArea({ ...image, channels: 3 }, area, scale, kernel);
          assert.deepEqual([part.width, part.height], [area.width * scale, area.height * scale]);
          for (let y = 0; y < part.height; y++) {
            const from = ((area.top * scale + y) * whole.width + area.left * scale) * 3;
            const expected = whole.data.subarray(from, from + part.width * 3);
            const row = part.data.subarray(y * part.width * 3, (y + 1) * part.width * 3);
            // ×3: a sum may fall to the other side of a half by the place from which it is counted.
            const most = scale === 3 ? 1 : 0;
            assert.ok(
              row.every((value, index) => Math.abs(value - expected[index]!) <= most),
              `${kernel} ×${scale}`,
            );
          }
        }
      }
    }
  });

  it('cannot shrink', () => {
    const image = { ...makeImage(8, 8), channels: 3 };
    assert.throws(
      () => imresizeArea(image, { left: 0, top: 0, width: 4, height: 4 }, 0.5, 'bicubic'),
      /factor/,
    );
  });

  it('come in the order in which they are looked at', () => {
    const picture = { width: 40, height: 10 };
    const order = new EnlargementOrder(coveringAreas(picture, 10), picture, {
      left: 12,
      top: 0,
      width: 6,
      height: 10,
    });
    assert.equal(order.next(), 1);
    order.look({ left: 31, top: 0, width: 9, height: 10 });
    assert.equal(order.next(), 3);
    assert.deepEqual([order.next(), order.next(), order.next()], [2, 0, undefined]);
    assert.equal(order.left, 0);
  });

  it('begin in the middle of the picture where nothing of it is in sight', () => {
    const picture = { width: 50, height: 10 };
    const nowhere = { left: -80, top: 0, width: 20, height: 10 };
    assert.equal(new EnlargementOrder(coveringAreas(picture, 10), picture, nowhere).next(), 2);
  });
});

describe('EXIF', () => {
  const block = (...bytes: number[]): Uint8Array =>
    Uint8Array.from([0x49, 0x49, 42, 0, 8, 0, 0, 0, ...bytes]);

  it('is left out where it is cut short or lies about its sizes', () => {
    assert.deepEqual(readExif(new Uint8Array(0)), []);
    assert.deepEqual(readExif(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9])), []);
    // A directory of 65,535 entries, and none of them there.
    assert.deepEqual(readExif(block(0xff, 0xff)), []);
    // An artist of 4 billion letters.
    assert.deepEqual(readExif(block(1, 0, 0x3b, 0x01, 2, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)), []);
    // A software outside of the block, before an artist within it.
    const entries = [
      ...[2, 0],
      ...[0x31, 0x01, 2, 0, 9, 0, 0, 0, 0xf0, 0xff, 0, 0],
      ...[0x3b, 0x01, 2, 0, 4, 0, 0, 0, 0x41, 0x64, 0x61, 0],
    ];
    assert.deepEqual(readExif(block(...entries)), [{ name: 'Artist', value: 'Ada' }]);
  });
});

describe('The view of a preview', () => {
  it('stays where it is when the picture is enlarged, and back', () => {
    const view = { scale: 8, x: 100, y: 50 };
    assert.deepEqual(rescaled(view, 4), { scale: 2, x: 400, y: 200 });
    assert.deepEqual(rescaled(rescaled(view, 4), 1 / 4), view);
    assert.equal(rescaled(null, 4), null);
  });

  it('is told in whole pixels of the file', () => {
    const sight = { left: 5, top: 8, width: 10, height: 4 };
    assert.deepEqual(inFilePixels(sight, 4), { left: 1, top: 2, width: 3, height: 1 });
  });
});

describe('Levels', () => {
  it('are drawn within their box, also where there are none', () => {
    const counts = Array<number>(256).fill(0);
    assert.match(levelsPath(counts, 0, true), /^M0,100 L0\.5,100\.0 .* L256,100 Z$/);
    counts[3] = 4;
    assert.match(levelsPath(counts, 16, false), / 3\.5,50\.0 /);
  });

  it('tell what is clipped', () => {
    const zeros = Array<number>(256).fill(0);
    const at = (level: number, count: number) => zeros.with(level, count);
    const levels = { red: at(0, 3), green: at(255, 3), blue: at(9, 3), luma: zeros };
    assert.deepEqual(shareAtEnds(levels), { black: 1 / 3, white: 1 / 3 });
    assert.deepEqual(shareAtEnds({ red: zeros, green: zeros, blue: zeros, luma: zeros }), {
      black: 0,
      white: 0,
    });
  });
});
