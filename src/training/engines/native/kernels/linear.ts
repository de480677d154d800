/** Convolutions, matrix products, biases. */
import type { linearOperations } from '../../../graph/vocabulary/linear';
import { attribute, floats, one } from '../operations';
import type { KernelTable } from './kernel';
import { isNarrow, narrowConvolution, narrowFilterGradient } from './narrow-convolution';
import { reshape } from './reshape';

const windows = ({ stride, padding }: { stride: number; padding: 'same' | 'valid' }) => [
  floats,
  attribute.ints('strides', [1, stride, stride, 1]),
  attribute.string('padding', padding.toUpperCase()),
  attribute.string('data_format', 'NHWC'),
];
const channelsLast = [floats, attribute.string('data_format', 'NHWC')];

export const linearKernels: KernelTable<keyof typeof linearOperations> = {
  Conv2D: (sink, [x, filter], attributes, [xShape, filterShape]) => [
    isNarrow(filterShape!, attributes)
      ? narrowConvolution(sink, [x!, filter!], [xShape!, filterShape!], windows(attributes))
      : one(sink, 'Conv2D', [x!, filter!], windows(attributes)),
  ],

  Conv2DBackpropInput: (sink, [dy, filter], { inputShape, ...attributes }) => [
    one(sink, 'Conv2DBackpropInput', [sink.integers(inputShape), filter!, dy!], windows(attributes)),
  ],

  Conv2DBackpropFilter: (sink, [x, dy], { filterShape, ...attributes }) => [
    isNarrow(filterShape, attributes)
      ? narrowFilterGradient(sink, [x!, dy!], filterShape, windows(attributes))
      : one(sink, 'Conv2DBackpropFilter', [x!, sink.integers(filterShape), dy!], windows(attributes)),
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
