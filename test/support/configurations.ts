/** Run configurations for tests of training: small enough to be computed in plain JavaScript. */
import { presetConfiguration as configurationOf, type PresetName } from '../../src/protocol/presets';
import type { RunConfiguration } from '../../src/protocol/run-configuration';

/** A preset as a whole configuration, at ×4. */
export function presetConfiguration(preset: PresetName): RunConfiguration {
  return configurationOf(preset, { seed: 7, engine: 'embedded' });
}

/** Both networks with every kind of layer, a few channels wide. */
export function microConfiguration(changes: Partial<RunConfiguration> = {}): RunConfiguration {
  return {
    ...presetConfiguration('quick'),
    preset: 'micro',
    scale: 2,
    generator: { blocks: 1, channels: 4, normalisation: 'batch', prelu: 'channel', globalSkip: 'none' },
    discriminator: {
      layers: [
        { channels: 4, stride: 1 },
        { channels: 4, stride: 2 },
      ],
      denseUnits: 8,
    },
    content: { network: 'random-vgg', layer: 'conv2_2', width: 0.0625, seed: 0 },
    data: { patch: 8, batch: 2, flips: true, quarterTurns: true },
    ...changes,
  };
}
