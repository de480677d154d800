/**
 * `.srgan-lab/open.json` in a workspace folder: pages that a program outside VS Code asks to have opened, as soon as their
 * folders exist. `{ "open": ["runs/first"] }` names run or data set folders relative to the workspace folder.
 *
 * A page is opened once: its name is taken out of the file first, and the file is removed with the last. Whoever takes the name
 * out opens the page, so that two windows on the same folder do not both do it for long.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { writeJsonAtomically } from '../folders/atomic-write';
import { messageOf } from '../folders/lab-error';
import { readJson } from '../folders/read-json';
import { markerPath } from './lab/entries';
import type { LabIndex } from './lab/lab-index';
import { openPage, type PageKind } from './pages/open-page';
import type { Log } from './process/command-line';

export const OPEN_REQUESTS_FILE = join('.srgan-lab', 'open.json');

const openRequestsSchema = z.strictObject({ open: z.array(z.string().min(1)).max(100) });

const kinds: readonly PageKind[] = ['run', 'dataset'];

/** Carries out requests, those there are and those to come, until disposed. */
export function followOpenRequests(index: LabIndex, log: Log): vscode.Disposable {
  let work = Promise.resolve();
  const look = (): void => {
    work = work.then(async () => {
      for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
        if (uri.scheme !== 'file') continue;
        await carryOut(uri.fsPath).catch((error: unknown) => {
          log.warn(messageOf(error));
        });
      }
    });
  };
  // The folder, too: a file that comes together with its folder is not told of on its own.
  const watcher = vscode.workspace.createFileSystemWatcher('**/.srgan-lab{,/open.json}');
  look();
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(look),
    watcher.onDidChange(look),
    // A folder that was asked for may have appeared.
    index.onDidChange(look),
  );
}

/** Opens what can be opened now and leaves the rest in the file. Throws a `LabError` if the file cannot be used. */
export async function carryOut(workspace: string): Promise<void> {
  const file = join(workspace, OPEN_REQUESTS_FILE);
  if (!existsSync(file)) return;
  const requests = await readJson(file, openRequestsSchema);
  const ready: { kind: PageKind; folder: string }[] = [];
  const waiting: string[] = [];
  for (const request of requests.open) {
    const folder = resolve(workspace, request);
    if (!isWithin(workspace, folder)) continue;
    const kind = kinds.find((candidate) => existsSync(markerPath(candidate, folder)));
    if (kind === undefined) waiting.push(request);
    else ready.push({ kind, folder });
  }
  if (waiting.length === 0) await rm(file, { force: true });
  else if (waiting.length < requests.open.length) await writeJsonAtomically(file, { open: waiting });
  for (const { kind, folder } of ready) await openPage(kind, folder);
}

/** A file from outside must not make the extension read beyond the workspace. */
function isWithin(workspace: string, folder: string): boolean {
  const path = relative(workspace, folder);
  return path !== '..' && !path.startsWith(`..${sep}`) && resolve(workspace, path) === folder;
}
