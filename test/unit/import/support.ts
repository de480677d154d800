/** Models with weights that are all different, for exports and imports. */
import { join } from 'node:path';
import type { ModelCard, TrainedDiscriminator } from '../../../src/protocol/model-card';
import type { GeneratorConfiguration, Scale } from '../../../src/protocol/run-configuration';
import type { HostTensor, NamedTensors } from '../../../src/training/engines/engine';
import { discriminatorNetwork } from '../../../src/training/networks/discriminator';
import { generatorNetwork } from '../../../src/training/networks/generator';
import type { Network } from '../../../src/training/networks/network';
import { parameterSpecs } from '../../../src/training/networks/parameters';
import { writeModelFolder } from '../../../src/training/run/model';
import { randomTensor } from '../../support/run-operation';

export const smallGenerator: GeneratorConfiguration = {
  blocks: 2,
  channels: 6,
  normalisation: 'batch',
  prelu: 'channel',
  globalSkip: 'none',
};

/** Odd sides at its strides, and more than one pixel before the dense layers, whose rows exports reorder. */
export const smallDiscriminator: TrainedDiscriminator = {
  layers: [
    { channels: 4, stride: 1 },
    { channels: 6, stride: 2 },
    { channels: 5, stride: 2 },
  ],
  denseUnits: 7,
  patch: 18,
};

/** Random weights such that every parameter shows in the result: no bias is zero, no variance negative. */
export function variedWeights(network: Network): NamedTensors {
  return Object.fromEntries(
    parameterSpecs(network).map(({ name, shape, role }): [string, HostTensor] => {
      const { data } = randomTensor(shape, name, role === 'kernel' ? 0.15 : 0.3);
      const offset = role === 'gamma' || role === 'variance' ? 1 : 0;
      const values = data.map((value) => offset + (role === 'variance' ? Math.abs(value) : value));
      return [name, { shape, data: values }];
    }),
  );
}

/** Makes `folder/model`, with a discriminator if one is given; returns its path and weights. */
export async function makeGeneratorModel(
  folder: string,
  generator: GeneratorConfiguration,
  scale: Scale,
  discriminator?: TrainedDiscriminator,
): Promise<{ model: string; weights: NamedTensors }> {
  const weights = {
    ...variedWeights(generatorNetwork(generator, scale)),
    ...(discriminator && variedWeights(discriminatorNetwork(discriminator, discriminator.patch))),
  };
  const card: ModelCard = {
    format: 1,
    name: 'first-run',
    created: new Date(0).toISOString(),
    kind: 'generator',
    scale,
    generator,
    trainedOn: 'photos',
    ...(discriminator && { discriminator }),
    stage: discriminator === undefined ? 'pixel' : 'adversarial',
    steps: 10,
  };
  const model = join(folder, 'model');
  await writeModelFolder(model, card, weights);
  return { model, weights };
}
