/** Sums, constant factors and changes of shape. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '../graph/shape';
import { defineGradient, run } from './kernel';

/** Element-wise sum of two tensors of one shape. */
export function add(a: Tensor, b: Tensor): Tensor {
  return run('Add', { a, b }, {})[0];
}

defineGradient('Add', { saved: [] }, (dy) => ({ a: () => dy.clone(), b: () => dy.clone() }));

/** factor·x */
export function scale(x: Tensor, factor: number): Tensor {
  return run('Scale', { x }, { factor })[0];
}

defineGradient('Scale', { saved: [] }, (dy, _saved, { factor }) => ({ x: () => scale(dy, factor) }));

/** The elements of x in their order under another shape. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return run('Reshape', { x }, { shape })[0];
}

defineGradient('Reshape', { saved: ['x'] }, (dy, { x }) => ({ x: () => reshape(dy, x.shape) }));
