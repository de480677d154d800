/**
 * Operations on inputs of many shapes, odd ones too: what every engine is held against the reference with. Each kind of
 * the vocabulary has at least one case (a test checks that).
 */
import type { HostTensor } from '../../src/training/engines/engine';
import { convolutionGeometry, convolutionOutputShape } from '../../src/training/graph/convolution-geometry';
import type { AttributesOf, OperationKind } from '../../src/training/graph/operations';
import type { Shape } from '../../src/training/graph/shape';
import { randomTensor, scalarTensor } from './run-operation';

export type OperationCase = {
  [K in OperationKind]: {
    readonly kind: K;
    readonly inputs: readonly HostTensor[];
    readonly attributes: AttributesOf<K>;
  };
}[OperationKind];

const convolutions: { x: Shape; filter: Shape; stride: number; padding: 'same' | 'valid' }[] = [
  { x: [2, 7, 9, 5], filter: [3, 3, 5, 6], stride: 1, padding: 'same' },
  { x: [1, 1, 1, 3], filter: [3, 3, 3, 2], stride: 1, padding: 'same' },
  { x: [1, 2, 3, 3], filter: [9, 9, 3, 4], stride: 1, padding: 'same' },
  { x: [2, 12, 12, 3], filter: [9, 9, 3, 8], stride: 1, padding: 'same' },
  { x: [2, 12, 11, 8], filter: [9, 9, 8, 3], stride: 1, padding: 'same' },
  { x: [2, 8, 8, 5], filter: [3, 3, 5, 6], stride: 2, padding: 'same' },
  { x: [2, 7, 9, 5], filter: [3, 3, 5, 6], stride: 2, padding: 'same' },
  { x: [1, 9, 8, 4], filter: [3, 3, 4, 4], stride: 2, padding: 'valid' },
  { x: [1, 8, 9, 3], filter: [5, 5, 3, 12], stride: 1, padding: 'valid' },
  { x: [1, 8, 7, 4], filter: [1, 1, 4, 4], stride: 2, padding: 'same' },
  { x: [4, 24, 24, 32], filter: [3, 3, 32, 32], stride: 1, padding: 'same' },
  { x: [4, 24, 24, 16], filter: [3, 3, 16, 32], stride: 2, padding: 'same' },
];

const convolutionCases = convolutions.flatMap(({ x, filter, stride, padding }): OperationCase[] => {
  const windows = { stride, padding };
  const image = randomTensor(x, 'x');
  const kernel = randomTensor(filter, 'filter');
  const y = convolutionOutputShape(convolutionGeometry(x, filter, windows));
  const dy = randomTensor(y, 'dy');
  return [
    { kind: 'Conv2D', inputs: [image, kernel], attributes: windows },
    { kind: 'Conv2DBackpropInput', inputs: [dy, kernel], attributes: { ...windows, inputShape: x } },
    { kind: 'Conv2DBackpropFilter', inputs: [image, dy], attributes: { ...windows, filterShape: filter } },
  ];
});

const matrixCases = [
  [5, 7, 3],
  [4, 1152, 64],
  [1, 1, 1],
].flatMap(([rows, inner, columns]): OperationCase[] =>
  [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB): OperationCase => ({
      kind: 'MatMul',
      inputs: [
        randomTensor(transposeA ? [inner!, rows!] : [rows!, inner!], 'a'),
        randomTensor(transposeB ? [columns!, inner!] : [inner!, columns!], 'b'),
      ],
      attributes: { transposeA, transposeB },
    })),
  ),
);

const images: Shape[] = [
  [2, 4, 6, 4],
  [1, 5, 7, 3],
  [3, 1, 2, 1],
];

const imageCases = images.flatMap((shape): OperationCase[] => {
  const channels = [shape.at(-1)!];
  const x = randomTensor(shape, 'x');
  const dy = randomTensor(shape, 'dy');
  const gamma = randomTensor(channels, 'gamma');
  const mean = randomTensor(channels, 'mean', 0.1);
  const variance = { shape: channels, data: randomTensor(channels, 'variance').data.map((v) => 0.5 + v * v) };
  const logits = { shape, data: x.data.map((value) => 4 * value) };
  return [
    { kind: 'Add', inputs: [x, dy], attributes: {} },
    { kind: 'Scale', inputs: [x], attributes: { factor: -0.3 } },
    { kind: 'BiasAdd', inputs: [x, mean], attributes: {} },
    { kind: 'ChannelSum', inputs: [x], attributes: {} },
    { kind: 'Reshape', inputs: [x], attributes: { shape: [x.data.length] } },
    ...[1, 2]
      .filter((groups) => shape[0]! % groups === 0)
      .flatMap((groups): OperationCase[] => {
        const statistics = [groups, ...channels];
        const perGroup = (data: Float32Array): HostTensor => ({
          shape: statistics,
          data: Float32Array.from({ length: groups * data.length }, (_, i) => data[i % data.length]!),
        });
        const attributes = { epsilon: 1e-3, groups };
        return [
          { kind: 'BatchNormTraining', inputs: [x, gamma, mean], attributes },
          {
            kind: 'BatchNormTrainingGrad',
            inputs: [dy, x, gamma, perGroup(mean.data), perGroup(variance.data)],
            attributes,
          },
          {
            kind: 'MovingAverage',
            inputs: [mean, randomTensor(statistics, 'values')],
            attributes: { momentum: 0.9 },
          },
        ];
      }),
    { kind: 'BatchConcat', inputs: [x, dy], attributes: {} },
    { kind: 'BatchNormInference', inputs: [x, gamma, mean, mean, variance], attributes: { epsilon: 1e-3 } },
    { kind: 'PRelu', inputs: [x, mean], attributes: {} },
    { kind: 'PRelu', inputs: [x, randomTensor([1], 'alpha')], attributes: {} },
    { kind: 'PReluGrad', inputs: [dy, x, mean], attributes: {} },
    { kind: 'PReluGrad', inputs: [dy, x, randomTensor([1], 'alpha')], attributes: {} },
    { kind: 'LeakyRelu', inputs: [x], attributes: { slope: 0.2 } },
    { kind: 'LeakyReluGrad', inputs: [dy, x], attributes: { slope: 0 } },
    { kind: 'Sigmoid', inputs: [x], attributes: {} },
    { kind: 'SigmoidGrad', inputs: [dy, x], attributes: {} },
    { kind: 'MirrorPad', inputs: [x], attributes: { amount: 2 } },
    { kind: 'MeanSquaredError', inputs: [x, dy], attributes: {} },
    { kind: 'MeanSquaredErrorGrad', inputs: [scalarTensor(0.7), x, dy], attributes: {} },
    { kind: 'SigmoidCrossEntropy', inputs: [logits], attributes: { target: 0 } },
    { kind: 'SigmoidCrossEntropy', inputs: [logits], attributes: { target: 1 } },
    { kind: 'SigmoidCrossEntropyGrad', inputs: [scalarTensor(0.7), logits], attributes: { target: 0 } },
    { kind: 'SigmoidCrossEntropyGrad', inputs: [scalarTensor(0.7), logits], attributes: { target: 1 } },
    { kind: 'SigmoidMean', inputs: [logits], attributes: {} },
    {
      kind: 'AdamUpdate',
      inputs: [
        x,
        dy,
        { shape, data: dy.data.map((value) => value * value) },
        randomTensor(shape, 'gradient'),
        scalarTensor(0.01),
        scalarTensor(1e-8),
      ],
      attributes: { beta1: 0.9, beta2: 0.999 },
    },
  ];
});

const batchCases: OperationCase[] = [
  { kind: 'BatchConcat', inputs: [randomTensor([1, 3], 'a'), randomTensor([4, 3], 'b')], attributes: {} },
  { kind: 'BatchSplit', inputs: [randomTensor([5, 3], 'x')], attributes: { first: 2 } },
  { kind: 'BatchSplit', inputs: [randomTensor([4, 2, 3, 5], 'x')], attributes: { first: 3 } },
];

const shuffleCases = [2, 3].flatMap((factor): OperationCase[] => [
  {
    kind: 'PixelShuffle',
    inputs: [randomTensor([2, 3, 5, factor * factor * 3], 'x')],
    attributes: { factor },
  },
  {
    kind: 'PixelUnshuffle',
    inputs: [randomTensor([2, 3 * factor, 5 * factor, 3], 'x')],
    attributes: { factor },
  },
]);

const classificationCases = (
  [
    [5, 10, 1],
    [1, 2, 300],
    [33, 7, 5],
  ] as const
).flatMap(([rows, classes, spread]): OperationCase[] => {
  const logits = randomTensor([rows, classes], 'logits', spread);
  const target = oneHot(rows, classes);
  return [
    { kind: 'SoftmaxCrossEntropy', inputs: [logits, target], attributes: {} },
    { kind: 'SoftmaxCrossEntropyGrad', inputs: [scalarTensor(0.7), logits, target], attributes: {} },
  ];
});

const averageCases = (
  [
    [2, 4, 6, 3],
    [1, 1, 1, 5],
    [3, 6, 6, 16],
  ] as const
).flatMap(([batch, height, width, channels]): OperationCase[] => [
  { kind: 'GlobalAverage', inputs: [randomTensor([batch, height, width, channels], 'x')], attributes: {} },
  {
    kind: 'GlobalAverageGrad',
    inputs: [randomTensor([batch, channels], 'dy')],
    attributes: { height, width },
  },
]);

/** Labels 0, 1, 2 … around and around. */
function oneHot(rows: number, classes: number): HostTensor {
  const data = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) data[row * classes + (row % classes)] = 1;
  return { shape: [rows, classes], data };
}

const poolCases = (
  [
    [2, 4, 6, 3],
    [1, 5, 7, 4],
  ] as const
).flatMap(([batch, height, width, channels]): OperationCase[] => {
  const x = randomTensor([batch, height, width, channels], 'x');
  const negative = { ...x, data: x.data.map((value) => -Math.abs(value) - 0.1) };
  const pooled = [batch, Math.floor(height / 2), Math.floor(width / 2), channels];
  return [x, negative].flatMap((image): OperationCase[] => [
    { kind: 'MaxPool', inputs: [image], attributes: {} },
    { kind: 'MaxPoolGrad', inputs: [randomTensor(pooled, 'dy'), image], attributes: {} },
  ]);
});

export const operationCases: readonly OperationCase[] = [
  ...convolutionCases,
  ...matrixCases,
  ...imageCases,
  ...batchCases,
  ...shuffleCases,
  ...poolCases,
  ...classificationCases,
  ...averageCases,
];

/** `Conv2D [2, 7, 9, 5] [3, 3, 5, 6] {"stride":1,"padding":"same"}` */
export function describeCase({ kind, inputs, attributes }: OperationCase): string {
  return [kind, ...inputs.map(({ shape }) => `[${shape.join(', ')}]`), JSON.stringify(attributes)].join(' ');
}
