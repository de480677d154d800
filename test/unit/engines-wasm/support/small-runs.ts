/** Configurations small enough for the reference engine, and inputs for their steps. */
import { presets } from '../../../../src/protocol/presets';
import type { RunConfiguration } from '../../../../src/protocol/run-configuration';
import type { HostTensor, NamedTensors } from '../../../../src/training/engines/engine';
import { elementCount } from '../../../../src/training/graph/shape';
import type { StepGraph } from '../../../../src/training/graph/step-graph';
import { adamScalars } from '../../../../src/training/step/adam';
import { randomSource } from './tensors';

type Part = Partial<
  Pick<RunConfiguration, 'generator' | 'discriminator' | 'content' | 'lossWeights' | 'scale' | 'data'>
>;

/** The `quick` preset with other networks and a patch of 24 pixels. */
export function smallRun(part: Part): RunConfiguration {
  return {
    ...presets.quick,
    format: 1,
    name: 'small',
    created: '2026-01-01T00:00:00Z',
    preset: 'quick',
    dataset: '',
    scale: 4,
    seed: 3,
    engine: 'embedded',
    data: { patch: 24, batch: 2, flips: true, quarterTurns: true },
    generator: { blocks: 2, channels: 8, normalisation: 'batch', prelu: 'channel', globalSkip: 'none' },
    discriminator: {
      layers: [
        { channels: 8, stride: 1 },
        { channels: 12, stride: 2 },
        { channels: 16, stride: 1 },
        { channels: 16, stride: 2 },
      ],
      denseUnits: 20,
    },
    content: { network: 'random-vgg', layer: 'conv2_2', width: 0.15, seed: 0 },
    lossWeights: { pixel: 1, content: 0.006, adversarial: 0.001 },
    ...part,
  };
}

/** Random images in [0, 1], and the scalars of Adam's `t`-th update. */
export function stepInputs(graph: StepGraph, { adam }: RunConfiguration, t: number): NamedTensors {
  const random = randomSource(t);
  const scalars = adamScalars(adam, 1e-3, t);
  return Object.fromEntries(
    graph.inputs.map(({ name, value }): [string, HostTensor] => {
      const { shape } = graph.values[value]!;
      if (name.endsWith('/stepSize')) return [name, { shape, data: Float32Array.of(scalars.stepSize) }];
      if (name.endsWith('/epsilon')) return [name, { shape, data: Float32Array.of(scalars.epsilon) }];
      return [name, { shape, data: Float32Array.from({ length: elementCount(shape) }, random) }];
    }),
  );
}
