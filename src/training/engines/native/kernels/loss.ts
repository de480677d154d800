/** Losses as means over all elements, and their gradients. */
import { elementCount, type Shape } from '../../../graph/shape';
import type { lossOperations } from '../../../graph/vocabulary/loss';
import { one, scalar, type OperationSink } from '../operations';
import type { KernelTable } from './kernel';
import { meanOfAll } from './reduce';

/** dy·factor/count, the scalar that scales the gradient of a mean. */
function meanGradient<Value>(sink: OperationSink<Value>, dy: Value, shape: Shape, factor = 1): Value {
  return one(sink, 'Mul', [dy, scalar(sink, factor / elementCount(shape))]);
}

export const lossKernels: KernelTable<keyof typeof lossOperations> = {
  MeanSquaredError: (sink, inputs, _attributes, [shape]) => [
    meanOfAll(sink, one(sink, 'SquaredDifference', inputs), shape!.length),
  ],

  MeanSquaredErrorGrad: (sink, [dy, prediction, target], _attributes, [, shape]) => {
    const difference = one(sink, 'Sub', [prediction!, target!]);
    return [one(sink, 'Mul', [difference, meanGradient(sink, dy!, shape!, 2)])];
  },

  SigmoidCrossEntropy: (sink, [logits], { target }, [shape]) => {
    const x = target === 1 ? one(sink, 'Neg', [logits!]) : logits!;
    return [meanOfAll(sink, one(sink, 'Softplus', [x]), shape!.length)];
  },

  SigmoidCrossEntropyGrad: (sink, [dy, logits], { target }, [, shape]) => {
    const difference = one(sink, 'Sub', [one(sink, 'Sigmoid', [logits!]), scalar(sink, target)]);
    return [one(sink, 'Mul', [difference, meanGradient(sink, dy!, shape!)])];
  },

  SigmoidMean: (sink, [logits], _attributes, [shape]) => [
    meanOfAll(sink, one(sink, 'Sigmoid', [logits!]), shape!.length),
  ],
};
