/** Operations on the first axis: two batches as one, and apart again. */
import { z } from 'zod';
import { formatShape, requireSameShape, type Shape } from '../shape';
import { define, noAttributes, positiveInteger } from './definition';

/** The shape of so many images like those of x. */
function batchOf(images: number, x: Shape): Shape {
  return [images, ...x.slice(1)];
}

export const batchOperations = {
  BatchConcat: define({
    meaning: 'The items of a, then those of b, along the first axis.',
    inputs: ['a', 'b'],
    outputs: ['both'],
    attributes: noAttributes,
    shapes: ([a, b]) => {
      if (a.length === 0 || b.length === 0) throw new Error('BatchConcat: scalars have no first axis');
      requireSameShape(batchOf(1, a), batchOf(1, b), 'BatchConcat: items of a and of b');
      return [batchOf(a[0]! + b[0]!, a)];
    },
    flops: () => 0,
  }),

  BatchSplit: define({
    meaning: 'The first `first` items of x along its first axis, and the others: the inverse of BatchConcat.',
    inputs: ['x'],
    outputs: ['a', 'b'],
    attributes: z.strictObject({ first: positiveInteger }),
    shapes: ([x], { first }) => {
      const items = x[0] ?? 0;
      if (first >= items) throw new Error(`BatchSplit: ${formatShape(x)} cannot be split after ${first}`);
      return [batchOf(first, x), batchOf(items - first, x)];
    },
    flops: () => 0,
  }),
};
