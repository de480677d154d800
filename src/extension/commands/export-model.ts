/** *Export Model…*: a trained network for another framework, in a folder of its own. */
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import {
  exportableParts,
  exportFormats,
  exportResultSchema,
  type ExportablePart,
  type ExportFormat,
  type ExportResult,
} from '../../protocol/exported-model';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { ModelEntry, RunEntry } from '../lab/entries';
import { runWithProgress } from '../process/run-with-progress';
import { pickOne } from '../prompts/pick';
import { pickModel } from '../prompts/pick-model';
import { workspaceRoot } from '../settings';
import { isCall, parseCall } from './targets';

/** Arguments of the command, for key bindings and programs. */
export const exportArguments = z.strictObject({
  model: z.string().min(1).describe('Folder of a model or a run, absolute.'),
  what: z.enum(exportableParts).default('generator'),
  format: z.enum(exportFormats),
  out: z.string().optional().describe('Folder to make; by default `exports/MODEL-PART-FORMAT`.'),
});
type Answers = z.infer<typeof exportArguments>;

const partWords: Record<ExportablePart, { label: string; detail: string }> = {
  generator: { label: 'Generator', detail: 'Enlarges images of any size.' },
  discriminator: { label: 'Discriminator', detail: 'Judges patches of the size it learned from.' },
  trunk: { label: 'Discriminator trunk', detail: 'Features of images of any size.' },
  classifier: { label: 'Classifier', detail: 'Tells the classes apart that it was fine-tuned for.' },
};

const formatWords: Record<ExportFormat, { label: string; detail: string }> = {
  tfjs: { label: 'TensorFlow.js', detail: 'LayersModel, for web pages and UpscalerJS' },
  keras: { label: 'Keras', detail: 'Whole model in HDF5 (.h5)' },
  onnx: { label: 'ONNX', detail: 'Opset 17, any batch and size' },
  safetensors: { label: 'PyTorch', detail: 'Safetensors, and the module they belong to' },
};

/** Exports, opens the README that lies with it, and says what can be done next. Returns what was written. */
export async function exportModel(lab: Lab, argument: unknown): Promise<ExportResult> {
  requireTrust('Exporting');
  const { model, what, format, out } = isCall(argument)
    ? parseCall(exportArguments, argument)
    : await askPerson(lab, argument);
  const folder = out ?? join(workspaceRoot(model).fsPath, 'exports', `${nameOf(model)}-${what}-${format}`);
  const title = `Exporting ${partWords[what].label.toLowerCase()} for ${formatWords[format].label}`;
  const result = await runWithProgress(lab.commandLine, title, {
    args: ['export', model, '--what', what, '--format', format, '--out', folder, '--overwrite'],
    result: exportResultSchema,
  });
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(join(result.folder, 'README.md')));
  if (!isCall(argument)) void offerNext(result);
  return result;
}

/** Where it lies, with buttons for the usage that lies beside it and for the folder. */
async function offerNext({ folder, what, format, files }: ExportResult): Promise<void> {
  const usage = files.find((name) => name.startsWith('use.'));
  const open = usage === undefined ? [] : [`Open ${usage}`];
  const reveal = 'Reveal Folder';
  const choice = await vscode.window.showInformationMessage(
    `Exported the ${partWords[what].label.toLowerCase()} for ${formatWords[format].label} to ${vscode.workspace.asRelativePath(folder)}.`,
    ...open,
    reveal,
  );
  if (choice === reveal) {
    await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(join(folder, 'README.md')));
  } else if (choice !== undefined && usage !== undefined) {
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(join(folder, usage)));
  }
}

/** The model of a run lies in its folder `model`; the run’s name says more. */
function nameOf(model: string): string {
  const name = basename(model);
  return name === 'model' ? basename(dirname(model)) : name;
}

async function askPerson(lab: Lab, argument: unknown): Promise<Answers> {
  const entry = argument instanceof ModelEntry || argument instanceof RunEntry ? argument : undefined;
  const model = entry?.folder ?? (await pickModel(lab, 'Model to export'));
  const what = await pickPart(partsOf(lab, model));
  const format = await pickFormat();
  return { model, what, format };
}

/** What a folder may hold, by its card; of a run only its command line knows. */
function partsOf(lab: Lab, folder: string): ExportablePart[] {
  const entry = lab.index.models.find((each) => each.folder === folder);
  if (entry === undefined || 'problem' in entry.content)
    return ['generator', 'discriminator', 'trunk', 'classifier'];
  const card = entry.content.ok;
  if (card.kind === 'classifier') return ['classifier'];
  if (card.kind === 'discriminator') return ['discriminator', 'trunk'];
  const adversary: ExportablePart[] =
    card.kind === 'generator' && card.discriminator !== undefined ? ['discriminator', 'trunk'] : [];
  return ['generator', ...adversary];
}

async function pickPart(parts: readonly ExportablePart[]): Promise<ExportablePart> {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  const choices = parts.map((part) => ({ ...partWords[part], part }));
  return (await pickOne(choices, { placeHolder: 'What to export' })).part;
}

async function pickFormat(): Promise<ExportFormat> {
  const choices = exportFormats.map((format) => ({ ...formatWords[format], format }));
  return (await pickOne(choices, { placeHolder: 'For which framework' })).format;
}
