/** Global average pooling and multinomial cross-entropy, with their gradients. */
import { elementCount, type Shape } from '../../../graph/shape';
import type { classificationOperations } from '../../../graph/vocabulary/classification';
import { attribute, floats, indices, one, scalar, type OperationSink } from '../operations';
import type { KernelTable } from './kernel';
import { reshape } from './reshape';

/** Loss of each row, and its gradient. */
function crossEntropies<Value>(sink: OperationSink<Value>, logits: Value, target: Value): [Value, Value] {
  const [losses, gradients] = sink.add('SoftmaxCrossEntropyWithLogits', [logits, target], [floats], 2);
  return [losses!, gradients!];
}

function mean<Value>(sink: OperationSink<Value>, x: Value, axes: readonly number[]): Value {
  const attributes = [floats, indices('Tidx'), attribute.bool('keep_dims', false)];
  return one(sink, 'Mean', [x, sink.integers(axes)], attributes);
}

const scalarOf = <Value>(sink: OperationSink<Value>, dy: Value, count: number): Value =>
  one(sink, 'Mul', [dy, scalar(sink, 1 / count)]);

export const classificationKernels: KernelTable<keyof typeof classificationOperations> = {
  GlobalAverage: (sink, [x]) => [mean(sink, x!, [1, 2])],

  GlobalAverageGrad: (sink, [dy], { height, width }, [shape]) => {
    const [images, channels] = shape as readonly [number, number];
    const pixels: Shape = [1, height, width, 1];
    const share = sink.floats(new Float32Array(height * width).fill(1 / elementCount(pixels)), pixels);
    return [one(sink, 'Mul', [reshape(sink, dy!, [images, 1, 1, channels]), share])];
  },

  SoftmaxCrossEntropy: (sink, [logits, target]) => [
    mean(sink, crossEntropies(sink, logits!, target!)[0], [0]),
  ],

  SoftmaxCrossEntropyGrad: (sink, [dy, logits, target], _attributes, [, shape]) => {
    const [, gradients] = crossEntropies(sink, logits!, target!);
    return [one(sink, 'Mul', [gradients, scalarOf(sink, dy!, shape![0]!)])];
  },
};
