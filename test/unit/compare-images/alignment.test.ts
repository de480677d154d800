/** How pictures of different size lie over each other, and what is said of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { alignmentWords, alignTo, isMeasured } from '../../../src/protocol/picture-alignment';

const size = { width: 1203, height: 802 };
const reference = { name: 'a.png', ...size };
const of = (width: number, height: number) => alignTo(size, { width, height });
const words = (width: number, height: number, enlarge = false) =>
  alignmentWords(reference, { name: 'b.png', width, height }, enlarge);

describe('Alignment of pictures', () => {
  it('says nothing of equal sizes', () => {
    assert.deepEqual(of(1203, 802), {
      kind: 'equal',
      scale: 1,
      cover: { width: 1203, height: 802 },
      common: { width: 1203, height: 802 },
    });
    assert.equal(words(1203, 802), null);
    assert.ok(isMeasured(of(1203, 802), false));
  });

  it('compares what both have where one was cut to a multiple of a scale', () => {
    const { kind, common } = of(1200, 800);
    assert.deepEqual([kind, common], ['cut', { width: 1200, height: 800 }]);
    assert.equal(
      words(1200, 800),
      'b.png is 3 px narrower and 2 px shorter than a.png: compared without the last 3 columns of a.png and the last 2 rows of a.png.',
    );
    assert.equal(
      words(1206, 802),
      'b.png is 3 px wider than a.png: compared without the last 3 columns of b.png.',
    );
    assert.match(words(1204, 801) ?? '', /without the last column of b\.png and the last row of a\.png\.$/);
    assert.deepEqual(of(1204, 801).common, { width: 1203, height: 801 });
    assert.ok(isMeasured(of(1196, 802), false));
    assert.equal(of(1195, 802).kind, 'other');
  });

  it('takes a picture of a whole factor for LR, whichever way its sides were rounded', () => {
    for (const [width, height] of [
      [300, 200],
      [301, 201],
      [301, 200],
    ] as const) {
      const { kind, scale, cover } = of(width, height);
      assert.deepEqual([kind, scale, cover], ['smaller', 4, { width: 4 * width, height: 4 * height }]);
    }
    assert.deepEqual(of(300, 200).common, { width: 1200, height: 800 });
    assert.deepEqual(of(301, 201).common, { width: 1203, height: 802 });
    assert.equal(isMeasured(of(300, 200), false), false);
    assert.equal(isMeasured(of(300, 200), true), true);
    assert.match(words(300, 200) ?? '', /4 times smaller.*shown as 4×4, and it is not measured, without/);
    assert.match(words(300, 200, true) ?? '', /enlarged ×4 by bicubic.*without the last 3 columns of a\.png/);
  });

  it('takes half of a small picture for LR, not for one that was cut', () => {
    const { kind, scale } = alignTo({ width: 14, height: 10 }, { width: 7, height: 5 });
    assert.deepEqual([kind, scale], ['smaller', 2]);
  });

  it('measures no picture that is larger than the reference, and says what to do', () => {
    const { kind, scale, cover, common } = of(2406, 1604);
    assert.deepEqual([kind, scale, cover, common], ['larger', 2, size, size]);
    assert.equal(isMeasured(of(2406, 1604), true), false);
    assert.match(words(2406, 1604) ?? '', /2 times larger.*Make it the reference/);
  });

  it('stretches what has the same proportions, and lays the rest over the corner', () => {
    assert.deepEqual([of(802, 535).kind, of(802, 535).cover], ['stretched', size]);
    assert.deepEqual([of(1000, 900).kind, of(1000, 900).common], ['other', { width: 1000, height: 802 }]);
    assert.match(words(802, 535) ?? '', /802×535.*1203×802.*stretched.*not measured/);
    assert.match(words(1000, 900) ?? '', /other proportions.*upper left corner.*not measured/);
    for (const [width, height] of [
      [802, 535],
      [1000, 900],
    ] as const)
      assert.equal(isMeasured(of(width, height), true), false);
  });

  it('knows pictures of a pixel', () => {
    assert.equal(alignTo({ width: 1, height: 1 }, { width: 1, height: 1 }).kind, 'equal');
    assert.equal(alignTo({ width: 8, height: 8 }, { width: 1, height: 1 }).kind, 'smaller');
  });
});
