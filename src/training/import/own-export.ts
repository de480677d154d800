/** What `srgan-lab export` wrote, taken back: the file says itself which network it is, and is held against that. */
import { LabError } from '../../folders/lab-error';
import { networkDescriptionSchema, type NetworkDescription } from '../../protocol/exported-model';
import type { NamedTensors } from '../engines/engine';
import { layerName, shuffleFactors, type Exportable } from '../export/exportable';
import { plainKernel } from '../export/keras/transposed';
import { reshaped } from '../export/layouts';
import { weightsFromStateDict } from '../export/pytorch/state-dict';
import { fittingWeights } from '../models/fitting-weights';
import { parameterSpecs, type ParameterSpec } from '../networks/parameters';
import { expectedLayers, expectedState, readExpected, refuseSmallFile } from './expected';
import type { ForeignWeights } from './foreign-weights';

/** A network without its weights. */
export type ExpectedNetwork = Omit<Exportable, 'weights'>;

/**
 * What the file says that it holds. Throws a `LabError` where that cannot be understood, or is another part than `wanted`.
 */
export function describedAs<T extends NetworkDescription['what']>(
  file: ForeignWeights,
  wanted: T,
): Extract<NetworkDescription, { what: T }> {
  const parsed = networkDescriptionSchema.safeParse(file.description);
  if (!parsed.success) {
    throw new LabError(
      `What ${file.path} says of its own network cannot be understood. It was written by a later version, or damaged.`,
    );
  }
  const description: NetworkDescription = parsed.data;
  if (isPart(description, wanted)) return description;
  throw new LabError(
    `${file.path} holds a ${description.what}, and no ${wanted}. ${remedies[description.what]}`,
  );
}

const remedies: Readonly<Record<NetworkDescription['what'], string>> = {
  generator: 'Import it with --as generator.',
  discriminator: 'Import it with --as discriminator.',
  trunk: 'A trunk lacks the dense layers of its discriminator: export that with --what discriminator.',
  classifier: 'Classifiers are not imported: there is nothing in the lab that goes on with one.',
};

function isPart<T extends NetworkDescription['what']>(
  description: NetworkDescription,
  wanted: T,
): description is Extract<NetworkDescription, { what: T }> {
  return description.what === wanted;
}

/** The weights of the network, by our names. Throws a `LabError` where they do not fit it or are no finite numbers. */
export async function readOwnExport(file: ForeignWeights, expected: ExpectedNetwork): Promise<NamedTensors> {
  refuseSmallFile(file, expected.network);
  const read = file.format === 'safetensors' ? fromPyTorch : fromKeras;
  return fittingWeights(await read(file, expected), expected.network, file.path);
}

async function fromPyTorch(file: ForeignWeights, expected: ExpectedNetwork): Promise<NamedTensors> {
  const tensors = await readExpected(file, expectedState(expected));
  return weightsFromStateDict(expected.network, expected.side, tensors);
}

/** Keras' names of what a layer holds. */
const kerasNames: Record<ParameterSpec['role'], string> = {
  kernel: 'kernel',
  bias: 'bias',
  gamma: 'gamma',
  beta: 'beta',
  mean: 'moving_mean',
  variance: 'moving_variance',
  alpha: 'alpha',
};

/** Takes the transposed convolutions of exports apart again. */
async function fromKeras(file: ForeignWeights, expected: ExpectedNetwork): Promise<NamedTensors> {
  const tensors = await readExpected(file, expectedLayers(expected));
  const factors = shuffleFactors(expected.network);
  return Object.fromEntries(
    parameterSpecs(expected.network).map(({ name, node, role, shape }) => {
      const own = layerName(node.name);
      const factor = factors.get(node);
      if (factor !== undefined && role === 'kernel')
        return [name, plainKernel(tensors[`${own}/kernel`]!, factor)];
      const theirs = factor !== undefined ? `${own}_bias/kernel` : `${own}/${kerasNames[role]}`;
      return [name, reshaped(tensors[theirs]!, shape)];
    }),
  );
}
