/** *Upscale Image…*: pictures from the explorer or a dialogue, enlarged by a model of this workspace. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { pictureEndings, pictureFormats, type PictureFormat } from '../../protocol/picture-formats';
import { upscaleResultSchema } from '../../protocol/progress';
import type { CommandId } from '../command-ids';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { ModelEntry, RunEntry } from '../lab/entries';
import { showPreview } from '../pages/show-preview';
import { Cancelled } from '../process/command-line';
import { runWithProgress } from '../process/run-with-progress';
import { pickModel } from '../prompts/pick-model';
import { engineSettingOptions, upscaleFormat, workspaceRoot } from '../settings';
import { countOf } from '../../protocol/quantities';
import { browseForPictures, givenPictures } from './picture-targets';
import { isCall, parseCall } from './targets';

/** Arguments of the command, for key bindings and programs. */
export const upscaleArguments = z.strictObject({
  model: z.string().min(1).describe('Folder of a model or a run, absolute.'),
  images: z.array(z.string().min(1)).min(1).describe('Pictures, absolute.'),
  out: z.string().optional().describe('Folder for the enlarged pictures; by default `upscaled/MODEL`.'),
  format: z
    .enum(pictureFormats)
    .optional()
    .describe('Format of the enlarged pictures; by default that of the settings.'),
  existing: z.enum(['replace', 'skip']).optional().describe('What to do where an enlarged picture exists.'),
});
type Answers = z.infer<typeof upscaleArguments>;

/** Enlarges the pictures, opens the first of them and tells which could not be enlarged. Returns the new files. */
export async function upscaleImage(lab: Lab, argument: unknown, selection: unknown): Promise<string[]> {
  requireTrust('Upscaling');
  const called = isCall(argument);
  const { model, images, out, ...rest } = called
    ? parseCall(upscaleArguments, argument)
    : await askPerson(lab, argument, selection);
  const folder = out ?? join(workspaceRoot(images[0]).fsPath, 'upscaled', nameOf(model));
  const format = rest.format ?? upscaleFormat();
  const existing = rest.existing ?? (called ? undefined : await askAboutExisting(images, folder, format));
  const { files, failures } = await runWithProgress(lab.commandLine, `Upscaling ${describe(images)}`, {
    args: [
      ...['upscale', model, ...images, '--out', folder, '--format', format],
      ...(existing === undefined ? [] : [existing === 'replace' ? '--overwrite' : '--skip-existing']),
      ...engineSettingOptions(),
    ],
    result: upscaleResultSchema,
    // Those that could not be enlarged are told; the others are there.
    acceptedCodes: [0, 1],
  });
  if (failures.length > 0) void tellFailures(lab, failures);
  const written = files.map(({ output }) => output);
  const first = written[0];
  // VS Code's own viewer does not show every format that may be chosen.
  if (first !== undefined) await showPreview(vscode.Uri.file(first));
  return written;
}

/** All of them are in the log; a notification has room for one. */
async function tellFailures(lab: Lab, failures: readonly string[]): Promise<void> {
  for (const failure of failures) lab.log.warn(failure);
  const [first = '', ...others] = failures;
  const message =
    others.length === 0 ? first : `${countOf(failures.length, 'image')} could not be enlarged. ${first}`;
  const choice = await vscode.window.showWarningMessage(message, 'Show Log');
  if (choice !== undefined) await vscode.commands.executeCommand('srganLab.showLog' satisfies CommandId);
}

/** Of a folder it is not known which of its pictures were enlarged before, so it is asked where anything was. */
async function askAboutExisting(
  images: readonly string[],
  folder: string,
  format: PictureFormat,
): Promise<Answers['existing']> {
  // The second where another picture has the same name with another ending.
  const outputsOf = (image: string): string[] =>
    [basename(image, extname(image)), basename(image)].map((name) =>
      join(folder, name + pictureEndings[format]),
    );
  const there = images.filter((image) =>
    isFolder(image) ? existsSync(folder) : outputsOf(image).some((output) => existsSync(output)),
  );
  if (there.length === 0) return undefined;
  const where = vscode.workspace.asRelativePath(folder);
  const choice = await vscode.window.showWarningMessage(
    `There are enlarged pictures in ${where} already.`,
    { modal: true, detail: 'Those of the same names can be replaced, or passed over.' },
    'Replace',
    'Pass Over',
  );
  if (choice === undefined) throw new Cancelled();
  return choice === 'Replace' ? 'replace' : 'skip';
}

function describe(images: readonly string[]): string {
  if (images.length === 1) return basename(images[0]!);
  return images.some(isFolder) ? `${images.length} files and folders` : countOf(images.length, 'image');
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The model of a run lies in its folder `model`; the run's name says more. */
function nameOf(model: string): string {
  const name = basename(model);
  return name === 'model' ? basename(dirname(model)) : name;
}

async function askPerson(lab: Lab, argument: unknown, selection: unknown): Promise<Answers> {
  const pictures =
    givenPictures(argument, selection) ??
    (await browseForPictures({ title: 'Pictures to enlarge', openLabel: 'Upscale', canSelectMany: true }));
  const given = argument instanceof ModelEntry || argument instanceof RunEntry ? argument.folder : undefined;
  const images = pictures.map((uri) => uri.fsPath);
  return { images, model: given ?? (await pickModel(lab, 'Model to enlarge with')) };
}
