/**
 * Convolutions by wide kernels to few channels, like the generator's last one: 9×9 to RGB. TensorFlow's CPU kernels fill
 * vector registers with output channels, so three of them leave most of a register empty. One column of the kernel at a
 * time, it is a convolution to (width × channels) channels, whose parts are then moved by the places of their columns and
 * added: equally many multiplications in half of the time or less. The same holds for the gradient of the filter.
 */
import type { Shape } from '../../../graph/shape';
import { attribute, floats, indices, one, type OperationAttribute, type OperationSink } from '../operations';
import { concatenate } from './batch';
import { reshape } from './reshape';

/** Fewer channels than these leave vector registers mostly empty. */
const NARROW = 8;
/** Fewer columns do not pay for moving and adding. */
const LEAST_WIDTH = 5;

/** Whether a convolution is of that kind. `filter` is [height, width, in, out]. */
export function isNarrow(filter: Shape, windows: { stride: number; padding: 'same' | 'valid' }): boolean {
  const [, width, , outputs] = filter as [number, number, number, number];
  const centred = width % 2 === 1 && windows.stride === 1 && windows.padding === 'same';
  return centred && outputs < NARROW && width >= LEAST_WIDTH;
}

/** The convolution of x by the filter, both of these shapes. `attributes` are those of a Conv2D. */
export function narrowConvolution<Value>(
  sink: OperationSink<Value>,
  [x, filter]: readonly [Value, Value],
  [xShape, filterShape]: readonly [Shape, Shape],
  attributes: readonly OperationAttribute[],
): Value {
  const [batch, height, imageWidth] = xShape as [number, number, number, number];
  const [, width, , outputs] = filterShape as [number, number, number, number];
  const columns = one(
    sink,
    'Conv2D',
    [padColumns(sink, x, width >> 1, width >> 1), columnsAsChannels(sink, filter, filterShape)],
    attributes,
  );
  const moved = Array.from({ length: width }, (_, column) => {
    const begin = sink.integers([0, 0, column, column * outputs]);
    const size = sink.integers([batch, height, imageWidth, outputs]);
    return one(sink, 'Slice', [columns, begin, size], [floats, indices('Index')]);
  });
  return sink.add('AddN', moved, [floats, attribute.int('N', width)], 1, width)[0]!;
}

/** The gradient of the filter, from x and dy. `attributes` are those of a Conv2DBackpropFilter. */
export function narrowFilterGradient<Value>(
  sink: OperationSink<Value>,
  [x, dy]: readonly [Value, Value],
  filterShape: Shape,
  attributes: readonly OperationAttribute[],
): Value {
  const [height, width, inputs, outputs] = filterShape as [number, number, number, number];
  const moved = Array.from({ length: width }, (_, column) =>
    padColumns(sink, dy, column, width - 1 - column),
  );
  const gradient = one(
    sink,
    'Conv2DBackpropFilter',
    [
      padColumns(sink, x, width >> 1, width >> 1),
      sink.integers([height, 1, inputs, width * outputs]),
      concatenate(sink, moved, CHANNELS),
    ],
    attributes,
  );
  return exchangeMiddle(sink, reshape(sink, gradient, [height, inputs, width, outputs]));
}

/** The channels of an image batch. */
const CHANNELS = 3;

/** [height, width, in, out] as [height, 1, in, width × out]. */
function columnsAsChannels<Value>(sink: OperationSink<Value>, filter: Value, shape: Shape): Value {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  return reshape(sink, exchangeMiddle(sink, filter), [height, 1, inputs, width * outputs]);
}

function exchangeMiddle<Value>(sink: OperationSink<Value>, x: Value): Value {
  return one(sink, 'Transpose', [x, sink.integers([0, 2, 1, 3])], [floats, indices('Tperm')]);
}

/** Zeros beside an image batch. */
function padColumns<Value>(sink: OperationSink<Value>, x: Value, left: number, right: number): Value {
  const amounts = sink.integers([0, 0, 0, 0, left, right, 0, 0], [4, 2]);
  return one(sink, 'Pad', [x, amounts], [floats, indices('Tpaddings')]);
}
