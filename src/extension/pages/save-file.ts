/** Saving what a page hands over: a chart as data or as a picture. */
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';

/** A name to propose for a file; never a path. */
export const fileName = z
  .string()
  .min(1)
  .max(200)
  .transform((name) => basename(name));

/** Asks where to, beside the folder's own files at first, and writes it there. */
export async function saveBeside(folder: string, name: string, data: Uint8Array): Promise<void> {
  const defaultUri = vscode.Uri.file(join(folder, name));
  const uri = await vscode.window.showSaveDialog({ defaultUri });
  if (uri !== undefined) await vscode.workspace.fs.writeFile(uri, data);
}
