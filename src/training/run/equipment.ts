/** What a trainer works with: everything that is opened before the first step and closed after the last. */
import { LabError } from '../../folders/lab-error';
import { contentsOf, readDatasetFile } from '../../folders/dataset-folder';
import { datasetFolderOf } from '../../folders/marker-files';
import type { DatasetFile } from '../../protocol/dataset-file';
import { engineNames } from '../../protocol/engine-report';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { Engine, EngineState } from '../engines/engine';
import { decideEngine, openEngineByName } from '../engines/open-engine';
import { openFeed, type Feed } from '../feed/feed';
import { createUpscaler, type Upscaler } from '../upscale/upscaler';
import {
  readNewestCheckpoint,
  setAsideCheckpointsAfter,
  type Checkpoint,
  type DamagedCheckpoint,
} from './checkpoints';
import { stateAt } from './initial-state';
import { openMetricsLog, type MetricsLog } from './metrics-log';
import { sampleBudget, stageEnds } from './sample-budget';
import { openSamples, removeSamplesAfter, writeReferences, type SampleFolder } from './samples';
import { withTensorBoard } from './tensorboard/tensorboard-log';
import { describeDevice } from './words';
import { openValidator, type Validator } from './validation';

interface OpenedEngine {
  readonly engine: Engine;
  /** Why it is this one, in a sentence. */
  readonly engineReason: string;
  /** What it computes on, and its settings that are not the usual ones, in words. */
  readonly device: string;
}

export interface Equipment extends OpenedEngine {
  readonly dataset: DatasetFile;
  /** Both networks, both optimisers and the content network. */
  readonly state: EngineState;
  readonly metrics: MetricsLog;
  readonly feed: Feed;
  readonly validator: Validator;
  readonly samples: SampleFolder;
  /** Follows the generator in `state`. */
  readonly upscaler: Upscaler;
  /** Where training goes on; undefined at the start of a run. */
  readonly checkpoint: Checkpoint | undefined;
  readonly damaged: readonly DamagedCheckpoint[];
  close(): Promise<void>;
}

/**
 * Opens everything for training on from the newest checkpoint, and removes what was written after it.
 * Throws a `LabError` if the data set, the checkpoint or the engine cannot be used; then nothing stays open.
 */
export async function openEquipment(run: string, configuration: RunConfiguration): Promise<Equipment> {
  const opened: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of opened.splice(0).reverse()) await closeOne();
  };
  try {
    const { scale, seed, data } = configuration;
    const datasetFolder = datasetFolderOf(run, configuration);
    const dataset = await readFittingDataset(datasetFolder, configuration);
    const { checkpoint, damaged } = await readNewestCheckpoint(run);
    const step = checkpoint?.step ?? 0;
    const initial = await stateAt(run, configuration, checkpoint);

    const feed = await openFeed({ dataset: datasetFolder, seed, ...data, side: data.patch / scale }, step);
    opened.push(() => feed.close());
    const validator = await openValidator(datasetFolder, configuration);
    const { engine, engineReason, device } = await openEngineAgain(configuration, checkpoint?.engine);
    opened.push(() => engine.dispose());
    const state = await engine.createState(initial);
    opened.push(() => {
      state.dispose();
    });
    const upscaler = createUpscaler(engine, state, configuration.generator, scale);
    opened.push(() => {
      upscaler.dispose();
    });

    // Only now, when nothing is known to stand in the way, is anything of the run changed.
    await setAsideCheckpointsAfter(run, step);
    await removeSamplesAfter(run, step);
    await writeReferences(run, validator.crops);
    const fixed = new Set(stageEnds(configuration));
    const samples = await openSamples(run, sampleBudget(configuration), fixed);
    let metrics = await openMetricsLog(run, step);
    opened.push(() => {
      metrics.close();
    });
    if (configuration.tensorboard === true) metrics = await withTensorBoard(metrics, run, step);
    const tools = { engine, engineReason, device, state, metrics, feed, validator, samples, upscaler };
    return { dataset, ...tools, checkpoint, damaged, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens the engine that is chosen; where the choice is left to the lab, the one that trained before, if it still can. */
async function openEngineAgain(
  { engine: choice, engineSettings: settings }: RunConfiguration,
  before: string | undefined,
): Promise<OpenedEngine> {
  const opened = (engine: Engine, engineReason: string): OpenedEngine => ({
    engine,
    engineReason,
    device: describeDevice(engine.description, settings),
  });
  const name = engineNames.find((each) => each === before);
  if (choice === 'auto' && name !== undefined) {
    try {
      return opened(await openEngineByName(name, { settings }), 'It has trained this run before.');
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
    }
  }
  const { engine, library, reason } = await decideEngine(choice, settings);
  return opened(await openEngineByName(engine, { library, settings }), reason);
}

/** Reads the data set. Throws a `LabError` if it is missing, incomplete, not valid or of another scale. */
async function readFittingDataset(folder: string, configuration: RunConfiguration): Promise<DatasetFile> {
  let dataset: DatasetFile;
  try {
    dataset = await readDatasetFile(folder);
    contentsOf(folder, dataset);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new LabError(
      `The run’s data set cannot be used: ${error.message} The setting \`dataset\` of run.srgan.json ` +
        `(${configuration.dataset}) tells where it lies.`,
      { cause: error.cause },
    );
  }
  if (dataset.scale !== configuration.scale) {
    throw new LabError(
      `The data set ${folder} is made for ×${dataset.scale}, but the run is set to ×${configuration.scale}. ` +
        `Choose another data set, or set \`scale\` to ${dataset.scale} in a new run.`,
    );
  }
  return dataset;
}
