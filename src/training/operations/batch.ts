/** Two batches as one, and apart again. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineGradient, run } from './kernel';

/** The items of `a` [n, …], then those of `b` [m, …]: [n + m, …]. */
export function batchConcat(a: Tensor, b: Tensor): Tensor {
  return run('BatchConcat', { a, b }, {})[0];
}

/** The first `first` items of `x`, and the others. */
export function batchSplit(x: Tensor, first: number): [Tensor, Tensor] {
  const [a, b] = run('BatchSplit', { x }, { first });
  return [a, b];
}

defineGradient('BatchConcat', { saved: ['a'] }, (dy, { a }) => {
  const parts = () => batchSplit(dy, a.shape[0]);
  return { a: () => parts()[0], b: () => parts()[1] };
});

defineGradient('BatchSplit', { saved: [] }, (_dy, _saved, _attributes, [da, db]) => ({
  x: () => batchConcat(da!, db!),
}));
