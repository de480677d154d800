/** Two batches as one, and apart again: items are contiguous, so whole arrays are copied. */
import type { PlainKernel } from './plain-kernel';

export const batchConcat: PlainKernel<'BatchConcat'> = ([a, b], [both]) => {
  both.set(a);
  both.set(b, a.length);
};

export const batchSplit: PlainKernel<'BatchSplit'> = ([x], [a, b]) => {
  a.set(x.subarray(0, a.length));
  b.set(x.subarray(a.length));
};
