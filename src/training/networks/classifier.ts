/** A classifier: a trunk that was trained for something else, global average pooling, and a linear head of its own. */
import type { HostTensor, NamedTensors } from '../engines/engine';
import { initialise } from './initialise';
import { NetworkBuilder, type Network } from './network';

export const HEAD = 'head';

/** @param trunk a network whose result is a feature map of so many `channels` */
export function classifierNetwork(trunk: Network, channels: number, classes: number): Network {
  const head = new NetworkBuilder();
  head.append('pool', { type: 'globalAverage' }, trunk.output);
  head.append(HEAD, { type: 'dense', inputUnits: channels, outputUnits: classes });
  const { nodes, output } = head.build('classifier');
  return { name: 'classifier', nodes: [...trunk.nodes, ...nodes], output };
}

/** Its state at the start: the trunk’s weights under their new names, and a fresh head; without weights all is fresh. */
export function classifierWeights(
  classifier: Network,
  trunk: { readonly network: Network; readonly weights: NamedTensors } | undefined,
  seed: number,
): Record<string, HostTensor> {
  const weights = initialise(classifier, seed);
  if (trunk === undefined) return weights;
  const prefix = `${trunk.network.name}/`;
  for (const [name, tensor] of Object.entries(trunk.weights)) {
    const own = `${classifier.name}/${name.slice(prefix.length)}`;
    if (Object.hasOwn(weights, own)) weights[own] = tensor;
  }
  return weights;
}
