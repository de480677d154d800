/** Batch normalisation (Ioffe and Szegedy 2015) over all axes but the last. */
import { z } from 'zod';
import type { Shape } from '../shape';
import { channelsOf, elementCount, requireSameShape } from '../shape';
import { define } from './definition';

const epsilon = z.number().positive();

/** [c] of x; every parameter must have this shape. */
function statisticsShape(kind: string, x: Shape, parameters: Readonly<Record<string, Shape>>): Shape {
  const channels = [channelsOf(x, `${kind}: x`)];
  for (const [name, shape] of Object.entries(parameters)) {
    requireSameShape(shape, channels, `${kind}: ${name} and the channels of x`);
  }
  return channels;
}

export const normalisationOperations = {
  BatchNormTraining: define({
    meaning: 'γ·(x − mean)/√(variance + ε) + β with the mean and the biased variance of this batch.',
    inputs: ['x', 'gamma', 'beta'],
    outputs: ['y', 'mean', 'variance'],
    attributes: z.strictObject({ epsilon }),
    shapes: ([x, gamma, beta]) => {
      const channels = statisticsShape('BatchNormTraining', x, { gamma, beta });
      return [x, channels, channels];
    },
    flops: ([x]) => 6 * elementCount(x),
  }),

  BatchNormTrainingGrad: define({
    meaning: 'Gradients of BatchNormTraining’s y; mean and variance are its other two outputs.',
    inputs: ['dy', 'x', 'gamma', 'mean', 'variance'],
    outputs: ['dx', 'dgamma', 'dbeta'],
    attributes: z.strictObject({ epsilon }),
    shapes: ([dy, x, gamma, mean, variance]) => {
      requireSameShape(dy, x, 'BatchNormTrainingGrad: dy and x');
      const channels = statisticsShape('BatchNormTrainingGrad', x, { gamma, mean, variance });
      return [x, channels, channels];
    },
    flops: ([dy]) => 8 * elementCount(dy),
  }),

  BatchNormInference: define({
    meaning: 'γ·(x − mean)/√(variance + ε) + β with given statistics.',
    inputs: ['x', 'gamma', 'beta', 'mean', 'variance'],
    outputs: ['y'],
    attributes: z.strictObject({ epsilon }),
    shapes: ([x, gamma, beta, mean, variance]) => {
      statisticsShape('BatchNormInference', x, { gamma, beta, mean, variance });
      return [x];
    },
    flops: ([x]) => 2 * elementCount(x),
  }),

  MovingAverage: define({
    meaning: 'momentum·average + (1 − momentum)·value: the running statistics after a step.',
    inputs: ['average', 'value'],
    outputs: ['updated'],
    attributes: z.strictObject({ momentum: z.number().min(0).max(1) }),
    shapes: ([average, value]) => {
      requireSameShape(average, value, 'MovingAverage: average and value');
      return [average];
    },
    flops: ([average]) => 3 * elementCount(average),
  }),
};
