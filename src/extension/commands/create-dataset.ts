/** *Create Dataset…*: folders of photographs, a few questions, and the command line does the rest. */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { degradationPresetNames, type DegradationPresetName } from '../../protocol/degradation-presets';
import { createDatasetResultSchema } from '../../protocol/progress';
import { scaleSchema, type Scale } from '../../protocol/run-configuration';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { markerPath } from '../lab/entries';
import { openPage } from '../pages/open-page';
import { Cancelled } from '../process/command-line';
import { runWithProgress } from '../process/run-with-progress';
import { nameFrom, problemWithName, problemWithNewFolder, uniqueName } from '../prompts/folder-names';
import { ask, type Choice, type Step } from '../prompts/wizard';
import { newFolderParent } from '../settings';
import { countOf } from '../../protocol/quantities';
import { isCall, parseCall } from './targets';

/** Arguments of the command, for key bindings and programs. What is left out has the default of the dialogue. */
export const createDatasetArguments = z.strictObject({
  from: z.array(z.string().min(1)).min(1).describe('Folders of HR images, absolute.'),
  scale: scaleSchema.default(4),
  validation: z.number().min(0).lt(1).default(0.1).describe('Share of the images held out.'),
  degradation: z
    .enum(degradationPresetNames)
    .default('bicubic')
    .describe('What happens to HR before it is shrunk; it can be changed on the data set’s page.'),
  name: z
    .string()
    .refine((name) => problemWithName(name) === undefined, 'is not a good folder name')
    .optional(),
  target: z.string().optional().describe('The folder to make, absolute; by default `datasets/NAME`.'),
});

interface Answers {
  readonly from: readonly string[];
  readonly scale: Scale;
  readonly validation: number;
  readonly degradation: DegradationPresetName;
  readonly target: string;
}

/** Makes the data set and opens its page. Returns its folder. */
export async function createDataset(lab: Lab, argument: unknown, selection: unknown): Promise<string> {
  requireTrust('Making a data set');
  const answers = isCall(argument)
    ? answersOfCall(argument)
    : await askPerson(foldersOf(argument, selection) ?? (await pickFolders()));
  return make(lab, answers);
}

/** The photographs that come with the extension. */
export async function createSampleDataset(lab: Lab): Promise<string> {
  requireTrust('Making a data set');
  const from = vscode.Uri.joinPath(lab.extensionUri, 'media', 'samples').fsPath;
  const parent = newFolderParent('datasets');
  const target = join(parent, uniqueName(parent, 'sample-photographs'));
  // Two of eleven: enough to compare pictures, and the rest to learn from.
  return make(lab, { from: [from], scale: 4, validation: 0.2, degradation: 'bicubic', target });
}

async function make(lab: Lab, { from, scale, validation, degradation, target }: Answers): Promise<string> {
  const result = await runWithProgress(lab.commandLine, `Creating the data set ${basename(target)}`, {
    args: [
      ...['dataset', 'create', target],
      ...['--from', ...from],
      ...['--scale', String(scale)],
      ...['--validation', String(validation)],
      ...['--degradation', degradation],
      ...['--name', basename(target)],
    ],
    result: createDatasetResultSchema,
  }).catch(async (error: unknown) => {
    await lab.index.refresh();
    if (error instanceof Cancelled) tellIncomplete(target);
    throw error;
  });
  await lab.index.refresh();
  await openPage('dataset', target);
  if (result.omitted.length > 0) {
    void vscode.window.showInformationMessage(
      `${result.name}: ${countOf(result.omitted.length, 'file')} left out. The page says which and why.`,
    );
  }
  return target;
}

/** What was made before a cancellation is kept, and the page of the folder goes on with it. */
function tellIncomplete(target: string): void {
  if (!existsSync(markerPath('dataset', target))) return;
  const open = 'Open Page';
  void vscode.window
    .showInformationMessage(
      `${basename(target)} is not complete. What is made is kept: continue on its page, or delete the folder.`,
      open,
    )
    .then((choice) => (choice === open ? openPage('dataset', target) : undefined));
}

function answersOfCall(argument: unknown): Answers {
  const { name, target, ...answers } = parseCall(createDatasetArguments, argument);
  const { from, scale } = answers;
  if (target !== undefined) return { ...answers, target: resolve(target) };
  const parent = newFolderParent('datasets', from[0]);
  const folder = name ?? uniqueName(parent, proposedName(from, scale));
  return { ...answers, target: join(parent, folder) };
}

/** The folders that were selected in the explorer when the command was chosen there. */
function foldersOf(argument: unknown, selection: unknown): string[] | undefined {
  if (!(argument instanceof vscode.Uri)) return undefined;
  const uris = Array.isArray(selection) ? selection.filter((uri) => uri instanceof vscode.Uri) : [];
  return (uris.length > 0 ? uris : [argument]).map((uri) => uri.fsPath);
}

async function pickFolders(): Promise<string[]> {
  const start = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uris = await vscode.window.showOpenDialog({
    title: 'Folders of HR images',
    openLabel: 'Use These Images',
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: true,
    ...(start === undefined ? {} : { defaultUri: start }),
  });
  if (uris === undefined || uris.length === 0) throw new Cancelled();
  return uris.map((uri) => uri.fsPath);
}

function proposedName(from: readonly string[], scale: Scale): string {
  return `${nameFrom(basename(from[0] ?? 'photographs'))}-x${scale}`;
}

const scaleChoices: readonly Choice<Scale>[] = [
  {
    value: 2,
    label: '×2',
    description: 'sides halved',
    detail: 'Small details are still there: the easiest.',
  },
  { value: 3, label: '×3', description: 'sides divided by three' },
  { value: 4, label: '×4', description: 'sides divided by four', detail: 'As in the SRGAN paper.' },
  {
    value: 8,
    label: '×8',
    description: 'sides divided by eight',
    detail: 'Most of the picture must be invented.',
  },
];

const degradationChoices: readonly Choice<DegradationPresetName>[] = [
  {
    value: 'bicubic',
    label: 'Bicubic',
    description: 'shrunk, nothing else',
    detail: 'MATLAB’s imresize, as most benchmarks and papers use it.',
  },
  {
    value: 'real-esrgan',
    label: 'Real-ESRGAN',
    description: 'blur, noise and JPEG, drawn anew for each image',
    detail:
      'For photographs as they are found. Your own stages can be tried on the page of the data set later.',
  },
];

const validationChoices: readonly Choice<number>[] = [
  { value: 0.05, label: '5 %', description: 'for hundreds of images' },
  { value: 0.1, label: '10 %', description: 'a good default' },
  { value: 0.2, label: '20 %', description: 'for a few dozen images or less' },
  { value: 0, label: 'None', description: 'runs on it will have no scores and no pictures to compare' },
];

async function askPerson(from: readonly string[]): Promise<Answers> {
  let scale: Scale = 4;
  let validation = 0.1;
  let degradation: DegradationPresetName = 'bicubic';
  let name: string | undefined;
  const parent = newFolderParent('datasets', from[0]);
  const steps: Step[] = [
    async (wizard) => {
      const placeholder = 'Scale: how much smaller LR is than HR';
      scale = await wizard.pick({ placeholder, choices: scaleChoices, proposed: scale });
    },
    async (wizard) => {
      const placeholder = 'Degradation: what happens to HR before it is shrunk';
      degradation = await wizard.pick({ placeholder, choices: degradationChoices, proposed: degradation });
    },
    async (wizard) => {
      const placeholder = 'Validation split: images that no training sees, to compare on';
      validation = await wizard.pick({ placeholder, choices: validationChoices, proposed: validation });
    },
    async (wizard) => {
      name = await wizard.text({
        prompt: `Name of the data set: a folder in ${vscode.workspace.asRelativePath(parent)}`,
        proposed: name ?? uniqueName(parent, proposedName(from, scale)),
        validate: (answer) => problemWithNewFolder(parent, answer),
      });
    },
  ];
  await ask('Create Dataset', steps);
  return { from, scale, validation, degradation, target: join(parent, name ?? '') };
}
