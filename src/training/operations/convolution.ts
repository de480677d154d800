/** Two-dimensional convolution (in the field's sense: cross-correlation). */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { AttributesOf } from '../graph/operations';
import { defineGradient, run } from './kernel';

/**
 * @param x [n, h, w, in]
 * @param filter [kh, kw, in, out]
 * @returns [n, h′, w′, out]; `same` padding follows TensorFlow, h′ = ⌈h / stride⌉
 */
export function conv2d(
  x: Tensor,
  filter: Tensor,
  { stride = 1, padding = 'same' }: Partial<AttributesOf<'Conv2D'>> = {},
): Tensor {
  return run('Conv2D', { x, filter }, { stride, padding })[0];
}

defineGradient('Conv2D', { saved: ['x', 'filter'] }, (dy, { x, filter }, { stride, padding }) => ({
  x: () => run('Conv2DBackpropInput', { dy, filter }, { stride, padding, inputShape: x.shape })[0],
  filter: () => run('Conv2DBackpropFilter', { x, dy }, { stride, padding, filterShape: filter.shape })[0],
}));
