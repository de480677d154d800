/** What a trainer starts from: fresh weights of the seed, with a checkpoint's laid over them. */
import { resolve } from 'node:path';
import { LabError } from '../../folders/lab-error';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { StageName } from '../../protocol/stage-names';
import type { NamedTensors } from '../engines/engine';
import { initialState, isMomentOf, isPersistent } from '../networks/initial-state';
import { fittingWeights } from '../models/fitting-weights';
import { loadDiscriminator } from '../models/load-discriminator';
import { discriminatorNetwork } from '../networks/discriminator';
import { generatorNetwork } from '../networks/generator';
import { loadGenerator } from '../upscale/load-generator';
import type { Checkpoint } from './checkpoints';

/**
 * The tensors that a checkpoint of a stage holds. Until the adversarial stage begins, the discriminator is what the seed
 * makes of it, and need not be kept.
 */
export function persistentNames(names: readonly string[], stage: StageName): string[] {
  const untouched = (name: string): boolean =>
    stage === 'pixel' && (name.startsWith('discriminator/') || isMomentOf('discriminator', name));
  return names.filter((name) => isPersistent(name) && !untouched(name));
}

/**
 * All tensors of a run, as they were at the checkpoint, or at the start where there is none: fresh, or with networks that
 * were trained before. Throws a `LabError` if the checkpoint was made with other networks than the configuration describes.
 */
export async function stateAt(
  run: string,
  configuration: RunConfiguration,
  checkpoint: Checkpoint | undefined,
): Promise<NamedTensors> {
  const initial = await initialState(configuration, run);
  if (checkpoint === undefined) {
    const generator = await startingGenerator(run, configuration);
    return { ...initial, ...generator, ...(await startingDiscriminator(run, configuration)) };
  }
  const fail = (difference: string): never => {
    throw new LabError(
      `The checkpoint at step ${checkpoint.step} does not fit the configuration: ${difference}. ` +
        `Restore the settings of the networks in run.srgan.json, or start a new run.`,
    );
  };
  for (const name of persistentNames(Object.keys(initial), checkpoint.stage)) {
    const expected = initial[name]!.shape.join('×');
    const found = checkpoint.state[name]?.shape.join('×');
    if (found === undefined) fail(`it lacks ${name}`);
    if (found !== expected) fail(`${name} is ${found} in it and should be ${expected}`);
  }
  const unknown = Object.keys(checkpoint.state).find((name) => !(name in initial));
  if (unknown !== undefined) fail(`it has ${unknown}, which the networks do not`);
  // Checkpoints of the pixel stage have no discriminator.
  const discriminator =
    checkpoint.stage === 'pixel' ? await startingDiscriminator(run, configuration) : undefined;
  return { ...initial, ...discriminator, ...checkpoint.state };
}

/** The generator's weights that the configuration starts from; none where it starts afresh. */
async function startingGenerator(
  run: string,
  { startFrom, generator, scale }: RunConfiguration,
): Promise<NamedTensors> {
  if (startFrom === undefined) return {};
  const { weights, description } = await loadGenerator(resolve(run, startFrom));
  return fittingWeights(
    weights,
    generatorNetwork(generator, scale),
    `${description}, which \`startFrom\` names,`,
  );
}

/** Likewise the discriminator's; none in a run without an adversarial stage, which has no use for them. */
async function startingDiscriminator(
  run: string,
  { startDiscriminatorFrom, discriminator, data, stages }: RunConfiguration,
): Promise<NamedTensors> {
  if (startDiscriminatorFrom === undefined || !stages.some(({ name }) => name === 'adversarial')) return {};
  const { weights, description } = await loadDiscriminator(resolve(run, startDiscriminatorFrom));
  return fittingWeights(
    weights,
    discriminatorNetwork(discriminator, data.patch),
    `${description}, which \`startDiscriminatorFrom\` names,`,
  );
}
