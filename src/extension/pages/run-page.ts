/** The run page: what its buttons do. What it shows comes from `RunSession`. */
import { Buffer } from 'node:buffer';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { datasetFolderOf, readRunConfiguration } from '../../folders/marker-files';
import type { RunPageContract } from '../../protocol/pages';
import { resumeRun, stopRunFromPage } from '../commands/stop-training';
import { revealFolder, showRunLog } from '../commands/open-commands';
import { requireTrust } from '../errors';
import { markerPath } from '../lab/entries';
import type { Lab } from '../lab';
import { openAsText, openPage } from './open-page';
import { registerPage } from './page-editor';
import { RunSession } from './run-session';
import type { RequestHandlers } from './webview-host';

const nothing = z.strictObject({});
/** A name to propose for a file; never a path. */
const fileName = z
  .string()
  .min(1)
  .max(200)
  .transform((name) => basename(name));

export function registerRunPage(lab: Lab): vscode.Disposable {
  return registerPage<RunPageContract>(lab, {
    name: 'run',
    handlers: (folder) => runRequests(lab, folder),
    open: (folder, webview, host) => new RunSession(folder, webview, host),
  });
}

function runRequests(lab: Lab, folder: string): RequestHandlers<RunPageContract> {
  return {
    stop: { parameters: nothing, handle: () => stopRunFromPage(lab, folder) },
    resume: {
      parameters: nothing,
      handle: async () => {
        requireTrust('Training');
        await resumeRun(lab, folder);
      },
    },
    openConfiguration: { parameters: nothing, handle: () => openAsText('run', folder) },
    openDataset: {
      parameters: nothing,
      handle: async () => {
        await openPage('dataset', datasetFolderOf(folder, await readRunConfiguration(folder)));
      },
    },
    openLog: { parameters: nothing, handle: () => showRunLog(folder) },
    revealFolder: {
      parameters: nothing,
      handle: () => revealFolder(vscode.Uri.file(markerPath('run', folder))),
    },
    saveText: {
      parameters: z.strictObject({ name: fileName, text: z.string() }),
      handle: ({ name, text }) => save(folder, name, Buffer.from(text, 'utf8')),
    },
    savePicture: {
      parameters: z.strictObject({ name: fileName, base64: z.base64() }),
      handle: ({ name, base64 }) => save(folder, name, Buffer.from(base64, 'base64')),
    },
  };
}

/** Asks where to, beside the run at first, and writes it there. */
async function save(folder: string, name: string, data: Uint8Array): Promise<void> {
  const defaultUri = vscode.Uri.file(join(folder, name));
  const uri = await vscode.window.showSaveDialog({ defaultUri });
  if (uri !== undefined) await vscode.workspace.fs.writeFile(uri, data);
}
