/** A picture file as pages show it: by its own address where a browser can, else by that of a PNG that the lab makes of it. */
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import * as vscode from 'vscode';
import { hasCode, LabError } from '../../folders/lab-error';

/** A network drive tells nobody of a change, so files are looked at. */
export const LOOK_MS = 1000;

/** Endings of the names of pictures, as package.json offers pages for them. */
export const pictureEndings = ['png', 'jpg', 'jpeg', 'webp', 'tif', 'tiff', 'avif', 'bmp', 'gif'] as const;

/** Names of what a browser shows; what is in the file decides once it is read. */
const browserNames = ['.png', '.jpg', '.jpeg', '.jpe', '.jfif', '.webp', '.avif', '.gif', '.bmp', '.dib'];

/** Whether a browser shows the file, going by its name. */
export function isShownByBrowser(path: string): boolean {
  return browserNames.includes(extname(path).toLowerCase());
}

/** What the file system says of the file. Throws a `LabError` if it is gone. */
export async function checkThere(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    throw new LabError(
      `${path} is gone: it was deleted, moved or renamed. It is shown again as soon as it is back.`,
    );
  }
}

/** Throws a `LabError` if only a process of the lab could show the file, and none may be started. */
export function checkMayBeShown(path: string): void {
  if (vscode.workspace.isTrusted || isShownByBrowser(path)) return;
  throw new LabError(
    `${path} is decoded by a process of the lab, and this workspace is in Restricted Mode. Trust the workspace to see it.`,
  );
}
