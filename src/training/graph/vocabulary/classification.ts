/** What a classifier adds to a network: global average pooling and multinomial cross-entropy, with their gradients. */
import { z } from 'zod';
import { elementCount, imageShape, matrixShape, requireSameShape, type Shape } from '../shape';
import { define, noAttributes, positiveInteger } from './definition';

const scalar: Shape = [];

export const classificationOperations = {
  SoftmaxCrossEntropy: define({
    meaning:
      'Mean over the rows of −Σ target·log softmax(logits); rows of target are distributions over the classes.',
    inputs: ['logits', 'target'],
    outputs: ['loss'],
    attributes: noAttributes,
    shapes: ([logits, target]) => {
      matrixShape(logits, 'SoftmaxCrossEntropy: logits');
      requireSameShape(target, logits, 'SoftmaxCrossEntropy: target and logits');
      return [scalar];
    },
    flops: ([logits]) => 5 * elementCount(logits),
  }),

  SoftmaxCrossEntropyGrad: define({
    meaning: 'Gradient of SoftmaxCrossEntropy for logits: dy·(softmax(logits) − target)/rows.',
    inputs: ['dy', 'logits', 'target'],
    outputs: ['dlogits'],
    attributes: noAttributes,
    shapes: ([dy, logits, target]) => {
      requireSameShape(dy, scalar, 'SoftmaxCrossEntropyGrad: dy and a scalar');
      matrixShape(logits, 'SoftmaxCrossEntropyGrad: logits');
      requireSameShape(target, logits, 'SoftmaxCrossEntropyGrad: target and logits');
      return [logits];
    },
    flops: ([, logits]) => 5 * elementCount(logits),
  }),

  GlobalAverage: define({
    meaning: 'Mean over height and width of each channel of each image: [n, h, w, c] to [n, c].',
    inputs: ['x'],
    outputs: ['mean'],
    attributes: noAttributes,
    shapes: ([x]) => {
      const { batch, channels } = imageShape(x, 'GlobalAverage: x');
      return [[batch, channels]];
    },
    flops: ([x]) => elementCount(x),
  }),

  GlobalAverageGrad: define({
    meaning: 'Gradient of GlobalAverage for x [n, height, width, c]: dy / (height·width) at every pixel.',
    inputs: ['dy'],
    outputs: ['dx'],
    attributes: z.strictObject({ height: positiveInteger, width: positiveInteger }),
    shapes: ([dy], { height, width }) => {
      const { rows, columns } = matrixShape(dy, 'GlobalAverageGrad: dy');
      return [[rows, height, width, columns]];
    },
    flops: ([dy], _outputs, { height, width }) => elementCount(dy) * height * width,
  }),
};
