/**
 * Batch normalisation on TensorFlow's fused kernels. Their second output is the unbiased variance, and what their gradient
 * wants beside the mean differs by device (variance on CPU, inverse deviation and a cuDNN reserve on GPU): the forward
 * kernel's reserves are remembered for it.
 */
import { channelsOf, elementCount } from '../../../graph/shape';
import type { normalisationOperations } from '../../../graph/vocabulary/normalisation';
import { attribute, DataType, floats, one, scalar } from '../operations';
import type { KernelTable } from './kernel';

const fused = (epsilon: number, training: boolean) => [
  floats,
  attribute.type('U', DataType.float),
  attribute.float('epsilon', epsilon),
  attribute.string('data_format', 'NHWC'),
  attribute.bool('is_training', training),
];
/** Only the forward kernel has it: 1 makes its mean and variance those of this batch. */
const thisBatch = attribute.float('exponential_avg_factor', 1);

const OUTPUTS = 6;
const GRADIENT_OUTPUTS = 5;

export const normalisationKernels: KernelTable<keyof typeof normalisationOperations> = {
  BatchNormTraining: (sink, [x, gamma, beta], { epsilon }, [shape]) => {
    const none = sink.floats(new Float32Array(0), [0]);
    const [y, mean, unbiased, ...reserves] = sink.add(
      'FusedBatchNormV3',
      [x!, gamma!, beta!, none, none],
      [...fused(epsilon, true), thisBatch],
      OUTPUTS,
    );
    const count = elementCount(shape!) / channelsOf(shape!, 'BatchNormTraining: x');
    const variance = one(sink, 'Mul', [unbiased!, scalar(sink, (count - 1) / count)]);
    sink.remember(mean!, reserves);
    return [y!, mean!, variance];
  },

  BatchNormTrainingGrad: (sink, [dy, x, gamma, mean, variance], { epsilon }) => {
    const reserves = sink.recall(mean!) ?? [mean!, variance!, sink.floats(new Float32Array(0), [0])];
    const gradients = sink.add(
      'FusedBatchNormGradV3',
      [dy!, x!, gamma!, ...reserves],
      fused(epsilon, true),
      GRADIENT_OUTPUTS,
    );
    return gradients.slice(0, 3);
  },

  BatchNormInference: (sink, inputs, { epsilon }) => [
    sink.add('FusedBatchNormV3', inputs, [...fused(epsilon, false), thisBatch], OUTPUTS)[0]!,
  ],

  MovingAverage: (sink, [average, value], { momentum }) => [
    one(sink, 'AddV2', [
      one(sink, 'Mul', [average!, scalar(sink, momentum)]),
      one(sink, 'Mul', [value!, scalar(sink, 1 - momentum)]),
    ]),
  ],
};
