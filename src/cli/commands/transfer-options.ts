/** What the three `transfer` commands share: the task, the engine, and how options become a measurement’s configuration. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { LabError } from '../../folders/lab-error';
import { readRunConfiguration } from '../../folders/marker-files';
import { CARD_FILE } from '../../protocol/model-card';
import { engineChoices, RUN_FILE, type EngineChoice } from '../../protocol/run-configuration';
import {
  fineTuningSchema,
  transferMethods,
  type FineTuning,
  type TransferConfiguration,
  type TransferMethod,
  type TransferTask,
} from '../../protocol/transfer';
import { loadDiscriminator } from '../../training/models/load-discriminator';
import type { Watching } from '../../training/transfer/measurement';
import { lackedMethods } from '../../training/transfer/subjects';
import { integerIn } from '../arguments';
import { addEngineSettingOptions, engineSettingsOf, type EngineSettingOptions } from '../engine-options';
import type { CommandContext } from '../output';

export interface TransferOptions extends EngineSettingOptions {
  images?: string;
  task?: 'degradation';
  photos?: string;
  limit?: number;
  crops: number;
  side?: number;
  seeds: number;
  name?: string;
  engine?: EngineChoice;
  labels?: readonly number[];
  methods?: readonly TransferMethod[];
  with?: readonly string[];
  vgg19?: string;
  dcganSteps?: number;
  epochs?: number;
  patience?: number;
  patienceSteps?: number;
  from?: FineTuning['from'];
  frozen?: number;
  unfreezing?: FineTuning['unfreezing'];
  batch?: number;
  trunkRate?: number;
  headRate?: number;
  shift?: number;
  flips?: boolean;
}

const MAX_IMAGES = 1_000_000;
const DEFAULT_LABELS: readonly number[] = [1, 2, 5, 10, 20, 50];

/** Declares the options that say what is measured on. */
export function addTaskOptions(command: Command): Command {
  command
    .argument('<run>', 'folder of a run with an adversarial stage, or of a model with a discriminator')
    .option('-i, --images <source>', 'folder of class folders, or a CSV file: path, label, split')
    .addOption(new Option('--task <name>', 'a task that is made from photographs').choices(['degradation']))
    .option('--photos <folder>', 'photographs for --task degradation')
    .option('--limit <number>', 'at most so many images of a class', integerIn(3, MAX_IMAGES))
    .option('--crops <number>', 'degradation: crops of each photograph', integerIn(1, 4096), 48)
    .option(
      '--side <pixels>',
      'side that images are brought to (default: of the patches of the run)',
      integerIn(8, 1024),
    )
    .option('--seeds <number>', 'how many splits, sets of labels and random weights', integerIn(1, 100), 5)
    .option(
      '--name <text>',
      'name of the measurement’s folder in the run (default: from the task, with a number if need be)',
    )
    .addOption(new Option('-e, --engine <name>', 'what computes (default: auto)').choices(engineChoices));
  return addEngineSettingOptions(command);
}

/** Declares how long a network is trained. */
export function addTrainingLengthOptions(command: Command): Command {
  return command
    .option(
      '--epochs <number>',
      'most epochs of a network that is trained (default: 200)',
      integerIn(1, 10_000),
    )
    .option(
      '--patience <number>',
      'epochs without a better validation before it stops (default: 10) …',
      integerIn(1, 1000),
    )
    .option('--patience-steps <number>', '… and steps (default: 400)', integerIn(1, 1_000_000));
}

/** `1,2,5` */
export function labelCounts(text: string): readonly number[] {
  return text.split(',').map(integerIn(1, MAX_IMAGES));
}

export function learningRate(text: string): number {
  const rate = Number(text);
  if (text.trim() === '' || !(rate > 0 && rate < 10)) {
    throw new InvalidArgumentError('It must be a number above 0, such as 1e-4.');
  }
  return rate;
}

/** The settings of fine-tuning that a command line gives. Throws a `LabError` where they contradict each other. */
export function fineTuningOf(options: TransferOptions): Partial<FineTuning> {
  const { from, frozen, unfreezing, epochs, patience, patienceSteps } = options;
  const { batch, trunkRate, headRate, shift, flips } = options;
  if (from === 'scratch' && [frozen, unfreezing, trunkRate].some((given) => given !== undefined)) {
    throw new LabError(
      '--frozen, --unfreezing and --trunk-rate are for weights that have learned something. From scratch all stages ' +
        'learn from the first step on, at the rate of the head: --head-rate.',
    );
  }
  const given = {
    ...{ from, frozen, unfreezing, epochs, patience, patienceSteps },
    ...{ batch, trunkRate, headRate, shift, flips },
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

export function methodList(text: string): readonly TransferMethod[] {
  return text.split(',').map((name) => {
    const method = transferMethods.find((each) => each === name.trim());
    if (method === undefined) {
      throw new InvalidArgumentError(`“${name}” is none of ${transferMethods.join(', ')}.`);
    }
    return method;
  });
}

function taskOf({ images, task, photos, limit, crops }: TransferOptions): TransferTask {
  if (task === 'degradation') {
    if (photos === undefined)
      throw new LabError('Degradation recognition is made from photographs: --photos FOLDER.');
    if (images !== undefined) throw new LabError('Give --images or --task degradation, not both.');
    return { kind: 'degradation', photos: resolve(photos), crops };
  }
  if (images === undefined) {
    throw new LabError(
      'Name labelled images: --images FOLDER_OF_CLASS_FOLDERS (or a CSV file). Without any of your own, try ' +
        '--task degradation --photos FOLDER.',
    );
  }
  return { kind: 'labels', images: resolve(images), ...(limit !== undefined && { limit }) };
}

interface WhatToMeasure {
  /** Side of the patches that the discriminator judges. */
  readonly patch: number;
  readonly engine: EngineChoice;
  /** Of the adversarial stage. */
  readonly steps: number;
  /** Methods of a curve that need what is not there. */
  readonly lacks: readonly TransferMethod[];
}

async function whatToMeasure(folder: string): Promise<WhatToMeasure> {
  if (existsSync(join(folder, RUN_FILE)) && !existsSync(join(folder, CARD_FILE))) {
    const { data, stages, engine } = await readRunConfiguration(folder);
    const steps = stages.find(({ name }) => name === 'adversarial')?.steps ?? 1;
    return { patch: data.patch, engine, steps, lacks: [] };
  }
  const { patch } = (await loadDiscriminator(folder)).discriminator;
  return { patch, engine: 'auto', steps: 1, lacks: await lackedMethods(folder) };
}

/** The configuration that a command line asks for. */
export async function configurationOf(
  run: string,
  what: TransferConfiguration['what'],
  options: TransferOptions,
  fineTuning: Partial<FineTuning> = {},
): Promise<TransferConfiguration> {
  const { patch, engine, steps, lacks } = await whatToMeasure(run);
  const task = taskOf(options);
  const subject = task.kind === 'labels' ? basename(task.images).replace(/\.csv$/i, '') : task.kind;
  const { vgg19 } = options;
  const impossible = [...lacks, ...(vgg19 === undefined ? (['vgg19'] as const) : [])];
  const methods = options.methods ?? transferMethods.filter((method) => !impossible.includes(method));
  const refused = methods.find((method) => lacks.includes(method));
  if (refused !== undefined) {
    throw new LabError(
      `${run} is a model, and has not what the method ${refused} needs. Name its run, or leave it out.`,
    );
  }
  return {
    format: 1,
    name: options.name ?? `${what}-${subject}`,
    created: new Date().toISOString(),
    what,
    task,
    side: options.side ?? patch,
    // A classifier is one training; it has the first seed.
    seeds: Array.from({ length: what === 'finetune' ? 1 : options.seeds }, (_, seed) => seed),
    labels: what === 'curve' ? [...(options.labels ?? DEFAULT_LABELS)] : [],
    methods: what === 'curve' ? [...methods] : [],
    otherRuns: (options.with ?? []).map((folder) => resolve(folder)),
    ...(vgg19 !== undefined && { vgg19: resolve(vgg19) }),
    dcganSteps: options.dcganSteps ?? steps,
    fineTuning: fineTuningSchema.parse(fineTuning),
    engine: options.engine ?? engine,
    engineSettings: engineSettingsOf(options),
  };
}

/** Progress and interruption of a command, as a measurement takes them. */
export function watching({ signal, progress }: CommandContext): Watching {
  let [counted, start, first] = ['', 0, 0];
  return {
    signal,
    onProgress: (done, total, unit, now) => {
      // What was done before the first report tells nothing: it was done in an earlier process, or warmed everything up.
      if (unit !== counted) [counted, start, first] = [unit, performance.now(), done];
      const seconds = (performance.now() - start) / 1000;
      const known = done > first && unit !== 'cells';
      const secondsLeft = known ? (seconds / (done - first)) * (total - done) : null;
      progress.report({ done, total, unit, secondsLeft, message: now });
    },
  };
}
