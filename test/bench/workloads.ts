/** What is measured: two sizes of SRGAN, two batch sizes, three tasks. Configurations that the lab itself could train. */
import { presets } from '../../src/protocol/presets';
import { runConfigurationSchema, type RunConfiguration } from '../../src/protocol/run-configuration';

export const networkNames = ['tiny', 'paper'] as const;
export type NetworkName = (typeof networkNames)[number];

/** In the order they are measured: the adversarial step comes first, so that a process's peak memory is its own. */
export const tasks = ['adversarial', 'pixel', 'inference'] as const;
export type Task = (typeof tasks)[number];

export const taskNames: Readonly<Record<Task, string>> = {
  adversarial: 'SRGAN step',
  pixel: 'SRResNet step',
  inference: 'inference, 128² LR',
};

/** Side of the LR image of the task `inference`. */
export const INFERENCE_SIDE = 128;

type Size = Pick<RunConfiguration, 'generator' | 'discriminator' | 'content'> & { readonly patch: number };

const content = { network: 'random-vgg', layer: 'conv2_2', seed: 0 } as const;

const sizes: Readonly<Record<NetworkName, Size>> = {
  tiny: {
    generator: { blocks: 4, channels: 32, normalisation: 'batch', prelu: 'channel', globalSkip: 'none' },
    discriminator: {
      layers: [
        { channels: 32, stride: 1 },
        { channels: 32, stride: 2 },
        { channels: 64, stride: 1 },
        { channels: 64, stride: 2 },
      ],
      denseUnits: 256,
    },
    content: { ...content, width: 0.25 },
    patch: 48,
  },
  paper: {
    generator: { ...presets.paper.generator, prelu: 'channel' },
    discriminator: presets.paper.discriminator,
    content: { ...content, width: 1 },
    patch: 96,
  },
};

/** A whole configuration: ×4, all three terms in G's loss, Adam as its authors set it. */
export function workload(network: NetworkName, batch: number): RunConfiguration {
  const { patch, ...networks } = sizes[network];
  const { description: _, ...preset } = presets.quick;
  return runConfigurationSchema.parse({
    ...preset,
    format: 1,
    name: network,
    created: new Date(0).toISOString(),
    preset: 'bench',
    dataset: '.',
    scale: 4,
    seed: 0,
    engine: 'embedded',
    ...networks,
    lossWeights: { pixel: 1, content: 0.006, adversarial: 0.001 },
    adam: presets.paper.adam,
    data: { patch, batch, flips: true, quarterTurns: true },
  });
}
