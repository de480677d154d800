/** What the head of a classifier is made of: global average pooling and multinomial cross-entropy. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineGradient, run } from './kernel';

/** Mean over height and width: [n, h, w, c] to [n, c]. */
export function globalAverage(x: Tensor): Tensor {
  return run('GlobalAverage', { x }, {})[0];
}

defineGradient('GlobalAverage', { saved: ['x'] }, (dy, { x }) => {
  const [, height, width] = x.shape as [number, number, number, number];
  return { x: () => run('GlobalAverageGrad', { dy }, { height, width })[0] };
});

/**
 * Mean over the rows of −Σ target·log softmax(logits); differentiable for `logits` only.
 *
 * @param target [rows, classes]: one-hot labels, or any distribution over the classes
 */
export function softmaxCrossEntropy(logits: Tensor, target: Tensor): Tensor {
  return run('SoftmaxCrossEntropy', { logits, target }, {})[0];
}

defineGradient('SoftmaxCrossEntropy', { saved: ['logits', 'target'] }, (dy, { logits, target }) => ({
  logits: () => run('SoftmaxCrossEntropyGrad', { dy, logits, target }, {})[0],
}));
