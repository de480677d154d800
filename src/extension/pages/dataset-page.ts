/** The data set page: what its buttons do. What it shows comes from `DatasetSession`. */
import { join, resolve, sep } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { LabError } from '../../folders/lab-error';
import { readDatasetFile } from '../../folders/marker-files';
import type { DatasetPageContract } from '../../protocol/pages';
import { runCheck } from '../commands/check-dataset';
import { revealFolder } from '../commands/open-commands';
import type { CommandId } from '../command-ids';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { markerPath } from '../lab/entries';
import { DatasetSession } from './dataset-session';
import { openAsText } from './open-page';
import { registerPage } from './page-editor';
import type { RequestHandlers } from './webview-host';

const nothing = z.strictObject({});

export function registerDatasetPage(lab: Lab): vscode.Disposable {
  return registerPage<DatasetPageContract>(lab, {
    name: 'dataset',
    handlers: (folder) => datasetRequests(lab, folder),
    open: (folder, webview, host) => new DatasetSession(folder, webview, host),
  });
}

function datasetRequests(lab: Lab, folder: string): RequestHandlers<DatasetPageContract> {
  const marker = vscode.Uri.file(markerPath('dataset', folder));
  const startTraining: CommandId = 'srganLab.startTraining';
  return {
    startTraining: {
      parameters: nothing,
      handle: () => {
        // Answered at once: the questions that follow may stay open for long.
        void vscode.commands.executeCommand(startTraining, marker);
      },
    },
    openAsText: { parameters: nothing, handle: () => openAsText('dataset', folder) },
    revealFolder: { parameters: nothing, handle: () => revealFolder(marker) },
    openSource: {
      parameters: z.strictObject({ root: z.int().min(0), source: z.string().min(1) }),
      handle: ({ root, source }) => openSource(folder, root, source),
    },
    check: {
      parameters: nothing,
      handle: async () => {
        requireTrust('Checking a data set');
        const { problems } = await runCheck(lab, folder);
        return { problems };
      },
    },
  };
}

/** Opens the file that an image was made from. The page names it; only files that the data set names are opened. */
async function openSource(folder: string, root: number, source: string): Promise<void> {
  const { roots, images, omitted } = await readDatasetFile(folder);
  const known = [...images, ...omitted].some((entry) => entry.root === root && entry.source === source);
  const base = roots[root];
  if (!known || base === undefined) throw new LabError(`The data set knows no source ${source}.`);
  const path = join(base, source);
  if (!resolve(path).startsWith(resolve(base) + sep))
    throw new LabError(`${source} leads out of its folder ${base}; it is not opened.`);
  const uri = vscode.Uri.file(path);
  try {
    await vscode.workspace.fs.stat(uri);
  } catch {
    throw new LabError(`${path} is gone. The data set keeps its own copy and is not affected.`);
  }
  await vscode.commands.executeCommand('vscode.open', uri);
}
