/** Sums and means over all elements. */
import { attribute, floats, indices, one, type OperationSink } from '../operations';

const attributes = [floats, indices('Tidx'), attribute.bool('keep_dims', false)];

function reduceAll<Value>(sink: OperationSink<Value>, type: string, x: Value, rank: number): Value {
  return one(sink, type, [x, sink.integers([...Array(rank).keys()])], attributes);
}

/** Σx as a scalar. */
export function sumOfAll<Value>(sink: OperationSink<Value>, x: Value, rank: number): Value {
  return reduceAll(sink, 'Sum', x, rank);
}

/** Mean of x as a scalar. */
export function meanOfAll<Value>(sink: OperationSink<Value>, x: Value, rank: number): Value {
  return reduceAll(sink, 'Mean', x, rank);
}
