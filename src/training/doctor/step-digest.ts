/** What an engine makes of training steps and of an enlargement, to the bit: two engines that compute the same have the same digest. */
import { createHash } from 'node:crypto';
import { presetConfiguration } from '../../protocol/presets';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { Engine } from '../engines/engine';
import type { StepGraph } from '../graph/step-graph';
import { initialState } from '../networks/initial-state';
import { traceStep } from '../run/stage-step';
import { traceInference } from '../step/inference';
import { randomInputs } from './random-inputs';

/** As `paper`, so that all of its kinds of operations are there, but small: it is tried before a first run starts. */
function smallPaper(): RunConfiguration {
  const paper = presetConfiguration('paper');
  return {
    ...paper,
    generator: { ...paper.generator, blocks: 1, channels: 32 },
    discriminator: presetConfiguration('quick').discriminator,
    content: { network: 'random-vgg', layer: 'conv2_2', width: 0.25, seed: 0 },
    data: { ...paper.data, patch: 48, batch: 1 },
  };
}

/** Hexadecimal. Takes some tenths of a second on a processor. */
export async function stepDigest(engine: Engine): Promise<string> {
  const hash = createHash('sha256');
  const configuration = smallPaper();
  const { generator, scale } = configuration;
  const graphs: readonly StepGraph[] = [
    traceStep.pixel(configuration),
    traceStep.adversarial(configuration),
    traceInference(generator, scale, { batch: 1, height: 48, width: 48 }),
  ];
  const state = await engine.createState(await initialState(configuration));
  try {
    for (const graph of graphs) {
      const executable = await engine.compile(graph, state);
      const outputs = await executable.run(randomInputs(graph));
      for (const name of Object.keys(outputs).sort()) hash.update(name).update(outputs[name]!.data);
      executable.dispose();
    }
    const after = await state.read();
    for (const name of Object.keys(after).sort()) hash.update(name).update(after[name]!.data);
  } finally {
    state.dispose();
  }
  return hash.digest('hex');
}
