/** Adding a bias to each channel. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineGradient, run } from './kernel';

/**
 * @param x […, c]
 * @param bias [c]
 */
export function biasAdd(x: Tensor, bias: Tensor): Tensor {
  return run('BiasAdd', { x, bias }, {})[0];
}

defineGradient('BiasAdd', { saved: [] }, (dy) => ({
  x: () => dy.clone(),
  bias: () => run('ChannelSum', { x: dy }, {})[0],
}));
