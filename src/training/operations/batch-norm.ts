/** Batch normalisation: Ioffe and Szegedy, "Batch Normalization", ICML 2015. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineGradient, run } from './kernel';

export interface BatchNormResult {
  /** γ·(x − mean)/√(variance + ε) + β */
  readonly y: Tensor;
  /** [c], of this batch; not differentiable. */
  readonly mean: Tensor;
  /** [c], of this batch, biased (divided by the count); not differentiable. */
  readonly variance: Tensor;
}

/** Normalises each channel of x by the statistics of this batch. The gradient goes through them. */
export function batchNormTraining(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): BatchNormResult {
  const [y, mean, variance] = run('BatchNormTraining', { x, gamma, beta }, { epsilon });
  return { y, mean, variance };
}

defineGradient(
  'BatchNormTraining',
  { saved: ['x', 'gamma'], savedOutputs: ['mean', 'variance'] },
  (dy, { x, gamma, mean, variance }, { epsilon }) => {
    const gradients = () => run('BatchNormTrainingGrad', { dy, x, gamma, mean, variance }, { epsilon });
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

/** momentum·average + (1 − momentum)·value, for running statistics. */
export function movingAverage(average: Tensor, value: Tensor, momentum: number): Tensor {
  return run('MovingAverage', { average, value }, { momentum })[0];
}
