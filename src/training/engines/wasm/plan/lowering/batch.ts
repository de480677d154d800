/** Two batches as one, and apart again: items are contiguous, so whole buffers are copied. */
import { copy } from '../../kernels/elementwise';
import { at, type Lower } from './lowering';

export const lowerBatchConcat: Lower<'BatchConcat'> = ({ plan, inputs, outputs }) => {
  const [a, b, both] = [at(inputs, 0), at(inputs, 1), at(outputs, 0)];
  // In this order: copying whole vectors may touch what is behind the end.
  plan.call(copy, { result: both.buffer, x: a.buffer, count: a.count });
  plan.call(copy, { result: both.buffer.at(a.count), x: b.buffer, count: b.count });
};

export const lowerBatchSplit: Lower<'BatchSplit'> = ({ plan, inputs, outputs }) => {
  const [x, a, b] = [at(inputs, 0), at(outputs, 0), at(outputs, 1)];
  plan.call(copy, { result: a.buffer, x: x.buffer, count: a.count });
  plan.call(copy, { result: b.buffer, x: x.buffer.at(a.count), count: b.count });
};
