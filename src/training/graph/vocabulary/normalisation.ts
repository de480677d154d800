/** Batch normalisation (Ioffe and Szegedy 2015) over all axes but the last. */
import { z } from 'zod';
import type { Shape } from '../shape';
import { channelsOf, elementCount, formatShape, requireSameShape } from '../shape';
import { define, positiveInteger } from './definition';

const epsilon = z.number().positive();

/** [c] of x; every parameter must have this shape. */
function channelShape(kind: string, x: Shape, parameters: Readonly<Record<string, Shape>>): Shape {
  const channels = [channelsOf(x, `${kind}: x`)];
  for (const [name, shape] of Object.entries(parameters)) {
    requireSameShape(shape, channels, `${kind}: ${name} and the channels of x`);
  }
  return channels;
}

/** [groups, c]: the statistics of each of `groups` equal parts of the batch. */
function groupShape(kind: string, x: Shape, groups: number): Shape {
  const batch = x[0]!;
  if (batch % groups !== 0) throw new Error(`${kind}: a batch of ${batch} cannot be divided into ${groups}`);
  return [groups, channelsOf(x, `${kind}: x`)];
}

export const normalisationOperations = {
  BatchNormTraining: define({
    meaning:
      'γ·(x − mean)/√(variance + ε) + β with the mean and the biased variance of the part of the batch that an image ' +
      'belongs to: `groups` equal parts, one after the other. Mean and variance are [groups, c].',
    inputs: ['x', 'gamma', 'beta'],
    outputs: ['y', 'mean', 'variance'],
    attributes: z.strictObject({ epsilon, groups: positiveInteger }),
    shapes: ([x, gamma, beta], { groups }) => {
      channelShape('BatchNormTraining', x, { gamma, beta });
      const statistics = groupShape('BatchNormTraining', x, groups);
      return [x, statistics, statistics];
    },
    flops: ([x]) => 6 * elementCount(x),
  }),

  BatchNormTrainingGrad: define({
    meaning: 'Gradients of BatchNormTraining’s y; mean and variance are its other two outputs.',
    inputs: ['dy', 'x', 'gamma', 'mean', 'variance'],
    outputs: ['dx', 'dgamma', 'dbeta'],
    attributes: z.strictObject({ epsilon, groups: positiveInteger }),
    shapes: ([dy, x, gamma, mean, variance], { groups }) => {
      requireSameShape(dy, x, 'BatchNormTrainingGrad: dy and x');
      const channels = channelShape('BatchNormTrainingGrad', x, { gamma });
      const statistics = groupShape('BatchNormTrainingGrad', x, groups);
      requireSameShape(mean, statistics, 'BatchNormTrainingGrad: mean and the groups of x');
      requireSameShape(variance, statistics, 'BatchNormTrainingGrad: variance and the groups of x');
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
      channelShape('BatchNormInference', x, { gamma, beta, mean, variance });
      return [x];
    },
    flops: ([x]) => 2 * elementCount(x),
  }),

  MovingAverage: define({
    meaning:
      'momentum·average + (1 − momentum)·value for each row of values [groups, c] in turn: running statistics after a step.',
    inputs: ['average', 'values'],
    outputs: ['updated'],
    attributes: z.strictObject({ momentum: z.number().min(0).max(1) }),
    shapes: ([average, values]) => {
      const [channels] = average;
      if (average.length !== 1 || values.length !== 2 || values[1] !== channels) {
        throw new Error(
          `MovingAverage: average ${formatShape(average)} must be [c] and values ${formatShape(values)} [groups, c]`,
        );
      }
      return [average];
    },
    flops: ([, values]) => 3 * elementCount(values),
  }),
};
