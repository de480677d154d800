/** Windows of an image: they cover it, stay inside it, and keep nothing that depends on what they cannot see. */
import assert from 'node:assert/strict';
import { planAxis, windowSize } from '../../../src/training/upscale/tiles';

describe('upscale: planning windows', () => {
  it('takes an image that fits as one window of its own size', () => {
    assert.deepEqual(planAxis(40, 48, 10), { length: 40, spans: [{ start: 0, from: 0, to: 40 }] });
  });

  it('covers every size exactly once, from windows inside the image, with the radius to spare', () => {
    for (const radius of [0, 3, 10]) {
      for (const maximum of [2 * radius + 1, 2 * radius + 7, 64]) {
        for (let size = 1; size < 200; size++) {
          const { length, spans } = planAxis(size, maximum, radius);
          const about = `size ${size}, maximum ${maximum}, radius ${radius}`;
          assert.ok(length <= maximum, about);
          assert.equal(spans[0]!.from, 0, about);
          assert.equal(spans.at(-1)!.to, size, about);
          spans.forEach(({ start, from, to }, index) => {
            assert.ok(start >= 0 && start + length <= size, about);
            assert.ok(to > from, about);
            if (index > 0) assert.equal(from, spans[index - 1]!.to, about);
            assert.ok(start === 0 || from - start >= radius, about);
            assert.ok(start + length === size || start + length - to >= radius, about);
          });
        }
      }
    }
  });

  it('refuses windows that are all margin', () => {
    assert.throws(() => planAxis(100, 20, 10), /no core/);
  });

  it('chooses windows with a core, and smaller ones for wider networks', () => {
    assert.ok(windowSize(4, 64, 16) < windowSize(4, 32, 16));
    assert.ok(windowSize(8, 512, 40) > 80);
  });
});
