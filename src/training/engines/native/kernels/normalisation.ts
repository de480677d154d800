/**
 * Batch normalisation on TensorFlow's fused kernels. Their second output is the unbiased variance, and what their gradient
 * wants beside the mean differs by device (variance on CPU, inverse deviation and a cuDNN reserve on GPU): the forward
 * kernel's reserves are remembered for it. They know no groups: each is normalised by itself.
 */
import type { AttributesOf } from '../../../graph/operations';
import { channelsOf, elementCount, type Shape } from '../../../graph/shape';
import type { normalisationOperations } from '../../../graph/vocabulary/normalisation';
import { attribute, DataType, floats, one, type OperationSink, scalar } from '../operations';
import { concatenate, splitInto } from './batch';
import type { KernelTable } from './kernel';
import { reshape } from './reshape';

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

/** The shape of one of `groups` equal parts of a batch. */
function partShape([batch, ...rest]: Shape, groups: number): Shape {
  return [batch! / groups, ...rest];
}

/** A batch in `groups` equal parts. */
function parts<Value>(sink: OperationSink<Value>, x: Value, shape: Shape, groups: number): Value[] {
  const [items] = partShape(shape, groups);
  return splitInto(sink, x, shape, new Array<number>(groups).fill(items!));
}

/** The rows of statistics [groups, c] as vectors. */
function rows<Value>(sink: OperationSink<Value>, x: Value, shape: Shape): Value[] {
  const [groups, channels] = shape as [number, number];
  return parts(sink, x, shape, groups).map((row) => reshape(sink, row, [channels]));
}

/** Vectors of `channels` as the rows of one tensor. */
function stack<Value>(sink: OperationSink<Value>, vectors: readonly Value[], channels: number): Value {
  return concatenate(
    sink,
    vectors.map((vector) => reshape(sink, vector, [1, channels])),
  );
}

/** What the forward kernel hands to its gradient's, a group. */
const RESERVES = OUTPUTS - 3;

export const normalisationKernels: KernelTable<keyof typeof normalisationOperations> = {
  BatchNormTraining: (sink, [x, gamma, beta], { epsilon, groups }, [shape]) => {
    const none = sink.floats(new Float32Array(0), [0]);
    const channels = channelsOf(shape!, 'BatchNormTraining: x');
    const count = elementCount(partShape(shape!, groups)) / channels;
    const results = parts(sink, x!, shape!, groups).map((part) => {
      const [y, mean, unbiased, ...reserves] = sink.add(
        'FusedBatchNormV3',
        [part, gamma!, beta!, none, none],
        [...fused(epsilon, true), thisBatch],
        OUTPUTS,
      );
      const variance = one(sink, 'Mul', [unbiased!, scalar(sink, (count - 1) / count)]);
      return { y: y!, mean: mean!, variance, reserves };
    });
    const means = results.map(({ mean }) => mean);
    const variances = results.map(({ variance }) => variance);
    const mean = stack(sink, means, channels);
    sink.remember(
      mean,
      results.flatMap(({ reserves }) => reserves),
    );
    const ys = results.map(({ y }) => y);
    return [concatenate(sink, ys), mean, stack(sink, variances, channels)];
  },

  BatchNormTrainingGrad: <Value>(
    sink: OperationSink<Value>,
    inputs: readonly Value[],
    { epsilon, groups }: AttributesOf<'BatchNormTrainingGrad'>,
    [dyShape, xShape, , statistics]: readonly Shape[],
  ) => {
    const [dy, x, gamma, mean, variance] = inputs;
    const remembered = sink.recall(mean!);
    const reservesOf = (group: number): readonly Value[] =>
      remembered?.slice(group * RESERVES, (group + 1) * RESERVES) ?? [
        rows(sink, mean!, statistics!)[group]!,
        rows(sink, variance!, statistics!)[group]!,
        sink.floats(new Float32Array(0), [0]),
      ];
    const xs = parts(sink, x!, xShape!, groups);
    const gradients = parts(sink, dy!, dyShape!, groups).map((part, group) =>
      sink.add(
        'FusedBatchNormGradV3',
        [part, xs[group]!, gamma!, ...reservesOf(group)],
        fused(epsilon, true),
        GRADIENT_OUTPUTS,
      ),
    );
    const total = (output: number): Value =>
      gradients
        .map((outputs) => outputs[output] as Value)
        .reduce((sum, next) => one(sink, 'AddV2', [sum, next]));
    const dxs = gradients.map(([dx]) => dx!);
    return [concatenate(sink, dxs), total(1), total(2)];
  },

  BatchNormInference: (sink, inputs, { epsilon }) => [
    sink.add('FusedBatchNormV3', inputs, [...fused(epsilon, false), thisBatch], OUTPUTS)[0]!,
  ],

  MovingAverage: (sink, [average, values], { momentum }, [, shape]) => [
    rows(sink, values!, shape!).reduce(
      (running, row) =>
        one(sink, 'AddV2', [
          one(sink, 'Mul', [running, scalar(sink, momentum)]),
          one(sink, 'Mul', [row, scalar(sink, 1 - momentum)]),
        ]),
      average!,
    ),
  ],
};
