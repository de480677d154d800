/** Losses: means over all elements, as scalars. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineGradient, run } from './kernel';

/** Mean of (prediction − target)²; differentiable for `prediction` only. */
export function meanSquaredError(prediction: Tensor, target: Tensor): Tensor {
  return run('MeanSquaredError', { prediction, target }, {})[0];
}

defineGradient('MeanSquaredError', { saved: ['prediction', 'target'] }, (dy, { prediction, target }) => ({
  prediction: () => run('MeanSquaredErrorGrad', { dy, prediction, target }, {})[0],
}));

/** Mean of −log σ(logits) for target 1, of −log(1 − σ(logits)) for target 0. */
export function sigmoidCrossEntropy(logits: Tensor, target: 0 | 1): Tensor {
  return run('SigmoidCrossEntropy', { logits }, { target })[0];
}

defineGradient('SigmoidCrossEntropy', { saved: ['logits'] }, (dy, { logits }, { target }) => ({
  logits: () => run('SigmoidCrossEntropyGrad', { dy, logits }, { target })[0],
}));

/** Mean of σ(logits), in [0, 1]. Has no gradient. */
export function sigmoidMean(logits: Tensor): Tensor {
  return run('SigmoidMean', { logits }, {})[0];
}
