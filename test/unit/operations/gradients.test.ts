/**
 * Every differentiable operation: its gradient along random directions against central differences of the loss. Inputs
 * are kept away from kinks. The loss is the mean squared distance of the result to a target, summed in double.
 */
import assert from 'node:assert/strict';
import { tensor, valueAndGrads, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { HostTensor, NamedTensors } from '../../../src/training/engines/engine';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import type { StepGraph } from '../../../src/training/graph/step-graph';
import { traceStep } from '../../../src/training/graph/trace';
import { leakyRelu, prelu, relu, sigmoid } from '../../../src/training/operations/activation';
import { add, reshape, scale } from '../../../src/training/operations/arithmetic';
import { batchConcat, batchSplit } from '../../../src/training/operations/batch';
import { batchNormTraining } from '../../../src/training/operations/batch-norm';
import { biasAdd } from '../../../src/training/operations/bias-add';
import { globalAverage, softmaxCrossEntropy } from '../../../src/training/operations/classification';
import { conv2d } from '../../../src/training/operations/convolution';
import { meanSquaredError, sigmoidCrossEntropy } from '../../../src/training/operations/loss';
import { matMul } from '../../../src/training/operations/mat-mul';
import { maxPool, pixelShuffle } from '../../../src/training/operations/spatial';
import { randomTensor, runGraph } from '../../support/run-operation';

interface GradientCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, HostTensor>>;
  readonly compute: (inputs: Readonly<Record<string, Tensor>>) => Tensor;
}

const STEP = 5e-3;

/** Random numbers with no magnitude below 0.1, so that no difference crosses a kink at zero. */
function awayFromZero(shape: readonly number[], name: string): HostTensor {
  const { data } = randomTensor(shape, name);
  return { shape, data: data.map((value) => value + (value < 0 ? -0.1 : 0.1)) };
}

/** Numbers of which no two in the image are closer than 0.05, in random order. */
function distinct(shape: readonly number[], name: string): HostTensor {
  const { data } = randomTensor(shape, name);
  const order = Array.from(data.keys()).sort((a, b) => data[a]! - data[b]!);
  const values = new Float32Array(data.length);
  order.forEach((position, rank) => (values[position] = 0.05 * (rank - data.length / 2)));
  return { shape, data: values };
}

const windows = [
  { stride: 1, padding: 'same', kernel: 3 },
  { stride: 2, padding: 'same', kernel: 3 },
  { stride: 1, padding: 'valid', kernel: 5 },
  { stride: 2, padding: 'valid', kernel: 3 },
] as const;

const cases: readonly GradientCase[] = [
  ...windows.map(({ kernel, ...options }) => ({
    name: `conv2d ${kernel}×${kernel} ${JSON.stringify(options)}`,
    inputs: {
      x: randomTensor([2, 6, 7, 3], 'x'),
      filter: randomTensor([kernel, kernel, 3, 4], 'filter', 0.3),
    },
    compute: ({ x, filter }: Readonly<Record<string, Tensor>>) => conv2d(x!, filter!, options),
  })),
  {
    name: 'biasAdd of an image',
    inputs: { x: randomTensor([2, 3, 3, 4], 'x'), bias: randomTensor([4], 'bias') },
    compute: ({ x, bias }) => biasAdd(x!, bias!),
  },
  {
    name: 'matMul and biasAdd of a matrix',
    inputs: {
      a: randomTensor([3, 5], 'a'),
      b: randomTensor([5, 4], 'b'),
      bias: randomTensor([4], 'bias'),
    },
    compute: ({ a, b, bias }) => biasAdd(matMul(a!, b!), bias!),
  },
  ...[1, 2, 4].map((groups) => ({
    name: `batchNormTraining in ${groups} groups`,
    inputs: {
      x: randomTensor([4, 4, 2, 3], 'x'),
      gamma: randomTensor([3], 'gamma'),
      beta: randomTensor([3], 'beta'),
    },
    compute: ({ x, gamma, beta }: Readonly<Record<string, Tensor>>) =>
      batchNormTraining(x!, { gamma: gamma!, beta: beta! }, { epsilon: 1e-3, groups }).y,
  })),
  {
    name: 'batchConcat and batchSplit at another place',
    inputs: { a: randomTensor([2, 3], 'a'), b: randomTensor([3, 3], 'b') },
    compute: ({ a, b }) => {
      const [first, rest] = batchSplit(batchConcat(a!, b!), 1);
      return batchConcat(scale(rest, 0.5), first);
    },
  },
  ...[1, 4].map((slopes) => ({
    name: `prelu with ${slopes} slopes`,
    inputs: { x: awayFromZero([2, 3, 3, 4], 'x'), alpha: randomTensor([slopes], 'alpha') },
    compute: ({ x, alpha }: Readonly<Record<string, Tensor>>) => prelu(x!, alpha!),
  })),
  {
    name: 'sigmoid',
    inputs: { x: randomTensor([2, 3, 4, 3], 'x') },
    compute: ({ x }) => sigmoid(x!),
  },
  {
    name: 'leakyRelu',
    inputs: { x: awayFromZero([2, 3, 3, 4], 'x') },
    compute: ({ x }) => leakyRelu(x!, 0.2),
  },
  { name: 'relu', inputs: { x: awayFromZero([2, 3, 3, 4], 'x') }, compute: ({ x }) => relu(x!) },
  {
    name: 'pixelShuffle by 2',
    inputs: { x: randomTensor([2, 2, 3, 8], 'x') },
    compute: ({ x }) => pixelShuffle(x!, 2),
  },
  {
    name: 'pixelShuffle by 3',
    inputs: { x: randomTensor([1, 2, 3, 27], 'x') },
    compute: ({ x }) => pixelShuffle(x!, 3),
  },
  {
    name: 'maxPool of odd size',
    inputs: { x: distinct([2, 5, 7, 3], 'x') },
    compute: ({ x }) => maxPool(x!),
  },
  {
    name: 'maxPool of negative numbers',
    inputs: { x: ((x) => ({ ...x, data: x.data.map((value) => value - 20) }))(distinct([1, 4, 4, 2], 'x')) },
    compute: ({ x }) => maxPool(x!),
  },
  {
    name: 'add, scale and reshape of a value used twice',
    inputs: { a: randomTensor([2, 6], 'a'), b: randomTensor([3, 4], 'b') },
    compute: ({ a, b }) => add(add(reshape(a!, [3, 4]), scale(b!, -0.7)), b!),
  },
  ...([0, 1] as const).map((target) => ({
    name: `sigmoidCrossEntropy with target ${target}`,
    inputs: { logits: randomTensor([6, 1], 'logits', 2) },
    compute: ({ logits }: Readonly<Record<string, Tensor>>) => sigmoidCrossEntropy(logits!, target),
  })),
  {
    name: 'softmaxCrossEntropy',
    inputs: { logits: randomTensor([2, 3], 'logits', 2) },
    compute: ({ logits }) => softmaxCrossEntropy(logits!, tensor([0, 1, 0, 0.25, 0, 0.75], [2, 3])),
  },
  {
    name: 'globalAverage',
    inputs: { x: randomTensor([2, 3, 5, 4], 'x') },
    compute: ({ x }) => globalAverage(x!),
  },
];

/** A graph with the result and the gradients of its distance to the input `target`. */
function trace({ inputs, compute }: GradientCase): StepGraph {
  const names = Object.keys(inputs);
  const shapes = Object.fromEntries(names.map((name) => [name, inputs[name]!.shape]));
  const resultShape = traceStep({ inputs: shapes, variables: {} }, (step) => {
    step.output('y', compute(Object.fromEntries(names.map((name) => [name, step.input(name)]))));
  });
  const { shape } = resultShape.values[resultShape.outputs[0]!.value]!;
  return traceStep({ inputs: { ...shapes, target: shape }, variables: {} }, (step) => {
    const tensors = Object.fromEntries(names.map((name) => [name, step.input(name)]));
    const { grads } = valueAndGrads(() => {
      const y = compute(tensors);
      step.output('y', y);
      return meanSquaredError(y, step.input('target')) as Scalar;
    })(names.map((name) => tensors[name]!));
    names.forEach((name, index) => {
      step.output(`d${name}`, grads[index]!);
    });
  });
}

describe('gradients against finite differences', () => {
  for (const gradientCase of cases) {
    it(gradientCase.name, async () => {
      const engine = openReferenceEngine();
      const graph = trace(gradientCase);
      const { inputs } = gradientCase;
      const targetValue = graph.inputs.find(({ name }) => name === 'target')!.value;
      const target = randomTensor(graph.values[targetValue]!.shape, 'target');
      const evaluate = (values: NamedTensors): Promise<NamedTensors> =>
        runGraph(engine, graph, { ...values, target });
      const loss = async (values: NamedTensors): Promise<number> => {
        const { y } = await evaluate(values);
        return y!.data.reduce((sum, value, i) => sum + (value - target.data[i]!) ** 2, 0) / y!.data.length;
      };
      const analytic = await evaluate(inputs);

      for (const [name, value] of Object.entries(inputs)) {
        const gradient = analytic[`d${name}`]!.data;
        const norm = Math.hypot(...gradient);
        for (let direction = 0; direction < 3; direction++) {
          const along = randomTensor(value.shape, `direction ${direction}`).data;
          const moved = (distance: number): NamedTensors => ({
            ...inputs,
            [name]: { ...value, data: value.data.map((x, i) => x + distance * along[i]!) },
          });
          const numeric = ((await loss(moved(STEP))) - (await loss(moved(-STEP)))) / (2 * STEP);
          const expected = gradient.reduce((sum, g, i) => sum + g * along[i]!, 0);
          const error = Math.abs(numeric - expected) / (norm * Math.hypot(...along));
          assert.ok(error < 2e-4, `d${name}: ${expected}, by differences ${numeric} (error ${error})`);
        }
      }
      await engine.dispose();
    });
  }
});
