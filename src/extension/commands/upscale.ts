/** *Upscale Image…*: pictures from the explorer or a dialogue, enlarged by a model of this workspace. */
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { upscaleResultSchema } from '../../protocol/progress';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { ModelEntry, RunEntry } from '../lab/entries';
import { Cancelled } from '../process/command-line';
import { runWithProgress } from '../process/run-with-progress';
import { pickModel } from '../prompts/pick-model';
import { engineSettingOptions, workspaceRoot } from '../settings';
import { countOf } from '../../protocol/quantities';
import { isCall, parseCall } from './targets';

/** Arguments of the command, for key bindings and programs. */
export const upscaleArguments = z.strictObject({
  model: z.string().min(1).describe('Folder of a model or a run, absolute.'),
  images: z.array(z.string().min(1)).min(1).describe('Pictures, absolute.'),
  out: z.string().optional().describe('Folder for the enlarged pictures; by default `upscaled/MODEL`.'),
});
type Answers = z.infer<typeof upscaleArguments>;

/** Enlarges the pictures and opens the first of them. Returns the new files. */
export async function upscaleImage(lab: Lab, argument: unknown, selection: unknown): Promise<string[]> {
  requireTrust('Upscaling');
  const { model, images, out } = isCall(argument)
    ? parseCall(upscaleArguments, argument)
    : await askPerson(lab, argument, selection);
  const folder = out ?? join(workspaceRoot(images[0]).fsPath, 'upscaled', nameOf(model));
  const { files } = await runWithProgress(lab.commandLine, `Upscaling ${countOf(images.length, 'image')}`, {
    args: ['upscale', model, ...images, '--out', folder, ...engineSettingOptions()],
    result: upscaleResultSchema,
  });
  const written = files.map(({ output }) => output);
  const first = written[0];
  if (first !== undefined) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(first));
  return written;
}

/** The model of a run lies in its folder `model`; the run's name says more. */
function nameOf(model: string): string {
  const name = basename(model);
  return name === 'model' ? basename(dirname(model)) : name;
}

async function askPerson(lab: Lab, argument: unknown, selection: unknown): Promise<Answers> {
  const images = imagesOf(argument, selection) ?? (await pickImages());
  const given = argument instanceof ModelEntry || argument instanceof RunEntry ? argument.folder : undefined;
  return { images, model: given ?? (await pickModel(lab, 'Model to enlarge with')) };
}

function imagesOf(argument: unknown, selection: unknown): string[] | undefined {
  if (!(argument instanceof vscode.Uri)) return undefined;
  const uris = Array.isArray(selection) ? selection.filter((uri) => uri instanceof vscode.Uri) : [];
  return (uris.length > 0 ? uris : [argument]).map((uri) => uri.fsPath);
}

async function pickImages(): Promise<string[]> {
  const uris = await vscode.window.showOpenDialog({
    title: 'Pictures to enlarge',
    openLabel: 'Upscale',
    canSelectMany: true,
    filters: { Pictures: ['png', 'jpg', 'jpeg', 'webp', 'tif', 'tiff', 'avif', 'bmp', 'gif'] },
  });
  if (uris === undefined || uris.length === 0) throw new Cancelled();
  return uris.map((uri) => uri.fsPath);
}
