/** The optimiser's part of a step. */
import { z } from 'zod';
import { elementCount, requireSameShape } from '../shape';
import { define } from './definition';

const decay = z.number().min(0).lt(1);

export const optimiserOperations = {
  /**
   * With stepSize = lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ) and epsilon = ε·√(1 − β₂ᵗ), both computed on the host in double, this is
   * Adam as in Kingma and Ba 2015, algorithm 1, and as in PyTorch.
   */
  AdamUpdate: define({
    meaning: 'm ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², parameter ← parameter − stepSize·m/(√v + epsilon).',
    inputs: ['parameter', 'm', 'v', 'gradient', 'stepSize', 'epsilon'],
    outputs: ['parameter', 'm', 'v'],
    attributes: z.strictObject({ beta1: decay, beta2: decay }),
    shapes: ([parameter, m, v, gradient, stepSize, epsilon]) => {
      requireSameShape(m, parameter, 'AdamUpdate: m and parameter');
      requireSameShape(v, parameter, 'AdamUpdate: v and parameter');
      requireSameShape(gradient, parameter, 'AdamUpdate: gradient and parameter');
      requireSameShape(stepSize, [], 'AdamUpdate: stepSize and a scalar');
      requireSameShape(epsilon, [], 'AdamUpdate: epsilon and a scalar');
      return [parameter, parameter, parameter];
    },
    flops: ([parameter]) => 11 * elementCount(parameter),
  }),
};
