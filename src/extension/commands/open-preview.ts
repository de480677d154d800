/** *Open in SRGAN Lab Preview*: pictures from the explorer, the picture in front, or a dialogue. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { PREVIEW } from '../pages/preview-editor';
import { activePicture, browseForPictures, givenPictures } from './picture-targets';
import { isCall, parseCall } from './targets';

/** Arguments of the command, for key bindings and programs. */
const previewArguments = z.strictObject({
  image: z.string().min(1).describe('Picture, absolute.'),
});

export async function openPreview(argument: unknown, selection: unknown): Promise<void> {
  for (const uri of await pictures(argument, selection)) await showPreview(uri);
}

/** Opens the preview, or brings it to the front. */
export async function showPreview(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, PREVIEW, { preview: false });
}

async function pictures(argument: unknown, selection: unknown): Promise<vscode.Uri[]> {
  if (isCall(argument)) return [vscode.Uri.file(parseCall(previewArguments, argument).image)];
  const given = givenPictures(argument, selection);
  if (given !== undefined) return given;
  const active = activePicture();
  if (active !== undefined) return [active];
  return browseForPictures({ title: 'Pictures to look at', openLabel: 'Open', canSelectMany: true });
}
