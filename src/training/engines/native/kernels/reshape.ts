/** Another shape for the same numbers. */
import type { Shape } from '../../../graph/shape';
import { floats, indices, one, type OperationSink } from '../operations';

export function reshape<Value>(sink: OperationSink<Value>, x: Value, shape: Shape): Value {
  return one(sink, 'Reshape', [x, sink.integers(shape)], [floats, indices('Tshape')]);
}
