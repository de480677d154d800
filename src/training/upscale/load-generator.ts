/** Finding a generator's weights: in a model folder, in a finished run, or in a checkpoint of a run that still trains. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LabError } from '../../folders/lab-error';
import { readModelCard, readRunConfiguration } from '../../folders/marker-files';
import { CHECKPOINTS_FOLDER } from '../../protocol/checkpoint-file';
import { CARD_FILE } from '../../protocol/model-card';
import type { EngineSettings } from '../../protocol/engine-settings';
import {
  RUN_FILE,
  type EngineChoice,
  type GeneratorConfiguration,
  type Scale,
} from '../../protocol/run-configuration';
import type { NamedTensors } from '../engines/engine';
import {
  bestCheckpointStep,
  noUsableCheckpoint,
  readCheckpoint,
  readNewestCheckpoint,
  type Checkpoint,
} from '../run/checkpoints';
import { GENERATOR_FILE, MODEL_FOLDER } from '../run/model';
import { readSafetensors } from '../run/safetensors';
import { generatorNetwork } from '../networks/generator';
import { fittingWeights } from '../models/fitting-weights';

export interface LoadedGenerator {
  /** What was loaded, in words, e.g. `the model first-run` or `the checkpoint of first-run at step 300`. */
  readonly description: string;
  readonly scale: Scale;
  readonly generator: GeneratorConfiguration;
  /** The tensors of the generator, `generator/…`. */
  readonly weights: NamedTensors;
  /** The engine of the run and its settings, where it comes from a run. */
  readonly engine?: EngineChoice;
  readonly engineSettings?: EngineSettings | undefined;
}

/**
 * Loads from the folder of a model, a run, or a checkpoint of a run. A run gives its model if it has finished, else its
 * best checkpoint, else its newest. Throws a `LabError` if there is none or its weights do not fit.
 */
export async function loadGenerator(folder: string): Promise<LoadedGenerator> {
  if (existsSync(join(folder, CARD_FILE))) return loadModel(folder);
  const checkpoint = locateCheckpoint(folder);
  const run = checkpoint?.run ?? folder;
  if (!existsSync(join(run, RUN_FILE))) {
    throw new LabError(
      `${folder} is neither a model nor a run: it has no ${CARD_FILE} and no ${RUN_FILE}. Name the folder of one.`,
    );
  }
  const { engine, engineSettings } = await readRunConfiguration(run);
  const model = join(run, MODEL_FOLDER);
  const finished = checkpoint === undefined && existsSync(join(model, CARD_FILE));
  const loaded = finished ? await loadModel(model) : await loadCheckpoint(run, checkpoint?.step);
  return { ...loaded, engine, engineSettings };
}

/** Which checkpoint of which run the folder is. */
function locateCheckpoint(folder: string): { run: string; step: number } | undefined {
  const path = resolve(folder);
  const step = /^step-(\d{6,})$/.exec(basename(path))?.[1];
  if (step === undefined || basename(dirname(path)) !== CHECKPOINTS_FOLDER) return undefined;
  return { run: dirname(dirname(path)), step: Number(step) };
}

async function loadModel(folder: string): Promise<LoadedGenerator> {
  const { name, scale, generator } = await readModelCard(folder);
  const path = join(folder, GENERATOR_FILE);
  const weights = fittingWeights(await readSafetensors(path), generatorNetwork(generator, scale), path);
  return { description: `the model ${name}`, scale, generator, weights };
}

/** That of the step, or the best, or the newest. */
async function loadCheckpoint(run: string, step?: number): Promise<LoadedGenerator> {
  const { name, scale, generator } = await readRunConfiguration(run);
  const best = step ?? (await bestCheckpointStep(run));
  const checkpoint = best === undefined ? await newestCheckpoint(run) : await readCheckpoint(run, best);
  const description = `the checkpoint of ${name} at step ${checkpoint.step}`;
  return {
    description,
    scale,
    generator,
    weights: fittingWeights(checkpoint.state, generatorNetwork(generator, scale), description),
  };
}

async function newestCheckpoint(run: string): Promise<Checkpoint> {
  const { checkpoint, damaged } = await readNewestCheckpoint(run);
  if (checkpoint !== undefined) return checkpoint;
  throw noUsableCheckpoint(
    run,
    damaged.map(({ problem }) => problem),
  );
}
