/** Activations and their gradients. TensorFlow has no PReLU; it is put together from element-wise operations. */
import type { activationOperations } from '../../../graph/vocabulary/activation';
import { attribute, floats, indices, one, scalar, type OperationSink } from '../operations';
import { sumOfAll } from './reduce';
import type { KernelTable } from './kernel';

const slopeAttribute = (slope: number) => [floats, attribute.float('alpha', slope)];

/** Σ over all axes but the last, or over all where there is one slope a layer. */
function sumForSlopes<Value>(sink: OperationSink<Value>, x: Value, rank: number, slopes: number): Value {
  if (slopes > 1) return one(sink, 'BiasAddGrad', [x], [floats, attribute.string('data_format', 'NHWC')]);
  return one(sink, 'Reshape', [sumOfAll(sink, x, rank), sink.integers([1])], [floats, indices('Tshape')]);
}

export const activationKernels: KernelTable<keyof typeof activationOperations> = {
  // TensorFlow does not vectorise selection: max(x, 0) + α·min(x, 0) is faster, and equal to the bit.
  PRelu: (sink, [x, alpha]) => {
    const below = one(sink, 'Minimum', [x!, scalar(sink, 0)]);
    return [one(sink, 'AddV2', [one(sink, 'Relu', [x!]), one(sink, 'Mul', [below, alpha!])])];
  },

  PReluGrad: (sink, [dy, x, alpha], _attributes, [, xShape, alphaShape]) => {
    const above = one(sink, 'ReluGrad', [dy!, x!]);
    const below = one(sink, 'Sub', [dy!, above]);
    const dx = one(sink, 'AddV2', [above, one(sink, 'Mul', [below, alpha!])]);
    const dalpha = sumForSlopes(sink, one(sink, 'Mul', [below, x!]), xShape!.length, alphaShape![0]!);
    return [dx, dalpha];
  },

  LeakyRelu: (sink, [x], { slope }) => [
    slope === 0 ? one(sink, 'Relu', [x!]) : one(sink, 'LeakyRelu', [x!], slopeAttribute(slope)),
  ],

  LeakyReluGrad: (sink, [dy, y], { slope }) => [
    slope === 0
      ? one(sink, 'ReluGrad', [dy!, y!])
      : one(sink, 'LeakyReluGrad', [dy!, y!], slopeAttribute(slope)),
  ],

  Sigmoid: (sink, [x]) => [one(sink, 'Sigmoid', [x!])],

  SigmoidGrad: (sink, [dy, y]) => [one(sink, 'SigmoidGrad', [y!, dy!])],
};
