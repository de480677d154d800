/** One update of Adam: Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { run } from './kernel';

export interface AdamOperands {
  readonly parameter: Tensor;
  /** Running mean of the gradient. */
  readonly m: Tensor;
  /** Running mean of its square. */
  readonly v: Tensor;
  readonly gradient: Tensor;
  /** Scalar: learning rate with the bias correction folded in, see optimisers/adam.ts. */
  readonly stepSize: Tensor;
  /** Scalar, likewise. */
  readonly epsilon: Tensor;
}

/** The new parameter and moments. */
export function adamUpdate(
  { parameter, m, v, gradient, stepSize, epsilon }: AdamOperands,
  decay: { beta1: number; beta2: number },
): Pick<AdamOperands, 'parameter' | 'm' | 'v'> {
  const [newParameter, newM, newV] = run(
    'AdamUpdate',
    { parameter, m, v, gradient, stepSize, epsilon },
    decay,
  );
  return { parameter: newParameter, m: newM, v: newV };
}
