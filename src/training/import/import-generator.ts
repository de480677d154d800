/**
 * Generators of others. What the lab exported says itself which network it is; of files by others, SRResNet generators in
 * PyTorch's layout are known by the names of their tensors.
 */
import { LabError } from '../../folders/lab-error';
import { networkDescriptionSchema } from '../../protocol/exported-model';
import type { GeneratorConfiguration, Scale } from '../../protocol/run-configuration';
import type { NamedTensors } from '../engines/engine';
import { layerName, shuffleFactors } from '../export/exportable';
import { plainKernel } from '../export/keras/transposed';
import { reshaped } from '../export/layouts';
import { weightsFromStateDict } from '../export/pytorch/state-dict';
import { fittingWeights } from '../models/fitting-weights';
import { generatorNetwork } from '../networks/generator';
import type { Network } from '../networks/network';
import { parameterSpecs, type ParameterSpec } from '../networks/parameters';
import { expectedLayers, expectedState, readExpected, refuseSmallFile } from './expected';
import type { ForeignWeights } from './foreign-weights';
import { recogniseSrganNames } from './srgan-names';

export interface ImportedGenerator {
  readonly scale: Scale;
  readonly generator: GeneratorConfiguration;
  readonly weights: NamedTensors;
}

/** Throws a `LabError` if the file holds no generator that is known, or its weights do not fit. */
export async function importGenerator(file: ForeignWeights): Promise<ImportedGenerator> {
  if (file.description !== undefined) return ownExport(file);
  if (file.format === 'safetensors') {
    const recognised = await recogniseSrganNames(file);
    if (recognised !== undefined) return recognised;
  }
  throw new LabError(
    `${file.path} holds no generator that is known: neither one that srgan-lab exported, nor an SRResNet in PyTorch’s ` +
      'layout with the names of leftthomas/SRGAN (block1.0.weight …). docs/models.md says more.',
  );
}

async function ownExport(file: ForeignWeights): Promise<ImportedGenerator> {
  const parsed = networkDescriptionSchema.safeParse(file.description);
  if (!parsed.success) {
    throw new LabError(
      `What ${file.path} says of its own network cannot be understood. It was written by a later version, or damaged.`,
    );
  }
  const description = parsed.data;
  if (description.what !== 'generator') {
    throw new LabError(
      `${file.path} holds a ${description.what}, and no generator. Only generators and content networks are imported.`,
    );
  }
  const { scale, generator } = description;
  const network = generatorNetwork(generator, scale);
  refuseSmallFile(file, network);
  const weights =
    file.format === 'safetensors' ? await fromPyTorch(file, network) : await fromKeras(file, network);
  return { scale, generator, weights: fittingWeights(weights, network, file.path) };
}

async function fromPyTorch(file: ForeignWeights, network: Network): Promise<NamedTensors> {
  return weightsFromStateDict(network, undefined, await readExpected(file, expectedState(network)));
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
async function fromKeras(file: ForeignWeights, network: Network): Promise<NamedTensors> {
  const tensors = await readExpected(file, expectedLayers(network));
  const factors = shuffleFactors(network);
  return Object.fromEntries(
    parameterSpecs(network).map(({ name, node, role, shape }) => {
      const own = layerName(node.name);
      const factor = factors.get(node);
      if (factor !== undefined && role === 'kernel')
        return [name, plainKernel(tensors[`${own}/kernel`]!, factor)];
      const theirs = factor !== undefined ? `${own}_bias/kernel` : `${own}/${kerasNames[role]}`;
      return [name, reshaped(tensors[theirs]!, shape)];
    }),
  );
}
