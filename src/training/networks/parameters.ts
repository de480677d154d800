/** What can be said about a network without running it: its state, its number of parameters, how far it sees. */
import type { GeneratorConfiguration, Scale } from '../../protocol/run-configuration';
import { elementCount, type Shape } from '../graph/shape';
import { generatorNetwork } from './generator';
import { INPUT, type Network, type Node } from './network';

export interface ParameterSpec {
  /** Full name: `generator/block1/conv1/kernel`. */
  readonly name: string;
  readonly shape: Shape;
  /** Whether the optimiser changes it; running statistics are changed by the step itself. */
  readonly trainable: boolean;
  readonly role: 'kernel' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance' | 'alpha';
  readonly node: Node;
}

/** Roles and shapes of what a node holds. */
function stateOf(node: Node): Partial<Record<ParameterSpec['role'], Shape>> {
  switch (node.type) {
    case 'convolution':
      return {
        kernel: [node.kernel, node.kernel, node.inputChannels, node.outputChannels],
        bias: [node.outputChannels],
      };
    case 'dense':
      return { kernel: [node.inputUnits, node.outputUnits], bias: [node.outputUnits] };
    case 'batchNorm': {
      const channels = [node.channels];
      return { gamma: channels, beta: channels, mean: channels, variance: channels };
    }
    case 'prelu':
      return { alpha: [node.slopes] };
    case 'leakyRelu':
    case 'sigmoid':
    case 'add':
    case 'pixelShuffle':
    case 'maxPool':
    case 'flatten':
    case 'globalAverage':
    case 'offset':
    case 'bicubic':
      return {};
  }
}

/** Full name of a node's parameter. */
export function parameterName(network: Network, node: Node, role: ParameterSpec['role']): string {
  return `${network.name}/${node.name}/${role}`;
}

/** All state of a network, in the order of its nodes. */
export function parameterSpecs(network: Network): ParameterSpec[] {
  return network.nodes.flatMap((node) =>
    Object.entries(stateOf(node)).map(([key, shape]) => {
      const role = key as ParameterSpec['role'];
      return {
        name: parameterName(network, node, role),
        shape,
        trainable: role !== 'mean' && role !== 'variance',
        role,
        node,
      };
    }),
  );
}

/** How many numbers training adjusts. */
export function parameterCount(network: Network): number {
  return parameterSpecs(network)
    .filter(({ trainable }) => trainable)
    .reduce((total, { shape }) => total + elementCount(shape), 0);
}

/** Reach of a bicubic enlargement: four taps around each output pixel. */
const BICUBIC_RADIUS = 2;

/** By how many input pixels the radius of a node's output grows through it. */
function reachThrough(node: Node, radius: number): number {
  switch (node.type) {
    case 'convolution':
      return radius * node.stride + (node.kernel - 1) / 2;
    case 'pixelShuffle':
      return Math.ceil(radius / node.factor);
    case 'bicubic':
      return Math.ceil(radius / node.factor) + BICUBIC_RADIUS;
    case 'maxPool':
      return 2 * radius + 1;
    case 'batchNorm':
    case 'prelu':
    case 'leakyRelu':
    case 'sigmoid':
    case 'add':
    case 'offset':
      return radius;
    case 'dense':
    case 'flatten':
    case 'globalAverage':
      return Infinity;
  }
}

/**
 * How far the generator sees: an SR pixel depends on no LR pixel that is further than this from the LR pixel it lies
 * in, horizontally or vertically. Tiles of a large image overlap by that much.
 */
export function receptiveRadius(generator: GeneratorConfiguration, scale: Scale): number {
  return networkRadius(generatorNetwork(generator, scale));
}

/** The same of any network of convolutions; after pooling, measured from the first input pixel that a result stands for. */
export function networkRadius(network: Network): number {
  const radii = new Map<string, number>([[network.output, 0]]);
  const widen = (name: string, radius: number): void => {
    radii.set(name, Math.max(radii.get(name) ?? 0, radius));
  };
  for (const node of network.nodes.toReversed()) {
    const radius = radii.get(node.name);
    if (radius === undefined) continue;
    widen(node.from, reachThrough(node, radius));
    if (node.type === 'add') widen(node.and, radius);
  }
  return radii.get(INPUT)!;
}
