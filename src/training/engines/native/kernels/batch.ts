/** Two batches as one, and apart again. */
import type { Shape } from '../../../graph/shape';
import type { batchOperations } from '../../../graph/vocabulary/batch';
import { attribute, floats, indices, one, type OperationSink } from '../operations';
import type { KernelTable } from './kernel';

/** Tensors one after the other along an axis, the first by default. */
export function concatenate<Value>(sink: OperationSink<Value>, parts: readonly Value[], axis = 0): Value {
  if (parts.length === 1) return parts[0]!;
  const attributes = [floats, attribute.int('N', parts.length), indices('Tidx')];
  const operands = [...parts, sink.integers([axis], [])];
  return sink.add('ConcatV2', operands, attributes, 1, parts.length)[0]!;
}

/** A tensor of this shape in pieces of so many items along the first axis. */
export function splitInto<Value>(
  sink: OperationSink<Value>,
  x: Value,
  shape: Shape,
  items: readonly number[],
): Value[] {
  if (items.length === 1) return [x];
  let start = 0;
  return items.map((count) => {
    const begin = shape.map((_, axis) => (axis === 0 ? start : 0));
    start += count;
    const size = [count, ...shape.slice(1)];
    const operands = [x, sink.integers(begin), sink.integers(size)];
    return one(sink, 'Slice', operands, [floats, indices('Index')]);
  });
}

export const batchKernels: KernelTable<keyof typeof batchOperations> = {
  BatchConcat: (sink, inputs) => [concatenate(sink, inputs)],

  BatchSplit: (sink, [x], { first }, [shape]) => splitInto(sink, x!, shape!, [first, shape![0]! - first]),
};
