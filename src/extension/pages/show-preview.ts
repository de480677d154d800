/** Opening a picture in the preview. */
import * as vscode from 'vscode';

/** The type of custom editor that package.json declares. */
export const PREVIEW = 'srganLab.preview';

/** Opens the preview, or brings it to the front. */
export async function showPreview(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, PREVIEW, { preview: false });
}
