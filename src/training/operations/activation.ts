/** Rectifiers with a slope on the negative side, and the sigmoid. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineGradient, run } from './kernel';

/**
 * Parametric ReLU: He et al., "Delving Deep into Rectifiers", ICCV 2015.
 *
 * @param alpha slope for x ≤ 0: [1], or [c] for one a channel
 */
export function prelu(x: Tensor, alpha: Tensor): Tensor {
  return run('PRelu', { x, alpha }, {})[0];
}

defineGradient('PRelu', { saved: ['x', 'alpha'] }, (dy, { x, alpha }) => {
  const gradients = () => run('PReluGrad', { dy, x, alpha }, {});
  return { x: () => gradients()[0], alpha: () => gradients()[1] };
});

/** @param slope for x ≤ 0, fixed, in [0, 1) */
export function leakyRelu(x: Tensor, slope: number): Tensor {
  return run('LeakyRelu', { x }, { slope })[0];
}

defineGradient('LeakyRelu', { saved: [], savedOutputs: ['y'] }, (dy, { y }, { slope }) => ({
  x: () => run('LeakyReluGrad', { dy, y }, { slope })[0],
}));

export function relu(x: Tensor): Tensor {
  return leakyRelu(x, 0);
}

/** 1 / (1 + exp(−x)), in (0, 1). */
export function sigmoid(x: Tensor): Tensor {
  return run('Sigmoid', { x }, {})[0];
}

defineGradient('Sigmoid', { saved: [], savedOutputs: ['y'] }, (dy, { y }) => ({
  x: () => run('SigmoidGrad', { dy, y }, {})[0],
}));
