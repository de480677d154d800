/** Windows for a network that pools: begun on its stride, ending with the image, counting every pixel once. */
import assert from 'node:assert/strict';
import { countedRows, planWindows } from '../../../src/training/perceptual/feature-windows';

describe('feature distance: windows', () => {
  it('takes whole what fits', () => {
    assert.deepEqual(planWindows(512, 512, 25, 4), [{ start: 0, length: 512, from: 0, to: 512 }]);
  });

  it('counts every row of every layer once, far enough from what a window does not see', () => {
    for (const [radius, stride] of [
      [2, 1],
      [25, 4],
      [133, 16],
    ] as const) {
      const maximum = 4 * radius + 2 * stride + 3;
      for (let size = 1; size < 7 * maximum; size += 29) {
        const spans = planWindows(size, maximum, radius, stride);
        const what = `${size} pixels, radius ${radius}, stride ${stride}`;
        for (const { start, length, from, to } of spans) {
          assert.equal(start % stride, 0, what);
          assert.ok(length < maximum + stride, what);
          assert.ok(start + length <= size, what);
          assert.ok(start === 0 || from - start >= radius, what);
          assert.ok(start + length === size || start + length - to >= radius, what);
        }
        for (let layer = 1; layer <= stride; layer *= 2) {
          const rows = spans.flatMap((span) => {
            const { from, to } = countedRows(span, layer);
            return Array.from({ length: to - from }, (_, row) => span.start / layer + from + row);
          });
          const expected = Array.from({ length: Math.floor(size / layer) }, (_, row) => row);
          assert.deepEqual(rows, expected, what);
        }
      }
    }
  });

  it('has few lengths of windows, so that few networks are compiled', () => {
    const lengths = planWindows(6028, 512, 25, 4).map(({ length }) => length);
    assert.ok(new Set(lengths).size <= 2, lengths.join());
  });

  it('refuses windows that are all margin', () => {
    assert.throws(() => planWindows(900, 60, 30, 4), RangeError);
  });
});
