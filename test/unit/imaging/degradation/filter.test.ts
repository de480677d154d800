import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { gaussianKernel, sincKernel, type BlurKernel } from '../../../../src/imaging/degradation/blur-kernel';
import { filterImage } from '../../../../src/imaging/degradation/filter';
import { toFloat, type FloatImage } from '../../../../src/imaging/degradation/float-image';
import { makeImage } from '../../../support/pictures';

/** The definition, sample by sample: neighbours beyond the edge are found by walking back and forth. */
function filterSlowly(
  { width, height, channels, data }: FloatImage,
  { size, weights }: BlurKernel,
): number[] {
  const mirror = (index: number, length: number): number => {
    let [position, direction] = [0, Math.sign(index)];
    if (length === 1) return 0;
    for (let left = Math.abs(index); left > 0; left--) {
      if (position + direction < 0 || position + direction >= length) direction = -direction;
      position += direction;
    }
    return position;
  };
  return Array.from(data, (_, i) => {
    const [x, y] = [Math.floor(i / channels) % width, Math.floor(i / channels / width)];
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      const fromX = mirror(x + (k % size) - (size - 1) / 2, width);
      const fromY = mirror(y + Math.floor(k / size) - (size - 1) / 2, height);
      sum += weights[k]! * data[(fromY * width + fromX) * channels + (i % channels)]!;
    }
    return sum;
  });
}

const kernels: Record<string, BlurKernel> = {
  'a separable kernel': gaussianKernel({
    shape: 'gaussian',
    size: 7,
    sigmaX: 1.3,
    sigmaY: 1.3,
    rotation: 0,
    beta: 1,
  }),
  'a turned Gaussian': gaussianKernel({
    shape: 'gaussian',
    size: 9,
    sigmaX: 2,
    sigmaY: 0.6,
    rotation: 40,
    beta: 1,
  }),
  'a kernel with negative weights': sincKernel(11, 1.1),
  'a kernel of one sample': sincKernel(1, 1),
};

describe('filtering', () => {
  for (const [name, kernel] of Object.entries(kernels)) {
    it(`with ${name} follows the definition, even where the kernel is larger than the image`, () => {
      for (const [width, height] of [
        [1, 1],
        [2, 3],
        [1, 9],
        [13, 4],
        [17, 12],
      ] as const) {
        const image = toFloat(makeImage(width, height, 7));
        const expected = filterSlowly(image, kernel);
        const { data, ...rest } = filterImage(image, kernel);
        assert.deepEqual(rest, { width, height, channels: 3 });
        for (const [i, value] of data.entries()) {
          assert.ok(Math.abs(value - expected[i]!) < 1e-3, `${width}×${height}: ${value}, ${expected[i]!}`);
        }
      }
    });
  }

  it('keeps a flat image flat', () => {
    const image = toFloat({ width: 30, height: 20, data: new Uint8Array(1800).fill(77) });
    for (const kernel of Object.values(kernels)) {
      assert.ok(filterImage(image, kernel).data.every((value) => Math.abs(value - 77) < 1e-4));
    }
  });
});
