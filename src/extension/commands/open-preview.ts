/** *Open in SRGAN Lab Preview*: pictures from the explorer, the picture in front, or a dialogue. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { showPreview } from '../pages/show-preview';
import { activePicture, browseForPictures, givenPictures } from './picture-targets';
import { isCall, parseCall } from './targets';

/** Arguments of the command, for key bindings and programs. */
const previewArguments = z.strictObject({
  image: z.string().min(1).describe('Picture, absolute.'),
});

export async function openPreview(argument: unknown, selection: unknown): Promise<void> {
  for (const uri of await pictures(argument, selection)) await showPreview(uri);
}

async function pictures(argument: unknown, selection: unknown): Promise<vscode.Uri[]> {
  if (isCall(argument)) return [vscode.Uri.file(parseCall(previewArguments, argument).image)];
  const given = givenPictures(argument, selection);
  if (given !== undefined) return given;
  const active = activePicture();
  if (active !== undefined) return [active];
  return browseForPictures({ title: 'Pictures to look at', openLabel: 'Open', canSelectMany: true });
}
