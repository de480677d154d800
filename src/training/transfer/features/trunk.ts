/**
 * A trunk: a network, its weights, and the stages whose results are features. D’s stages are its convolutions after their
 * activation; G’s the first convolution and every block; VGG19’s its convolutions.
 */
import type { NamedTensors } from '../../engines/engine';
import { networkUpTo } from '../../export/exportable';
import { INPUT, type Network, type Node } from '../../networks/network';
import { parameterSpecs } from '../../networks/parameters';

export interface Stage {
  /** As people read it, e.g. `conv3`. */
  readonly name: string;
  /** Node whose result it is. */
  readonly node: string;
}

export interface Trunk {
  /** Whose features, in words. */
  readonly description: string;
  /** Up to the last stage. */
  readonly network: Network;
  /** The state of `network`; more does no harm. */
  readonly weights: NamedTensors;
  /** From the image on. */
  readonly stages: readonly Stage[];
}

const stagePatterns: Readonly<Record<Network['name'], RegExp>> = {
  discriminator: /^(conv\d+)\/activation$/,
  classifier: /^(conv\d+)\/activation$/,
  content: /^(conv\d+_\d+)\/activation$/,
  generator: /^(?:(input)\/prelu|(block\d+)\/add|(trunk)\/add)$/,
};

/** The stages that a network has. */
export function stagesOf(network: Network): Stage[] {
  return network.nodes.flatMap(({ name }) => {
    const match = stagePatterns[network.name].exec(name);
    const stage = match?.slice(1).find(Boolean);
    return stage === undefined ? [] : [{ name: stage, node: name }];
  });
}

/** The network up to its last stage. */
export function trunkNetwork(network: Network): Network {
  const last = stagesOf(network).at(-1);
  if (last === undefined) throw new Error(`the ${network.name} has no stage`);
  return networkUpTo(network, last.node);
}

/** A network and its weights as a trunk of all its stages. */
export function trunkOf(description: string, network: Network, weights: NamedTensors): Trunk {
  const own = trunkNetwork(network);
  const needed = parameterSpecs(own).map(({ name }) => [name, weights[name]!] as const);
  return { description, network: own, weights: Object.fromEntries(needed), stages: stagesOf(own) };
}

/** By what a side shrinks on the way through a node. */
function strideOf(node: Node): number {
  if (node.type === 'convolution') return node.stride;
  return node.type === 'maxPool' ? 2 : 1;
}

/** Image pixels that a pixel of the network’s result stands for, along one side; also the smallest image it takes. */
export function totalStride(network: Network): number {
  const strides = new Map<string, number>([[INPUT, 1]]);
  for (const node of network.nodes) strides.set(node.name, strides.get(node.from)! * strideOf(node));
  return strides.get(network.output)!;
}
