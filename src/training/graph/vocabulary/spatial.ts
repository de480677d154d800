/** Operations that move elements between space and channels, pool them or extend the border. */
import { z } from 'zod';
import { elementCount, formatShape, imageShape, requireSameShape } from '../shape';
import { define, noAttributes, positiveInteger } from './definition';

const factor = z.int().min(2);

export const spatialOperations = {
  PixelShuffle: define({
    meaning:
      'Channels to space: y[n, h·f+a, w·f+b, k] = x[n, h, w, (a·f+b)·c+k], c channels of y (TensorFlow’s depthToSpace).',
    inputs: ['x'],
    outputs: ['y'],
    attributes: z.strictObject({ factor }),
    shapes: ([x], attributes) => {
      const { batch, height, width, channels } = imageShape(x, 'PixelShuffle: x');
      const f = attributes.factor;
      if (channels % (f * f) !== 0) {
        throw new Error(`PixelShuffle: ${channels} channels are not a multiple of ${f}²`);
      }
      return [[batch, height * f, width * f, channels / (f * f)]];
    },
    flops: () => 0,
  }),

  PixelUnshuffle: define({
    meaning: 'Space to channels: the inverse of PixelShuffle, and its gradient.',
    inputs: ['x'],
    outputs: ['y'],
    attributes: z.strictObject({ factor }),
    shapes: ([x], attributes) => {
      const { batch, height, width, channels } = imageShape(x, 'PixelUnshuffle: x');
      const f = attributes.factor;
      if (height % f !== 0 || width % f !== 0) {
        throw new Error(`PixelUnshuffle: the sides of ${formatShape(x)} are not multiples of ${f}`);
      }
      return [[batch, height / f, width / f, channels * f * f]];
    },
    flops: () => 0,
  }),

  MaxPool: define({
    meaning: 'Maximum of each 2×2 window at stride 2; an odd last row or column is left out.',
    inputs: ['x'],
    outputs: ['y'],
    attributes: noAttributes,
    shapes: ([x]) => {
      const { batch, height, width, channels } = imageShape(x, 'MaxPool: x');
      if (height < 2 || width < 2) throw new Error(`MaxPool: ${formatShape(x)} is smaller than a window`);
      return [[batch, Math.floor(height / 2), Math.floor(width / 2), channels]];
    },
    flops: ([x]) => elementCount(x),
  }),

  MaxPoolGrad: define({
    meaning: 'Gradient of MaxPool: dy goes to the first maximum of each window in row-major order.',
    inputs: ['dy', 'x'],
    outputs: ['dx'],
    attributes: noAttributes,
    shapes: ([dy, x]) => {
      const { batch, height, width, channels } = imageShape(x, 'MaxPoolGrad: x');
      const pooled = [batch, Math.floor(height / 2), Math.floor(width / 2), channels];
      requireSameShape(dy, pooled, 'MaxPoolGrad: dy and the pooled x');
      return [x];
    },
    flops: ([, x]) => elementCount(x),
  }),

  MirrorPad: define({
    meaning:
      'Extends both image axes by `amount` pixels a side, mirrored with the edge pixel repeated (… 1 0 | 0 1 2 …), over and over where the image is smaller.',
    inputs: ['x'],
    outputs: ['y'],
    attributes: z.strictObject({ amount: positiveInteger }),
    shapes: ([x], { amount }) => {
      const { batch, height, width, channels } = imageShape(x, 'MirrorPad: x');
      return [[batch, height + 2 * amount, width + 2 * amount, channels]];
    },
    flops: () => 0,
  }),
};
