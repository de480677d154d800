/** *Start Training…*: a data set, a preset, an engine and a name become a run folder with a trainer in it. */
import { basename, join, resolve } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { readDatasetFile } from '../../folders/dataset-folder';
import { presetNames, presets, type PresetName } from '../../protocol/presets';
import { memoryResultSchema, trainResultSchema, type MemoryResult } from '../../protocol/progress';
import { formatBytes } from '../../protocol/quantities';
import { engineChoices, type EngineChoice } from '../../protocol/run-configuration';
import { RemediableError, requireTrust } from '../errors';
import type { Lab } from '../lab';
import { openPage } from '../pages/open-page';
import { Cancelled } from '../process/command-line';
import { runWithProgress } from '../process/run-with-progress';
import { nameFrom, problemWithName, problemWithNewFolder, uniqueName } from '../prompts/folder-names';
import { ask, type Choice, type Step } from '../prompts/wizard';
import { defaultEngine, engineSettingOptions, newFolderParent } from '../settings';
import { describeDataset } from '../views/descriptions';
import { askToQueue } from './queue-choice';
import { activePageFolder, folderOf, isCall, parseCall } from './targets';
import { timeHint } from './time-hint';
import { DatasetEntry } from '../lab/entries';

/** Arguments of the command, for key bindings and programs. */
export const startTrainingArguments = z.strictObject({
  dataset: z.string().min(1).describe('Folder of the data set, absolute.'),
  preset: z.enum(presetNames).default('quick'),
  engine: z.enum(engineChoices).optional(),
  name: z
    .string()
    .refine((name) => problemWithName(name) === undefined, 'is not a good folder name')
    .optional(),
  target: z.string().optional().describe('The run folder to make, absolute; by default `runs/NAME`.'),
  queue: z.boolean().default(false).describe('Wait until the other runs on this machine have ended.'),
  overrides: z
    .record(z.string().min(1), z.unknown())
    .default({})
    .describe('Settings laid over the preset, by dotted path: `{ "stages.0.steps": 500 }`.'),
});

interface Answers {
  readonly dataset: string;
  readonly preset: PresetName;
  readonly engine: EngineChoice;
  readonly target: string;
  readonly queue: boolean;
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** Makes the run folder, starts its trainer and opens its page. Returns the run folder. */
export async function startTraining(lab: Lab, argument: unknown): Promise<string> {
  requireTrust('Training');
  const answers = isCall(argument) ? await answersOfCall(argument) : await askPerson(lab, argument);
  const { dataset, preset, engine, target, queue, overrides } = answers;
  const settings = [
    ...['--dataset', dataset],
    ...['--preset', preset],
    ...['--engine', engine],
    ...engineSettingOptions(),
    ...Object.entries(overrides).flatMap(([key, value]) => ['--set', `${key}=${JSON.stringify(value)}`]),
  ];
  const name = basename(target);
  const memory = isCall(argument) ? undefined : await confirmMemory(lab, name, settings);
  const queueing = isCall(argument) ? (queue ? ['--queue'] : []) : await askToQueue(lab);
  const title =
    memory === undefined
      ? name
      : `${name} (about ${formatBytes(memory.neededBytes)} of memory, ${sampleBytes(memory)} of pictures)`;
  await runWithProgress(lab.commandLine, `Starting the run ${title}`, {
    args: ['train', target, ...settings, ...queueing, '--detach'],
    result: trainResultSchema,
  });
  await lab.index.refresh();
  await openPage('run', target);
  return target;
}

/** What the run will take of memory; where that is not there, the person is asked whether to start it all the same. */
async function confirmMemory(lab: Lab, name: string, settings: readonly string[]): Promise<MemoryResult> {
  const memory = await runWithProgress(lab.commandLine, `Working out the memory that ${name} takes`, {
    args: ['engine', 'memory', ...settings],
    result: memoryResultSchema,
  });
  if (memory.fits) return memory;
  const choice = await vscode.window.showWarningMessage(
    `The run ${name} will most likely run out of memory.`,
    { modal: true, detail: memory.message },
    'Start Anyway',
  );
  if (choice === undefined) throw new Cancelled();
  return memory;
}

/** Pictures of validations are thinned where they would take more than their budget. */
function sampleBytes({ samples }: MemoryResult): string {
  return formatBytes(Math.min(samples.bytes, samples.budgetBytes));
}

async function answersOfCall(argument: unknown): Promise<Answers> {
  const call = parseCall(startTrainingArguments, argument);
  const { preset, engine = defaultEngine(), queue, overrides } = call;
  const dataset = resolve(call.dataset);
  const common = { dataset, preset, engine, queue, overrides };
  if (call.target !== undefined) return { ...common, target: resolve(call.target) };
  const parent = newFolderParent('runs', dataset);
  const name = call.name ?? uniqueName(parent, await proposedName(dataset, preset));
  return { ...common, target: join(parent, name) };
}

async function proposedName(dataset: string, preset: PresetName): Promise<string> {
  const { name } = await readDatasetFile(dataset);
  return `${nameFrom(name)}-${preset}`;
}

const engineTexts: Record<EngineChoice, { label: string; detail: string }> = {
  auto: { label: 'Automatic', detail: 'The fastest engine that this machine can use.' },
  embedded: { label: 'Embedded', detail: 'WebAssembly on the processor; comes with the extension.' },
  native: {
    label: 'Native',
    detail: 'A TensorFlow that is installed on this machine; uses its GPU where there is one.',
  },
};

async function askPerson(lab: Lab, argument: unknown): Promise<Answers> {
  await lab.index.refresh();
  const given = datasetOf(argument) ?? activePageFolder('dataset');
  let dataset = given;
  let preset: PresetName = 'quick';
  let engine = defaultEngine();
  let name: string | undefined;
  const steps: Step[] = [];
  if (given === undefined) {
    const choices = datasetChoices(lab);
    steps.push(async (wizard) => {
      dataset = await wizard.pick({ placeholder: 'Data set to train on', choices, proposed: dataset });
    });
  }
  const datasetFolder = (): string => dataset ?? '';
  const parent = (): string => newFolderParent('runs', datasetFolder());
  steps.push(
    async (wizard) => {
      const choices = presetNames.map((value) => ({
        value,
        label: value,
        description: timeHint(value, lab.index.runs),
        detail: presets[value].description,
      }));
      preset = await wizard.pick({
        placeholder: 'Preset: networks, losses and length',
        choices,
        proposed: preset,
      });
    },
    async (wizard) => {
      const choices = engineChoices.map((value) => ({ value, ...engineTexts[value] }));
      engine = await wizard.pick({
        placeholder: 'Engine: what computes the steps',
        choices,
        proposed: engine,
      });
    },
    async (wizard) => {
      const proposed = uniqueName(parent(), await proposedName(datasetFolder(), preset));
      name = await wizard.text({
        prompt: `Name of the run: a folder in ${vscode.workspace.asRelativePath(parent())}`,
        proposed,
        validate: (answer) => problemWithNewFolder(parent(), answer),
      });
    },
  );
  await ask('Start Training', steps);
  const target = join(parent(), name ?? '');
  return { dataset: datasetFolder(), preset, engine, target, queue: false, overrides: {} };
}

function datasetOf(argument: unknown): string | undefined {
  if (argument instanceof DatasetEntry) return argument.folder;
  return argument instanceof vscode.Uri ? folderOf(argument) : undefined;
}

function datasetChoices(lab: Lab): Choice<string>[] {
  const choices = lab.index.datasets
    .filter(({ content }) => 'ok' in content)
    .map((entry) => ({
      value: entry.folder,
      label: entry.name,
      description: describeDataset(entry),
      detail: vscode.workspace.asRelativePath(entry.folder),
    }));
  if (choices.length > 0) return choices;
  throw new RemediableError('There is no data set in this workspace yet, and a run needs one.', [
    { title: 'Create Dataset…', command: 'srganLab.createDataset' },
    { title: 'Use the Sample Photographs', command: 'srganLab.createSampleDataset' },
  ]);
}
