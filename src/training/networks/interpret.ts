/** Runs a network: its nodes become TensorFlow.js calls on operations of the vocabulary. */
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { leakyRelu, prelu, sigmoid } from '../operations/activation';
import { add, reshape } from '../operations/arithmetic';
import { batchNormInference, batchNormTraining } from '../operations/batch-norm';
import { biasAdd } from '../operations/bias-add';
import { globalAverage } from '../operations/classification';
import { conv2d } from '../operations/convolution';
import { matMul } from '../operations/mat-mul';
import { maxPool, mirrorPad, pixelShuffle } from '../operations/spatial';
import { BICUBIC_BORDER, bicubicKernel } from './bicubic';
import { INPUT, PADDING, type BatchNorm, type Network, type Node } from './network';
import { parameterName, type ParameterSpec } from './parameters';

/** Added to variances before the root, as in the reference implementations of the paper's frameworks. */
export const BATCH_NORM_EPSILON = 1e-5;

/** Mean and biased variance of a batch, or of each of its groups: [groups, c] each. */
export interface BatchStatistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

export interface Interpretation {
  /** A parameter by its full name. */
  readonly parameter: (name: string) => Tensor;
  /** Statistics of the batch in training, running averages in inference. */
  readonly mode: 'training' | 'inference';
  /** Equal parts of the batch that batch normalisation keeps apart in training; 1 unless given. */
  readonly groups?: number;
  /** Told the statistics of each batch normalisation in training, with the full names of its running averages. */
  readonly onStatistics?: (names: { mean: string; variance: string }, batch: BatchStatistics) => void;
  /** Nodes whose batch normalisation works by running averages even in training. */
  readonly frozen?: (node: Node) => boolean;
  /** Told the result of each node: the features of its stages. */
  readonly onResult?: (node: Node, result: Tensor) => void;
}

/**
 * @param image [n, h, w, 3]
 * @returns the result of the network's output node
 */
export function interpret(network: Network, image: Tensor, interpretation: Interpretation): Tensor {
  const results = new Map<string, Tensor>([[INPUT, image]]);
  const resultOf = (name: string): Tensor => {
    const result = results.get(name);
    if (result === undefined)
      throw new Error(`a node of the ${network.name} reads ${name} before it is computed`);
    return result;
  };
  for (const node of network.nodes) {
    const parameter = (role: ParameterSpec['role']): Tensor =>
      interpretation.parameter(parameterName(network, node, role));
    const x = resultOf(node.from);
    const result =
      node.type === 'batchNorm'
        ? normalise(network, node, x, interpretation)
        : node.type === 'add'
          ? add(x, resultOf(node.and))
          : apply(node, x, parameter);
    results.set(node.name, result);
    interpretation.onResult?.(node, result);
  }
  return resultOf(network.output);
}

function apply(
  node: Exclude<Node, { type: 'batchNorm' | 'add' }>,
  x: Tensor,
  parameter: (role: ParameterSpec['role']) => Tensor,
): Tensor {
  switch (node.type) {
    case 'convolution':
      return biasAdd(
        conv2d(x, parameter('kernel'), { stride: node.stride, padding: PADDING }),
        parameter('bias'),
      );
    case 'dense':
      return biasAdd(matMul(x, parameter('kernel')), parameter('bias'));
    case 'prelu':
      return prelu(x, parameter('alpha'));
    case 'leakyRelu':
      return leakyRelu(x, node.slope);
    case 'sigmoid':
      return sigmoid(x);
    case 'pixelShuffle':
      return pixelShuffle(x, node.factor);
    case 'maxPool':
      return maxPool(x);
    case 'flatten':
      return reshape(x, [x.shape[0], x.size / x.shape[0]]);
    case 'globalAverage':
      return globalAverage(x);
    case 'offset':
      return biasAdd(x, tensor([...node.offsets]));
    case 'bicubic': {
      const { shape, data } = bicubicKernel(node.factor);
      const padded = mirrorPad(x, BICUBIC_BORDER);
      return pixelShuffle(conv2d(padded, tensor(data, [...shape]), { padding: 'valid' }), node.factor);
    }
  }
}

function normalise(network: Network, node: BatchNorm, x: Tensor, interpretation: Interpretation): Tensor {
  const { parameter, mode, groups = 1, onStatistics, frozen } = interpretation;
  const names = {
    mean: parameterName(network, node, 'mean'),
    variance: parameterName(network, node, 'variance'),
  };
  const gamma = parameter(parameterName(network, node, 'gamma'));
  const beta = parameter(parameterName(network, node, 'beta'));
  if (mode === 'inference' || frozen?.(node) === true) {
    const statistics = { mean: parameter(names.mean), variance: parameter(names.variance) };
    return batchNormInference(x, { gamma, beta, ...statistics }, BATCH_NORM_EPSILON);
  }
  const { y, mean, variance } = batchNormTraining(
    x,
    { gamma, beta },
    { epsilon: BATCH_NORM_EPSILON, groups },
  );
  onStatistics?.(names, { mean, variance });
  return y;
}
