/** Pixel shuffle, pooling and borders. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineGradient, run } from './kernel';

/**
 * Sub-pixel upscaling: Shi et al., "Real-Time Single Image and Video Super-Resolution …", CVPR 2016, with the channel
 * order of TensorFlow's depthToSpace: the c channels of a sub-pixel lie together.
 *
 * @param x [n, h, w, factor²·c]
 * @returns [n, factor·h, factor·w, c]
 */
export function pixelShuffle(x: Tensor, factor: number): Tensor {
  return run('PixelShuffle', { x }, { factor })[0];
}

defineGradient('PixelShuffle', { saved: [] }, (dy, _saved, { factor }) => ({
  x: () => run('PixelUnshuffle', { x: dy }, { factor })[0],
}));

/** Maximum of each 2×2 window; an odd last row or column is left out. */
export function maxPool(x: Tensor): Tensor {
  return run('MaxPool', { x }, {})[0];
}

defineGradient('MaxPool', { saved: ['x'] }, (dy, { x }) => ({
  x: () => run('MaxPoolGrad', { dy, x }, {})[0],
}));

/** Extends an image batch on all four sides by mirroring, edge pixels repeated. Has no gradient. */
export function mirrorPad(x: Tensor, amount: number): Tensor {
  return run('MirrorPad', { x }, { amount })[0];
}
