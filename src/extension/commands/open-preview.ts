/** *Open in SRGAN Lab Preview*: pictures from the explorer, the picture in front, or a dialogue. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { Cancelled } from '../process/command-line';
import { PREVIEW } from '../pages/preview-editor';
import { isCall, parseCall } from './targets';

/** Arguments of the command, for key bindings and programs. */
const previewArguments = z.strictObject({
  image: z.string().min(1).describe('Picture, absolute.'),
});

/** What package.json offers the preview for. */
const pictureNames = /\.(png|jpe?g|webp|tiff?|avif|bmp|gif)$/i;

export async function openPreview(argument: unknown, selection: unknown): Promise<void> {
  for (const uri of await pictures(argument, selection)) {
    await vscode.commands.executeCommand('vscode.openWith', uri, PREVIEW, { preview: false });
  }
}

async function pictures(argument: unknown, selection: unknown): Promise<vscode.Uri[]> {
  if (isCall(argument)) return [vscode.Uri.file(parseCall(previewArguments, argument).image)];
  if (argument instanceof vscode.Uri) {
    const uris = Array.isArray(selection) ? selection.filter((uri) => uri instanceof vscode.Uri) : [];
    return uris.length > 0 ? uris : [argument];
  }
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shown =
    input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? input.uri : undefined;
  if (shown !== undefined && pictureNames.test(shown.path)) return [shown];
  const chosen = await vscode.window.showOpenDialog({
    title: 'Pictures to look at',
    openLabel: 'Open',
    canSelectMany: true,
    filters: { Pictures: ['png', 'jpg', 'jpeg', 'webp', 'tif', 'tiff', 'avif', 'bmp', 'gif'] },
  });
  if (chosen === undefined || chosen.length === 0) throw new Cancelled();
  return chosen;
}
