/** *Put Discriminator to Work…*: a probe, a few-label curve or a fine-tuning of a run's discriminator, and its page. */
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { TRANSFER_DATA_FILE, TRANSFER_FILE, TRANSFER_FOLDER } from '../../protocol/transfer';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { TRANSFER_VIEW } from '../pages/transfer-page';
import { Cancelled } from '../process/command-line';
import { runWithProgress } from '../process/run-with-progress';
import { ask, type Choice } from '../prompts/wizard';
import { engineSettingOptions } from '../settings';
import { isCall, parseCall, targetFolder } from './targets';

const measures = ['probe', 'curve', 'finetune'] as const;
type Measure = (typeof measures)[number];

/** Arguments of the command, for key bindings and programs. Either `images` or `photos`. */
const transferArguments = z.strictObject({
  run: z.string().min(1).describe('Folder of a run with an adversarial stage, absolute.'),
  measure: z.enum(measures).default('probe'),
  images: z.string().optional().describe('Folder of class folders, or a CSV file, absolute.'),
  photos: z.string().optional().describe('Photographs for recognising degradations, absolute.'),
  seeds: z.int().min(1).optional(),
  crops: z.int().min(1).optional().describe('Crops of each photograph.'),
});
type Answers = z.infer<typeof transferArguments>;

const resultSchema = z.object({ folder: z.string() });

/** Measures, and opens the page of the measurement. Returns its folder. */
export async function putDiscriminatorToWork(lab: Lab, argument: unknown): Promise<string> {
  requireTrust('Putting a discriminator to work');
  const answers =
    isCall(argument) && 'measure' in argument
      ? parseCall(transferArguments, argument)
      : await askPerson(lab, argument);
  const { run, measure, images, photos, seeds, crops } = answers;
  const opening = openWhenRead(run);
  const { folder } = await runWithProgress(lab.commandLine, titles[measure], {
    args: [
      ...['transfer', measure, run],
      ...(images === undefined ? [] : ['--images', images]),
      ...(photos === undefined ? [] : ['--task', 'degradation', '--photos', photos]),
      ...(seeds === undefined ? [] : ['--seeds', String(seeds)]),
      ...(crops === undefined ? [] : ['--crops', String(crops)]),
      ...engineSettingOptions(),
    ],
    result: resultSchema,
  }).finally(() => {
    opening.dispose();
  });
  await openPage(vscode.Uri.file(join(folder, TRANSFER_FILE)));
  return folder;
}

async function openPage(marker: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', marker, TRANSFER_VIEW, { preview: false });
}

/**
 * Opens the page of the measurement in the run that reads its images next, so that it can be watched. The folder itself is made
 * under another name, and tells nothing.
 */
function openWhenRead(run: string): vscode.Disposable {
  const pattern = new vscode.RelativePattern(
    vscode.Uri.file(run),
    `${TRANSFER_FOLDER}/*/${TRANSFER_DATA_FILE}`,
  );
  const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, false, true);
  let opened = false;
  const open = async ({ fsPath }: vscode.Uri): Promise<void> => {
    if (opened) return;
    opened = true;
    await openPage(vscode.Uri.file(join(dirname(fsPath), TRANSFER_FILE)));
  };
  return vscode.Disposable.from(watcher, watcher.onDidCreate(open), watcher.onDidChange(open));
}

const titles: Readonly<Record<Measure, string>> = {
  probe: 'Probing the discriminator',
  curve: 'Measuring the discriminator with few labels',
  finetune: 'Fine-tuning the discriminator',
};

const measureChoices: readonly Choice<Measure>[] = [
  {
    value: 'probe',
    label: 'Linear probe',
    detail: 'How much a linear classifier reads from each stage of the discriminator. Minutes.',
  },
  {
    value: 'curve',
    label: 'Few-label curve',
    detail: 'Accuracy over labels a class, beside random weights, training from scratch and others. Longer.',
  },
  {
    value: 'finetune',
    label: 'Fine-tune',
    detail: 'A classifier of its own, which can be exported.',
  },
];

const sourceChoices: readonly Choice<'images' | 'photos'>[] = [
  {
    value: 'images',
    label: '$(tag) Labelled images…',
    detail: 'A folder with a folder for each class.',
  },
  {
    value: 'photos',
    label: '$(file-media) Recognise degradations…',
    detail: 'A task made from any photographs: which blur, noise or JPEG quality was it?',
  },
];

async function askPerson(lab: Lab, argument: unknown): Promise<Answers> {
  const run = await targetFolder(lab.index, 'run', argument, {
    placeholder: 'Run whose discriminator is put to work',
    filter: (entry) => entry.kind === 'run' && 'ok' in entry.content,
    none: 'There is no run in this workspace yet, and so no discriminator.',
    remedy: { title: 'Start Training…', command: 'srganLab.startTraining' },
  });
  const chosen: { measure: Measure; source: 'images' | 'photos' } = { measure: 'probe', source: 'images' };
  await ask('Put Discriminator to Work', [
    async (wizard) => {
      const { measure: proposed } = chosen;
      chosen.measure = await wizard.pick({
        placeholder: 'What to measure',
        choices: measureChoices,
        proposed,
      });
    },
    async (wizard) => {
      const { source: proposed } = chosen;
      chosen.source = await wizard.pick({ placeholder: 'On which task', choices: sourceChoices, proposed });
    },
  ]);
  const { measure, source } = chosen;
  const folders = await vscode.window.showOpenDialog({
    title: source === 'images' ? 'Folder of class folders' : 'Folder of photographs',
    openLabel: 'Measure',
    canSelectFiles: false,
    canSelectFolders: true,
  });
  const folder = folders?.[0]?.fsPath;
  if (folder === undefined) throw new Cancelled();
  return { run, measure, [source]: folder };
}
