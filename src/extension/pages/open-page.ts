/** Opening a folder's page, and its marker file as text. */
import * as vscode from 'vscode';
import { markerPath, type EntryKind } from '../lab/entries';

/** Kinds of folders that have a page. */
export type PageKind = Exclude<EntryKind, 'model'>;

/** The type of custom editor that package.json declares for each page. */
export function viewType(kind: PageKind): string {
  return `srganLab.${kind}`;
}

/** Opens the page, or brings it to the front. */
export async function openPage(kind: PageKind, folder: string): Promise<void> {
  const uri = vscode.Uri.file(markerPath(kind, folder));
  await vscode.commands.executeCommand('vscode.openWith', uri, viewType(kind), { preview: false });
}

/** Opens the marker file in a text editor, where VS Code completes and checks it. */
export async function openAsText(kind: EntryKind, folder: string): Promise<void> {
  const uri = vscode.Uri.file(markerPath(kind, folder));
  await vscode.commands.executeCommand('vscode.openWith', uri, 'default', { preview: false });
}
