/** Product of two matrices: the dense layers of the discriminator. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineGradient, run } from './kernel';

/** @returns a·b, [rows, inner] times [inner, columns] */
export function matMul(a: Tensor, b: Tensor): Tensor {
  return run('MatMul', { a, b }, { transposeA: false, transposeB: false })[0];
}

// Only the untransposed product is ever differentiated: the transposed ones are its gradients.
defineGradient('MatMul', { saved: ['a', 'b'] }, (dy, { a, b }) => ({
  a: () => run('MatMul', { a: dy, b }, { transposeA: false, transposeB: true })[0],
  b: () => run('MatMul', { a, b: dy }, { transposeA: true, transposeB: false })[0],
}));
