/** A network's state with PyTorch's names, layout and channel order: NCHW, kernels OIHW, dense kernels [out, in]. */
import type { HostTensor } from '../../engines/engine';
import { bicubicKernel } from '../../networks/bicubic';
import type { Network, Node } from '../../networks/network';
import { parameterSpecs, type ParameterSpec } from '../../networks/parameters';
import { layerName, nodeShapes, parameterOf, shuffleFactors, type Exportable } from '../exportable';
import {
  channelsForPyTorch,
  channelsFromPyTorch,
  hwioFromOihw,
  oihwFromHwio,
  rowsByChannel,
  rowsByPixel,
  transpose,
} from '../layouts';

/** PyTorch's names of what a module holds. */
const theirNames: Record<ParameterSpec['role'], string> = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
  alpha: 'weight',
};

/** A layout's change and its inverse. */
interface Change {
  readonly there: (tensor: HostTensor) => HostTensor;
  readonly back: (tensor: HostTensor) => HostTensor;
}

/** All tensors of the module that `moduleSource` writes, by their names there. */
export function stateDict(exportable: Exportable): Record<string, HostTensor> {
  const { network } = exportable;
  const changeOf = layoutChanges(exportable);
  const tensors: [string, HostTensor][] = parameterSpecs(network).map(({ node, role }) => [
    stateName(node, role),
    changeOf(node, role).there(parameterOf(exportable, node, role)),
  ]);
  return Object.fromEntries([...tensors, ...network.nodes.flatMap(constantsOf)]);
}

/** The inverse: our names and layout of a state dictionary. Tensors that are not there are left out. */
export function weightsFromStateDict(
  network: Network,
  side: number | undefined,
  tensors: Readonly<Record<string, HostTensor>>,
): Record<string, HostTensor> {
  const changeOf = layoutChanges({ network, ...(side !== undefined && { side }) });
  return Object.fromEntries(
    parameterSpecs(network).flatMap(({ name, node, role }) => {
      const theirs = stateName(node, role);
      const tensor = Object.hasOwn(tensors, theirs) ? tensors[theirs] : undefined;
      return tensor === undefined ? [] : [[name, changeOf(node, role).back(tensor)]];
    }),
  );
}

export function stateName(node: Node, role: ParameterSpec['role']): string {
  return `${layerName(node.name)}.${theirNames[role]}`;
}

/** What a module holds besides parameters. */
function constantsOf(node: Node): [string, HostTensor][] {
  const name = layerName(node.name);
  if (node.type === 'bicubic') {
    const kernel = channelsForPyTorch(bicubicKernel(node.factor), node.factor);
    return [[`${name}_kernel`, oihwFromHwio(kernel)]];
  }
  if (node.type === 'offset') {
    const data = Float32Array.from(node.offsets);
    return [[`${name}_offsets`, { shape: [data.length, 1, 1], data }]];
  }
  return [];
}

/** How each parameter is laid out anew. */
function layoutChanges(
  exportable: Pick<Exportable, 'network' | 'side'>,
): (node: Node, role: ParameterSpec['role']) => Change {
  const { network } = exportable;
  const shapes = nodeShapes(exportable);
  const factors = shuffleFactors(network);
  const unchanged: Change = { there: (tensor) => tensor, back: (tensor) => tensor };
  const forShuffle = (node: Node): Change => {
    const factor = factors.get(node);
    return factor === undefined
      ? unchanged
      : {
          there: (tensor) => channelsForPyTorch(tensor, factor),
          back: (tensor) => channelsFromPyTorch(tensor, factor),
        };
  };
  return (node, role) => {
    if (node.type === 'convolution') {
      const { there, back } = forShuffle(node);
      if (role === 'bias') return { there, back };
      return { there: (kernel) => oihwFromHwio(there(kernel)), back: (kernel) => back(hwioFromOihw(kernel)) };
    }
    if (node.type === 'dense' && role === 'kernel') {
      const before = network.nodes.find(({ name }) => name === node.from);
      const { side, channels } = shapes.get(before?.from ?? node.from) ?? { side: undefined, channels: 0 };
      const reorder = before?.type === 'flatten' && side !== undefined;
      return {
        there: (kernel) => transpose(reorder ? rowsByChannel(kernel, side, channels) : kernel, [1, 0]),
        back: (kernel) => {
          const rows = transpose(kernel, [1, 0]);
          return reorder ? rowsByPixel(rows, side, channels) : rows;
        },
      };
    }
    return unchanged;
  };
}
