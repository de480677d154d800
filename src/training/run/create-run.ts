/** Making a run folder: a preset and a data set become a whole, validated `run.srgan.json`. */
import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { makeFolder } from '../../datasets/target-folder';
import { LabError } from '../../folders/lab-error';
import { contentsOf, readDatasetFile } from '../../folders/dataset-folder';
import { readAnyModelCard, writeRunConfiguration } from '../../folders/marker-files';
import { parseValue } from '../../folders/read-json';
import { defaultEngineSettings, type EngineSettings } from '../../protocol/engine-settings';
import { CARD_FILE } from '../../protocol/model-card';
import { presetConfiguration, type PresetName } from '../../protocol/presets';
import {
  RUN_FILE,
  runConfigurationSchema,
  type EngineChoice,
  type RunConfiguration,
} from '../../protocol/run-configuration';
import { loadDiscriminator } from '../models/load-discriminator';
import { loadGenerator } from '../upscale/load-generator';
import { applyOverrides } from './overrides';

export interface NewRun {
  /** Where the run is made: a folder that does not exist or is empty. */
  readonly folder: string;
  /** The data set's folder. */
  readonly dataset: string;
  readonly preset: PresetName;
  readonly engine?: EngineChoice;
  readonly engineSettings?: EngineSettings;
  readonly seed?: number;
  /** Folder of a model or a run: training starts with its generator, weights and all; with its discriminator if that is all it has. */
  readonly startFrom?: string;
  /** Folder of a model or a run: the adversarial stage starts with its discriminator, weights and all, and on its patches. */
  readonly startDiscriminatorFrom?: string;
  /** `key=value` with dotted keys, laid over the preset. */
  readonly overrides?: readonly string[];
}

/**
 * Makes the run folder and returns its configuration. Throws a `LabError` if the folder is taken, the data set cannot be
 * read, or a setting is not allowed; then no folder was made.
 */
export async function createRun(options: NewRun): Promise<RunConfiguration> {
  const folder = resolve(options.folder);
  if (existsSync(join(folder, RUN_FILE))) {
    throw new LabError(
      `${folder} is a run already. Resume it with \`srgan-lab resume\`, or choose another name for a new run.`,
    );
  }
  const configuration = await composeConfiguration(folder, options);
  await makeFolder(folder, (partial) => writeRunConfiguration(partial, configuration));
  return configuration;
}

/**
 * The configuration of a new run at `folder`, which is not made. Throws a `LabError` if the data set cannot be read or is incomplete, or a setting
 * is not allowed.
 */
export async function composeConfiguration(
  folder: string,
  options: Omit<NewRun, 'folder'>,
): Promise<RunConfiguration> {
  const dataset = await readDatasetFile(resolve(options.dataset));
  contentsOf(options.dataset, dataset);
  const composed = presetConfiguration(options.preset, {
    name: basename(folder),
    created: new Date().toISOString(),
    dataset: referenceTo(folder, resolve(options.dataset)),
    scale: dataset.scale,
    seed: options.seed ?? 0,
    engine: options.engine ?? 'auto',
    engineSettings: options.engineSettings ?? defaultEngineSettings,
  });
  const started = await withStarts(folder, composed, options);
  const changed = applyOverrides(started, options.overrides ?? []);
  const configuration = parseValue(runConfigurationSchema, changed, 'The configuration of the run');
  if (configuration.scale !== dataset.scale) {
    throw new LabError(
      `The run is set to scale ×${configuration.scale}, but the data set ${options.dataset} is ×${dataset.scale}. ` +
        `Leave \`scale\` alone, or choose a data set of that scale.`,
    );
  }
  return configuration;
}

/**
 * The configuration with the networks of the models that training starts from, and where these lie. Throws a `LabError` if a model
 * has not what is wanted of it.
 */
async function withStarts(
  run: string,
  configuration: RunConfiguration,
  { startFrom, startDiscriminatorFrom }: Pick<NewRun, 'startFrom' | 'startDiscriminatorFrom'>,
): Promise<RunConfiguration> {
  const alone = startFrom !== undefined && (await isDiscriminator(startFrom));
  if (alone && startDiscriminatorFrom !== undefined) {
    throw new LabError(`${startFrom} is a discriminator, and so no generator to start from.`);
  }
  const started = { ...configuration };
  if (startFrom !== undefined && !alone) {
    const model = resolve(startFrom);
    started.generator = (await loadGenerator(model)).generator;
    started.startFrom = referenceTo(run, model);
  }
  const judge = alone ? startFrom : startDiscriminatorFrom;
  if (judge !== undefined) {
    const model = resolve(judge);
    const { patch, ...discriminator } = (await loadDiscriminator(model)).discriminator;
    started.discriminator = discriminator;
    started.data = { ...configuration.data, patch };
    started.startDiscriminatorFrom = referenceTo(run, model);
  }
  return started;
}

async function isDiscriminator(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, CARD_FILE))) return false;
  return (await readAnyModelCard(folder)).kind === 'discriminator';
}

/** Relative where the two may well be moved together; absolute where only the root of the disk is common to them. */
function referenceTo(run: string, folder: string): string {
  const path = relative(run, folder);
  const { root } = parse(run);
  const common = run.slice(root.length).split(sep)[0] === folder.slice(root.length).split(sep)[0];
  return isAbsolute(path) || !common ? folder : path.split(sep).join('/');
}
