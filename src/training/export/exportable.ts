/**
 * What an exporter is given: a network as data with its weights, and the sizes of images that it takes. Exporters know
 * nothing of generators and discriminators; they write nodes.
 */
import type { HostTensor, NamedTensors } from '../engines/engine';
import { INPUT, type Convolution, type Network, type Node } from '../networks/network';
import { parameterName, type ParameterSpec } from '../networks/parameters';

export interface Exportable {
  readonly network: Network;
  /** Its state by full name, running averages included. */
  readonly weights: NamedTensors;
  /** Side of the square images it takes, where a dense layer after `flatten` fixes it; else any size will do. */
  readonly side?: number;
}

/** What a node gives for one image: channels, and the side where it is known. Flat results have no side. */
export interface NodeShape {
  readonly channels: number;
  readonly side?: number;
  readonly flat: boolean;
}

const RGB = 3;

/** The result of each node by name, the input's included. */
export function nodeShapes({ network, side }: Pick<Exportable, 'network' | 'side'>): Map<string, NodeShape> {
  const input: NodeShape = { channels: RGB, flat: false, ...(side !== undefined && { side }) };
  const shapes = new Map<string, NodeShape>([[INPUT, input]]);
  for (const node of network.nodes) shapes.set(node.name, shapeAfter(node, shapes.get(node.from)!));
  return shapes;
}

function shapeAfter(node: Node, before: NodeShape): NodeShape {
  const resized = (channels: number, resize: (side: number) => number): NodeShape => ({
    channels,
    flat: false,
    ...(before.side !== undefined && { side: resize(before.side) }),
  });
  switch (node.type) {
    case 'convolution':
      return resized(node.outputChannels, (side) => Math.ceil(side / node.stride));
    case 'pixelShuffle':
      return resized(before.channels / node.factor ** 2, (side) => side * node.factor);
    case 'bicubic':
      return resized(RGB, (side) => side * node.factor);
    case 'maxPool':
      return resized(before.channels, (side) => Math.floor(side / 2));
    case 'flatten':
      return { channels: before.channels * (before.side ?? NaN) ** 2, flat: true };
    case 'globalAverage':
      return { channels: before.channels, flat: true };
    case 'dense':
      return { channels: node.outputUnits, flat: true };
    case 'batchNorm':
    case 'prelu':
    case 'leakyRelu':
    case 'sigmoid':
    case 'add':
    case 'offset':
      return before;
  }
}

/** A node's parameter. */
export function parameterOf(
  { network, weights }: Exportable,
  node: Node,
  role: ParameterSpec['role'],
): HostTensor {
  const name = parameterName(network, node, role);
  const tensor = weights[name];
  if (tensor === undefined) throw new Error(`the weights to export lack ${name}`);
  return tensor;
}

/** Convolutions that nothing but a pixel shuffle reads, by the shuffle's name. */
export function shuffledConvolutions({ nodes, output }: Network): Map<string, Convolution> {
  const readers = new Map<string, number>([[output, 1]]);
  for (const node of nodes) {
    for (const name of node.type === 'add' ? [node.from, node.and] : [node.from])
      readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  const found = new Map<string, Convolution>();
  for (const node of nodes) {
    if (node.type !== 'pixelShuffle' || readers.get(node.from) !== 1) continue;
    const convolution = nodes.find(({ name }) => name === node.from);
    if (convolution?.type === 'convolution' && convolution.stride === 1) found.set(node.name, convolution);
  }
  return found;
}

/** The factor of the pixel shuffle that takes up a convolution, for each such convolution. */
export function shuffleFactors(network: Network): Map<Node, number> {
  const factors = new Map<Node, number>();
  for (const [shuffle, convolution] of shuffledConvolutions(network)) {
    const node = network.nodes.find(({ name }) => name === shuffle);
    if (node?.type === 'pixelShuffle') factors.set(convolution, node.factor);
  }
  return factors;
}

/** The name of a node as a layer's: other frameworks keep slashes for themselves. */
export function layerName(node: string): string {
  return node.replaceAll('/', '_');
}

/** The network up to and with a node. */
export function networkUpTo({ name, nodes }: Network, last: string): Network {
  const end = nodes.findIndex((node) => node.name === last);
  if (end < 0) throw new Error(`the ${name} has no node ${last}`);
  return { name, nodes: nodes.slice(0, end + 1), output: last };
}
