/** Convolutions, matrix products, biases. */
import type { Shape } from '../../../graph/shape';
import type { linearOperations } from '../../../graph/vocabulary/linear';
import { attribute, floats, indices, one, type OperationSink } from '../operations';
import type { KernelTable } from './kernel';

const windows = ({ stride, padding }: { stride: number; padding: 'same' | 'valid' }) => [
  floats,
  attribute.ints('strides', [1, stride, stride, 1]),
  attribute.string('padding', padding.toUpperCase()),
  attribute.string('data_format', 'NHWC'),
];
const channelsLast = [floats, attribute.string('data_format', 'NHWC')];

export function reshape<Value>(sink: OperationSink<Value>, x: Value, shape: Shape): Value {
  return one(sink, 'Reshape', [x, sink.integers(shape)], [floats, indices('Tshape')]);
}

export const linearKernels: KernelTable<keyof typeof linearOperations> = {
  Conv2D: (sink, inputs, attributes) => [one(sink, 'Conv2D', inputs, windows(attributes))],

  Conv2DBackpropInput: (sink, [dy, filter], { inputShape, ...attributes }) => [
    one(sink, 'Conv2DBackpropInput', [sink.integers(inputShape), filter!, dy!], windows(attributes)),
  ],

  Conv2DBackpropFilter: (sink, [x, dy], { filterShape, ...attributes }) => [
    one(sink, 'Conv2DBackpropFilter', [x!, sink.integers(filterShape), dy!], windows(attributes)),
  ],

  BiasAdd: (sink, inputs) => [one(sink, 'BiasAdd', inputs, channelsLast)],

  ChannelSum: (sink, inputs) => [one(sink, 'BiasAddGrad', inputs, channelsLast)],

  MatMul: (sink, inputs, { transposeA, transposeB }) => [
    one(sink, 'MatMul', inputs, [
      floats,
      attribute.bool('transpose_a', transposeA),
      attribute.bool('transpose_b', transposeB),
    ]),
  ],

  Add: (sink, inputs) => [one(sink, 'AddV2', inputs)],

  Scale: (sink, [x], { factor }) => [one(sink, 'Mul', [x!, sink.floats(Float32Array.of(factor), [])])],

  Reshape: (sink, [x], { shape }) => [reshape(sink, x!, shape)],
};
