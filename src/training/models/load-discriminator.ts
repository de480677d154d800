/**
 * Finding a discriminator's weights: in a model folder, in a finished run, or in a checkpoint of a run that still trains.
 * A run has one from its adversarial stage on.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../folders/lab-error';
import { readAnyModelCard, readRunConfiguration } from '../../folders/marker-files';
import { CARD_FILE, type TrainedDiscriminator } from '../../protocol/model-card';
import { RUN_FILE } from '../../protocol/run-configuration';
import type { NamedTensors } from '../engines/engine';
import { discriminatorNetwork } from '../networks/discriminator';
import { noUsableCheckpoint, readNewestCheckpoint, type Checkpoint } from '../run/checkpoints';
import { DISCRIMINATOR_FILE, MODEL_FOLDER } from '../run/model';
import { readSafetensors } from '../run/safetensors';
import { fittingWeights } from './fitting-weights';

export interface LoadedDiscriminator {
  /** What was loaded, in words, e.g. `the model first-run` or `the checkpoint of first-run at step 300`. */
  readonly description: string;
  /** Its layers, and the side of the patches that it judges. */
  readonly discriminator: TrainedDiscriminator;
  /** The tensors of the discriminator, `discriminator/…`, running averages included. */
  readonly weights: NamedTensors;
}

/**
 * Loads from a model folder or a run folder. A run gives that of its model if it has finished, else that of the newest
 * checkpoint of its adversarial stage. Throws a `LabError` if there is none or its weights do not fit.
 */
export async function loadDiscriminator(folder: string): Promise<LoadedDiscriminator> {
  if (existsSync(join(folder, CARD_FILE))) return loadModel(folder);
  if (!existsSync(join(folder, RUN_FILE))) {
    throw new LabError(
      `${folder} is neither a model nor a run: it has no ${CARD_FILE} and no ${RUN_FILE}. Name the folder of one.`,
    );
  }
  const model = join(folder, MODEL_FOLDER);
  // Runs that finished with earlier versions have it in their checkpoints alone.
  const inModel = existsSync(join(model, DISCRIMINATOR_FILE)) && existsSync(join(model, CARD_FILE));
  return inModel ? loadModel(model) : loadCheckpoint(folder);
}

async function loadModel(folder: string): Promise<LoadedDiscriminator> {
  const card = await readAnyModelCard(folder);
  if (card.kind !== 'generator' && card.kind !== 'discriminator') {
    const kind = card.kind === 'content' ? 'content network' : card.kind;
    throw new LabError(
      `The model ${folder} is a ${kind} and has no discriminator. Name a run or a model that has one.`,
    );
  }
  const { name, discriminator } = card;
  if (discriminator === undefined) {
    throw new LabError(
      `The model ${folder} has no discriminator: it was made by an earlier version, was imported, or had no adversarial ` +
        'stage. Name a run that had one.',
    );
  }
  const path = join(folder, DISCRIMINATOR_FILE);
  return {
    description: `the model ${name}`,
    discriminator,
    weights: fittingWeights(await readSafetensors(path), networkOf(discriminator), path),
  };
}

async function loadCheckpoint(run: string): Promise<LoadedDiscriminator> {
  const { name, stages, discriminator: layers, data } = await readRunConfiguration(run);
  if (!stages.some((stage) => stage.name === 'adversarial')) {
    throw new LabError(
      `The run ${run} has no discriminator: it has no adversarial stage. Name a run that has one.`,
    );
  }
  const checkpoint = await newestAdversarialCheckpoint(run);
  const description = `the checkpoint of ${name} at step ${checkpoint.step}`;
  const discriminator = { ...layers, patch: data.patch };
  return {
    description,
    discriminator,
    weights: fittingWeights(checkpoint.state, networkOf(discriminator), description),
  };
}

/** Checkpoints that cannot be used are passed over, as they are when training goes on. */
async function newestAdversarialCheckpoint(run: string): Promise<Checkpoint> {
  const { checkpoint, damaged } = await readNewestCheckpoint(run);
  if (checkpoint?.stage === 'adversarial') return checkpoint;
  const problems = damaged.map(({ problem }) => problem);
  if (checkpoint === undefined && problems.length > 0) throw noUsableCheckpoint(run, problems);
  const advice =
    `The run ${run} has no checkpoint of its adversarial stage yet, and so no trained discriminator. ` +
    'Train it longer, then try again.';
  throw new LabError([advice, ...problems].join('\n'));
}

function networkOf(discriminator: TrainedDiscriminator): ReturnType<typeof discriminatorNetwork> {
  return discriminatorNetwork(discriminator, discriminator.patch);
}
