/** Losses as means over all elements, and their gradients. `dy` is the scalar gradient of the loss itself. */
import { z } from 'zod';
import type { Shape } from '../shape';
import { elementCount, requireSameShape } from '../shape';
import { define, noAttributes } from './definition';

const scalar: Shape = [];
const target = z.literal([0, 1]);

export const lossOperations = {
  MeanSquaredError: define({
    meaning: 'Mean of (prediction − target)².',
    inputs: ['prediction', 'target'],
    outputs: ['loss'],
    attributes: noAttributes,
    shapes: ([prediction, target]) => {
      requireSameShape(prediction, target, 'MeanSquaredError: prediction and target');
      return [scalar];
    },
    flops: ([prediction]) => 3 * elementCount(prediction),
  }),

  MeanSquaredErrorGrad: define({
    meaning: 'Gradient of MeanSquaredError for prediction: dy·2·(prediction − target)/count.',
    inputs: ['dy', 'prediction', 'target'],
    outputs: ['dprediction'],
    attributes: noAttributes,
    shapes: ([dy, prediction, target]) => {
      requireSameShape(dy, scalar, 'MeanSquaredErrorGrad: dy and a scalar');
      requireSameShape(prediction, target, 'MeanSquaredErrorGrad: prediction and target');
      return [prediction];
    },
    flops: ([, prediction]) => 2 * elementCount(prediction),
  }),

  SigmoidCrossEntropy: define({
    meaning:
      'Mean binary cross-entropy of σ(logits) with a constant target: −log σ(x) for 1, −log(1 − σ(x)) for 0.',
    inputs: ['logits'],
    outputs: ['loss'],
    attributes: z.strictObject({ target }),
    shapes: () => [scalar],
    flops: ([logits]) => 5 * elementCount(logits),
  }),

  SigmoidCrossEntropyGrad: define({
    meaning: 'Gradient of SigmoidCrossEntropy: dy·(σ(logits) − target)/count.',
    inputs: ['dy', 'logits'],
    outputs: ['dlogits'],
    attributes: z.strictObject({ target }),
    shapes: ([dy, logits]) => {
      requireSameShape(dy, scalar, 'SigmoidCrossEntropyGrad: dy and a scalar');
      return [logits];
    },
    flops: ([, logits]) => 4 * elementCount(logits),
  }),

  SigmoidMean: define({
    meaning: 'Mean of σ(logits): what D says on average. Has no gradient.',
    inputs: ['logits'],
    outputs: ['mean'],
    attributes: noAttributes,
    shapes: () => [scalar],
    flops: ([logits]) => 3 * elementCount(logits),
  }),
};
