/** *Evaluate Models…*: scores on a folder of HR images under a protocol of papers, as a table in a Markdown document. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { evaluationSchema, type Evaluation } from '../../protocol/evaluation';
import { evaluationTable } from '../../protocol/evaluation-table';
import { countOf } from '../../protocol/quantities';
import { scaleSchema } from '../../protocol/run-configuration';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { ModelEntry, RunEntry } from '../lab/entries';
import { Cancelled } from '../process/command-line';
import { runWithProgress } from '../process/run-with-progress';
import { pickModels } from '../prompts/pick-model';
import { engineSettingOptions } from '../settings';
import { isCall, parseCall } from './targets';

const protocols = ['y', 'srgan', 'rgb'] as const;
type Protocol = (typeof protocols)[number];

/** Arguments of the command, for key bindings and programs. */
const evaluateArguments = z.strictObject({
  models: z
    .array(z.string().min(1))
    .min(1)
    .describe('Folders of models or runs, or names of interpolations.'),
  hr: z.string().min(1).describe('Folder of HR images, absolute.'),
  lr: z.string().optional().describe('Folder of LR images; without it they are made.'),
  scale: scaleSchema.optional(),
  protocol: z.enum(protocols).default('y'),
});
type Answers = z.infer<typeof evaluateArguments>;

/** Evaluates, and shows the table unless it was called by a program. Returns the figures. */
export async function evaluateModels(lab: Lab, argument: unknown): Promise<Evaluation> {
  requireTrust('Evaluating models');
  const called = isCall(argument);
  const answers = called ? parseCall(evaluateArguments, argument) : await askPerson(lab, argument);
  const { models, hr, lr, scale, protocol } = answers;
  const evaluation = await runWithProgress(lab.commandLine, `Evaluating ${countOf(models.length, 'model')}`, {
    args: [
      'evaluate',
      ...models,
      ...['--hr', hr, '--protocol', protocol],
      ...(lr === undefined ? [] : ['--lr', lr]),
      ...(scale === undefined ? [] : ['--scale', String(scale)]),
      ...engineSettingOptions(),
    ],
    result: evaluationSchema,
    // Images that could not be scored are told in the table.
    acceptedCodes: [0, 1],
  });
  if (!called) await show(evaluation, hr);
  return evaluation;
}

async function show(evaluation: Evaluation, hr: string): Promise<void> {
  const title = `# Scores on ${vscode.workspace.asRelativePath(hr)}`;
  const content = `${title}\n\n${evaluationTable(evaluation, 'markdown')}\n`;
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: false });
  await vscode.commands.executeCommand('markdown.showPreview');
}

async function askPerson(lab: Lab, argument: unknown): Promise<Answers> {
  const given =
    argument instanceof ModelEntry || argument instanceof RunEntry ? [argument.folder] : undefined;
  const models = given ?? (await pickModels(lab, 'Models to evaluate, beside bicubic interpolation'));
  const folders = await vscode.window.showOpenDialog({
    title: 'Folder of HR images',
    openLabel: 'Evaluate',
    canSelectFiles: false,
    canSelectFolders: true,
  });
  const hr = folders?.[0]?.fsPath;
  if (hr === undefined) throw new Cancelled();
  const protocol = await vscode.window.showQuickPick(protocolChoices, { placeHolder: 'Protocol' });
  if (protocol === undefined) throw new Cancelled();
  return { models: ['bicubic', ...models], hr, protocol: protocol.value };
}

const protocolChoices: readonly (vscode.QuickPickItem & { readonly value: Protocol })[] = [
  { value: 'y', label: 'Y', detail: 'PSNR and SSIM of Wang et al. on Y: what most papers report' },
  { value: 'srgan', label: 'SRGAN', detail: 'PSNR on Y, SSIM of the Daala codec: Ledig et al. 2017' },
  { value: 'rgb', label: 'RGB', detail: 'PSNR over all channels, SSIM averaged over them' },
];
