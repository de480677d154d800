/** Activations and their gradients. At zero, where they have a kink, the slope is that of the negative side. */
import { z } from 'zod';
import type { Shape } from '../shape';
import { channelsOf, elementCount, formatShape, requireSameShape } from '../shape';
import { define, noAttributes } from './definition';

const slope = z.number().min(0).lt(1);

function checkSlopes(kind: string, x: Shape, alpha: Shape): void {
  const channels = channelsOf(x, `${kind}: x`);
  if (alpha.length !== 1 || (alpha[0] !== 1 && alpha[0] !== channels)) {
    throw new Error(`${kind}: alpha must be [1] or [${channels}], not ${formatShape(alpha)}`);
  }
}

export const activationOperations = {
  PRelu: define({
    meaning: 'x where x > 0, α·x elsewhere; alpha is [1] (a slope a layer) or [c] (a slope a channel).',
    inputs: ['x', 'alpha'],
    outputs: ['y'],
    attributes: noAttributes,
    shapes: ([x, alpha]) => {
      checkSlopes('PRelu', x, alpha);
      return [x];
    },
    flops: ([x]) => 2 * elementCount(x),
  }),

  PReluGrad: define({
    meaning: 'Gradients of PRelu: dx = dy where x > 0, α·dy elsewhere; dα = Σ dy·x over x ≤ 0.',
    inputs: ['dy', 'x', 'alpha'],
    outputs: ['dx', 'dalpha'],
    attributes: noAttributes,
    shapes: ([dy, x, alpha]) => {
      requireSameShape(dy, x, 'PReluGrad: dy and x');
      checkSlopes('PReluGrad', x, alpha);
      return [x, alpha];
    },
    flops: ([dy]) => 4 * elementCount(dy),
  }),

  LeakyRelu: define({
    meaning: 'x where x > 0, slope·x elsewhere; ReLU has slope 0.',
    inputs: ['x'],
    outputs: ['y'],
    attributes: z.strictObject({ slope }),
    shapes: ([x]) => [x],
    flops: ([x]) => 2 * elementCount(x),
  }),

  LeakyReluGrad: define({
    meaning: 'Gradient of LeakyRelu from its output y: dy where y > 0, slope·dy elsewhere.',
    inputs: ['dy', 'y'],
    outputs: ['dx'],
    attributes: z.strictObject({ slope }),
    shapes: ([dy, y]) => {
      requireSameShape(dy, y, 'LeakyReluGrad: dy and y');
      return [dy];
    },
    flops: ([dy]) => 2 * elementCount(dy),
  }),

  Sigmoid: define({
    meaning: '1 / (1 + exp(−x)).',
    inputs: ['x'],
    outputs: ['y'],
    attributes: noAttributes,
    shapes: ([x]) => [x],
    flops: ([x]) => 3 * elementCount(x),
  }),

  SigmoidGrad: define({
    meaning: 'Gradient of Sigmoid from its output y: dy·y·(1 − y).',
    inputs: ['dy', 'y'],
    outputs: ['dx'],
    attributes: noAttributes,
    shapes: ([dy, y]) => {
      requireSameShape(dy, y, 'SigmoidGrad: dy and y');
      return [dy];
    },
    flops: ([dy]) => 3 * elementCount(dy),
  }),
};
