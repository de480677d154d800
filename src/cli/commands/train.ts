/** `srgan-lab train`: makes a run folder from a data set and a preset, and trains it. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { LabError } from '../../folders/lab-error';
import { readRunStatus } from '../../folders/run-reader';
import { formatCount } from '../../protocol/quantities';
import { presetNames, presets, type PresetName } from '../../protocol/presets';
import { engineChoices, RUN_FILE, type EngineChoice } from '../../protocol/run-configuration';
import { createRun } from '../../training/run/create-run';
import { collect } from '../arguments';
import {
  addEngineSettingOptions,
  engineSettingsOf,
  hasEngineSettings,
  type EngineSettingOptions,
} from '../engine-options';
import { execute } from '../output';
import { addStartOptions, trainFromTerminal, type StartOptions } from '../run-train';

interface TrainOptions extends EngineSettingOptions, StartOptions {
  dataset?: string;
  preset?: PresetName;
  engine?: EngineChoice;
  seed?: number;
  startFrom?: string;
  startDiscriminatorFrom?: string;
  set: readonly string[];
}

const help = `
Presets:
${presetNames.map((name) => `  ${name.padEnd(6)} ${presets[name].description}`).join('\n')}

Any setting of the run can be changed, by its place in run.srgan.json:
  $ srgan-lab train second-run --dataset photos-x4 --preset quick --set data.batch=8 --set stages.0.steps=2000

Ctrl-C saves a checkpoint and stops; srgan-lab resume goes on from there.
A run folder that was only made, not trained, is started by its name alone: srgan-lab train RUN`;

export function registerTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('make a run from a data set and a preset, and train it')
    .description('Make a run folder from a data set and a preset, train it, and show how it learns.')
    .argument('<run>', 'folder of the new run')
    .option('-d, --dataset <folder>', 'folder of the data set')
    .addOption(
      new Option('-p, --preset <name>', 'where the settings start (default: quick)').choices(presetNames),
    )
    .addOption(new Option('-e, --engine <name>', 'what computes (default: auto)').choices(engineChoices));
  addStartOptions(addEngineSettingOptions(command))
    .option('--seed <number>', 'everything random comes from it (default: 0)', parseSeed)
    .option(
      '--start-from <folder>',
      'a model or run whose generator training starts with, or a discriminator',
    )
    .option('--start-discriminator-from <folder>', 'a model or run whose discriminator it starts with')
    .option('--set <key=value>', 'change a setting; may be given again', collect, [])
    .addHelpText('after', help)
    .action(async (folder: string, options: TrainOptions, command: Command) => {
      await execute(command, async (context) => {
        const run = resolve(folder);
        if (existsSync(join(run, RUN_FILE))) await checkIsUntrained(run, options);
        else await create(run, options);
        return trainFromTerminal(run, options, context, command);
      });
    });
}

async function create(run: string, options: TrainOptions): Promise<void> {
  const { dataset, preset = 'quick', engine, seed, startFrom, startDiscriminatorFrom, set } = options;
  if (dataset === undefined) {
    throw new LabError(`${run} is not a run yet. To make it one, name a data set: --dataset FOLDER.`);
  }
  await createRun({
    folder: run,
    dataset,
    preset,
    overrides: set,
    engineSettings: engineSettingsOf(options),
    ...(engine !== undefined && { engine }),
    ...(seed !== undefined && { seed }),
    ...(startFrom !== undefined && { startFrom }),
    ...(startDiscriminatorFrom !== undefined && { startDiscriminatorFrom }),
  });
}

/** An existing run is started as it is, if it never was. */
async function checkIsUntrained(run: string, options: TrainOptions): Promise<void> {
  const { dataset, preset, engine, seed, startFrom, startDiscriminatorFrom, set } = options;
  const given = [dataset, preset, engine, seed, startFrom, startDiscriminatorFrom];
  const changes = given.some((option) => option !== undefined) || set.length > 0;
  if (changes || hasEngineSettings(options)) {
    throw new LabError(
      `${run} is a run already, with settings of its own. Give only its name to start it, change run.srgan.json, ` +
        `or choose another name for a new run.`,
    );
  }
  const status = await readRunStatus(run);
  if (status.state !== 'new') {
    throw new LabError(
      `${run} has been trained already (step ${formatCount(status.step)}). Go on with: srgan-lab resume.`,
    );
  }
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new InvalidArgumentError('It must be a whole number from 0 to 4294967295.');
  }
  return seed;
}
