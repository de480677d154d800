/** *Evaluate Models…*: scores on a folder of HR images under a protocol of papers, as a table in a Markdown document. */
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { evaluationSchema, type Evaluation } from '../../protocol/evaluation';
import { evaluationTable } from '../../protocol/evaluation-table';
import { countOf } from '../../protocol/quantities';
import { scaleSchema } from '../../protocol/run-configuration';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { ModelEntry, RunEntry } from '../lab/entries';
import { runWithProgress } from '../process/run-with-progress';
import { pickModels } from '../prompts/pick-model';
import { askHrFolder, askVgg, pickProtocol, protocolSchema } from '../prompts/evaluation';
import { engineSettingOptions } from '../settings';
import { isCall, parseCall } from './targets';

/** Arguments of the command, for key bindings and programs. */
const evaluateArguments = z.strictObject({
  models: z
    .array(z.string().min(1))
    .min(1)
    .describe('Folders of models or runs, or names of interpolations.'),
  hr: z.string().min(1).describe('Folder of HR images, absolute.'),
  lr: z.string().optional().describe('Folder of LR images; without it they are made.'),
  scale: scaleSchema.optional(),
  vgg: z.string().optional().describe('An imported VGG19, to measure its feature distance, too.'),
  protocol: protocolSchema,
});
type Answers = z.infer<typeof evaluateArguments>;

/** Evaluates, and shows the table unless it was called by a program. Returns the figures. */
export async function evaluateModels(lab: Lab, argument: unknown): Promise<Evaluation> {
  requireTrust('Evaluating models');
  const called = isCall(argument);
  const answers = called ? parseCall(evaluateArguments, argument) : await askPerson(lab, argument);
  const { models, hr, lr, scale, vgg, protocol } = answers;
  const evaluation = await runWithProgress(lab.commandLine, `Evaluating ${countOf(models.length, 'model')}`, {
    args: [
      'evaluate',
      ...models,
      ...['--hr', hr, '--protocol', protocol],
      ...(lr === undefined ? [] : ['--lr', lr]),
      ...(scale === undefined ? [] : ['--scale', String(scale)]),
      ...(vgg === undefined ? [] : ['--vgg', vgg]),
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
  const models = evaluation.models.map((model) => ({ ...model, name: shortName(model.name) }));
  const content = `${title}\n\n${evaluationTable({ ...evaluation, models }, 'markdown')}\n`;
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: false });
  await vscode.commands.executeCommand('markdown.showPreview');
}

/** A model is told by the path to its run in this workspace: two runs may have one name, and whole paths make no headings. */
function shortName(model: string): string {
  const path = vscode.workspace.asRelativePath(model);
  return basename(path) === 'model' ? dirname(path) : path;
}

async function askPerson(lab: Lab, argument: unknown): Promise<Answers> {
  const given =
    argument instanceof ModelEntry || argument instanceof RunEntry ? [argument.folder] : undefined;
  const models = given ?? (await pickModels(lab, 'Models to evaluate, beside bicubic interpolation'));
  const hr = await askHrFolder();
  const protocol = await pickProtocol();
  return { models: ['bicubic', ...models], hr, vgg: await askVgg(lab), protocol };
}
