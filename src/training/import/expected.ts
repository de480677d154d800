/**
 * What a file must hold to be the network it claims to be: names and shapes, taken from an export of that network. A file
 * is held against them before its tensors are read.
 */
import { LabError } from '../../folders/lab-error';
import type { NamedTensors } from '../engines/engine';
import type { Exportable } from '../export/exportable';
import { kerasModel } from '../export/keras/keras-model';
import { stateDict } from '../export/pytorch/state-dict';
import { elementCount, formatShape, sameShape, type Shape } from '../graph/shape';
import type { Network } from '../networks/network';
import { parameterSpecs } from '../networks/parameters';
import type { ForeignWeights } from './foreign-weights';

/** Throws a `LabError` where the file is too small for the network; then nothing of the network's size is allocated. */
export function refuseSmallFile({ shapes, path }: ForeignWeights, network: Network): void {
  const held = [...shapes.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
  const wanted = parameterSpecs(network).reduce((sum, { shape }) => sum + elementCount(shape), 0);
  if (held >= wanted) return;
  throw new LabError(
    `${path} holds ${held} numbers, and the ${network.name} that it says it is has ${wanted}. It is damaged.`,
  );
}

/** Names and shapes of a network's state in PyTorch. */
export function expectedState(expected: Omit<Exportable, 'weights'>): Map<string, Shape> {
  const state = stateDict({ ...expected, weights: zeros(expected.network) });
  return new Map(Object.entries(state).map(([name, { shape }]) => [name, shape]));
}

/** Names, `LAYER/WEIGHT`, and shapes of a network's weights in Keras. */
export function expectedLayers(expected: Omit<Exportable, 'weights'>): Map<string, Shape> {
  const { layers } = kerasModel({ ...expected, weights: zeros(expected.network) });
  return new Map(
    layers.flatMap(({ name: layer, weights }) =>
      weights.map(({ name, tensor }) => [`${layer}/${name}`, tensor.shape] as const),
    ),
  );
}

/** Reads these tensors. Throws a `LabError` where one is missing, of another shape, or one too many; then none is read. */
export async function readExpected(
  file: ForeignWeights,
  expected: ReadonlyMap<string, Shape>,
): Promise<NamedTensors> {
  for (const [name, shape] of expected) {
    const found = file.shapes.get(name);
    if (found !== undefined && sameShape(found, shape)) continue;
    const what = found === undefined ? 'is missing' : `is ${formatShape(found)}`;
    throw new LabError(
      `The weights in ${file.path} do not fit the network: ${name} ${what} and should be ${formatShape(shape)}.`,
    );
  }
  const other = [...file.shapes.keys()].find((name) => !expected.has(name));
  if (other !== undefined) {
    throw new LabError(
      `The weights in ${file.path} do not fit the network: it has no ${other}. They are another network’s.`,
    );
  }
  return file.read([...expected.keys()]);
}

function zeros(network: Network): NamedTensors {
  return Object.fromEntries(
    parameterSpecs(network).map(({ name, shape }) => [
      name,
      { shape, data: new Float32Array(elementCount(shape)) },
    ]),
  );
}
