/**
 * The presets: complete starting points of a run's configuration.
 * `paper` is Ledig et al. 2017, section 3.2, but for its length; `quick` is tuned for minutes on two CPU cores
 * (docs/quick-preset.md).
 */
import type { RunConfiguration } from './run-configuration';

export const presetNames = ['quick', 'small', 'paper'] as const;
export type PresetName = (typeof presetNames)[number];

/** What a preset decides; the rest of a configuration is about one run. */
export type Preset = { description: string } & Pick<
  RunConfiguration,
  | 'generator'
  | 'discriminator'
  | 'content'
  | 'lossWeights'
  | 'adam'
  | 'data'
  | 'stages'
  | 'validation'
  | 'checkpoints'
>;

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

export const presets: Record<PresetName, Preset> = {
  quick: {
    description: 'Minutes on two CPU cores: a small generator with a bicubic skip connection',
    generator: { blocks: 6, channels: 24, normalisation: 'none', prelu: 'channel', globalSkip: 'bicubic' },
    discriminator: {
      layers: [
        { channels: 32, stride: 1 },
        { channels: 32, stride: 2 },
        { channels: 64, stride: 1 },
        { channels: 64, stride: 2 },
      ],
      denseUnits: 256,
    },
    content: { network: 'random-vgg', layer: 'conv2_2', width: 0.25, seed: 0 },
    lossWeights: { pixel: 1, content: 0.006, adversarial: 0.0005 },
    adam: { ...adam, beta2: 0.99 },
    data: { patch: 48, batch: 4, flips: true, quarterTurns: true },
    stages: [
      {
        name: 'pixel',
        steps: 8000,
        learningRate: { schedule: 'cosine', initial: 1e-3, final: 1e-5, warmup: 100 },
      },
      { name: 'adversarial', steps: 300, learningRate: { schedule: 'constant', initial: 5e-5 } },
    ],
    validation: { every: 200, images: 2, crop: 384 },
    checkpoints: { every: 1000, keepLast: 2 },
  },
  small: {
    description: 'Hours on a CPU, minutes on a GPU: half of the paper’s width and depth',
    generator: { blocks: 8, channels: 32, normalisation: 'batch', prelu: 'channel', globalSkip: 'none' },
    discriminator: {
      layers: [
        { channels: 32, stride: 1 },
        { channels: 32, stride: 2 },
        { channels: 64, stride: 1 },
        { channels: 64, stride: 2 },
        { channels: 128, stride: 1 },
        { channels: 128, stride: 2 },
        { channels: 256, stride: 1 },
        { channels: 256, stride: 2 },
      ],
      denseUnits: 512,
    },
    content: { network: 'random-vgg', layer: 'conv2_2', width: 0.5, seed: 0 },
    lossWeights: { pixel: 1, content: 0.006, adversarial: 0.001 },
    adam,
    data: { patch: 96, batch: 8, flips: true, quarterTurns: true },
    stages: [
      {
        name: 'pixel',
        steps: 20_000,
        learningRate: { schedule: 'cosine', initial: 4e-4, final: 1e-6, warmup: 100 },
      },
      {
        name: 'adversarial',
        steps: 10_000,
        learningRate: { schedule: 'step', initial: 1e-4, dropAt: [5000], factor: 0.1 },
      },
    ],
    validation: { every: 500, images: 4, crop: 512 },
    checkpoints: { every: 1000, keepLast: 3 },
  },
  paper: {
    description: 'SRGAN of Ledig et al. 2017: 16 blocks of 64 channels; days on a GPU',
    generator: { blocks: 16, channels: 64, normalisation: 'batch', prelu: 'layer', globalSkip: 'none' },
    discriminator: {
      layers: [
        { channels: 64, stride: 1 },
        { channels: 64, stride: 2 },
        { channels: 128, stride: 1 },
        { channels: 128, stride: 2 },
        { channels: 256, stride: 1 },
        { channels: 256, stride: 2 },
        { channels: 512, stride: 1 },
        { channels: 512, stride: 2 },
      ],
      denseUnits: 1024,
    },
    content: { network: 'random-vgg', layer: 'conv5_4', width: 1, seed: 0 },
    lossWeights: { pixel: 0, content: 1, adversarial: 0.001 },
    adam,
    data: { patch: 96, batch: 16, flips: true, quarterTurns: true },
    stages: [
      { name: 'pixel', steps: 1_000_000, learningRate: { schedule: 'constant', initial: 1e-4 } },
      {
        name: 'adversarial',
        steps: 200_000,
        learningRate: { schedule: 'step', initial: 1e-4, dropAt: [100_000], factor: 0.1 },
      },
    ],
    validation: { every: 5000, images: 5, crop: 512 },
    checkpoints: { every: 5000, keepLast: 5 },
  },
};

/** A preset as a whole configuration, at ×4 unless `changes` say otherwise; what belongs to one run is neutral. */
export function presetConfiguration(
  preset: PresetName,
  changes: Partial<RunConfiguration> = {},
): RunConfiguration {
  const { description: _, ...settings } = presets[preset];
  return {
    format: 1,
    name: preset,
    created: new Date(0).toISOString(),
    preset,
    dataset: 'dataset',
    scale: 4,
    seed: 0,
    engine: 'auto',
    ...settings,
    ...changes,
  };
}
