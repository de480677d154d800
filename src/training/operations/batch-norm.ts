/** Batch normalisation: Ioffe and Szegedy, "Batch Normalization", ICML 2015. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineGradient, run } from './kernel';

export interface BatchNormResult {
  /** γ·(x − mean)/√(variance + ε) + β */
  readonly y: Tensor;
  /** [groups, c]; not differentiable. */
  readonly mean: Tensor;
  /** [groups, c], biased (divided by the count); not differentiable. */
  readonly variance: Tensor;
}

export interface BatchNormOptions {
  /** Added to variances before the root. */
  readonly epsilon: number;
  /** Equal parts of the batch, one after the other, that are normalised apart from each other. */
  readonly groups: number;
}

/** Normalises each channel of x [n, …, c] by the statistics of this batch. The gradient goes through them. */
export function batchNormTraining(
  x: Tensor,
  { gamma, beta }: Pick<BatchNormParameters, 'gamma' | 'beta'>,
  { epsilon, groups }: BatchNormOptions,
): BatchNormResult {
  const [y, mean, variance] = run('BatchNormTraining', { x, gamma, beta }, { epsilon, groups });
  return { y, mean, variance };
}

defineGradient(
  'BatchNormTraining',
  { saved: ['x', 'gamma'], savedOutputs: ['mean', 'variance'] },
  (dy, { x, gamma, mean, variance }, attributes) => {
    const gradients = () => run('BatchNormTrainingGrad', { dy, x, gamma, mean, variance }, attributes);
    return { x: () => gradients()[0], gamma: () => gradients()[1], beta: () => gradients()[2] };
  },
);

export interface BatchNormParameters {
  readonly gamma: Tensor;
  readonly beta: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** Normalises each channel of x by given statistics. Has no gradient: training uses those of the batch. */
export function batchNormInference(x: Tensor, parameters: BatchNormParameters, epsilon: number): Tensor {
  return run('BatchNormInference', { x, ...parameters }, { epsilon })[0];
}

/** momentum·average + (1 − momentum)·value for each row of `values` [groups, c] in turn: running statistics, [c]. */
export function movingAverage(average: Tensor, values: Tensor, momentum: number): Tensor {
  return run('MovingAverage', { average, values }, { momentum })[0];
}
