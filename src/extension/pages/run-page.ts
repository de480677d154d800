/** The run page: what its buttons do. What it shows comes from `RunSession`. */
import { Buffer } from 'node:buffer';
import * as vscode from 'vscode';
import { z } from 'zod';
import { readEvaluations } from '../../folders/checkpoint-evaluations';
import { keepCrop, removeCrop } from '../../folders/kept-crops';
import { datasetFolderOf, readRunConfiguration } from '../../folders/marker-files';
import { LabError } from '../../folders/lab-error';
import { keptCropSchema } from '../../protocol/kept-crops';
import type { RunPageContract } from '../../protocol/pages';
import { endRunNow, resumeRun, startRunNow, stopRunFromPage } from '../commands/stop-training';
import { continueEvaluation, evaluateCheckpoints } from '../commands/evaluate-checkpoints';
import { revealFolder, showRunLog } from '../commands/open-commands';
import { requireTrust } from '../errors';
import { markerPath } from '../lab/entries';
import type { Lab } from '../lab';
import { openAsText, openPage } from './open-page';
import { registerPage } from './page-editor';
import { RunSession } from './run-session';
import { fileName, saveBeside } from './save-file';
import type { RequestHandlers } from './webview-host';

const nothing = z.strictObject({});

export function registerRunPage(lab: Lab): vscode.Disposable {
  /** Those of the pages on the screen, which know the records. */
  const sessions = new Set<RunSession>();
  return registerPage<RunPageContract>(lab, {
    name: 'run',
    handlers: (folder) =>
      runRequests(lab, folder, () => [...sessions].find((each) => each.folder === folder)),
    open: (folder, webview, host) => {
      const session = new RunSession(folder, webview, host);
      sessions.add(session);
      return {
        dispose: () => {
          sessions.delete(session);
          session.dispose();
        },
      };
    },
  });
}

function runRequests(
  lab: Lab,
  folder: string,
  session: () => RunSession | undefined,
): RequestHandlers<RunPageContract> {
  return {
    readSteps: {
      parameters: z.strictObject({ from: z.number(), to: z.number() }),
      handle: ({ from, to }) => {
        const shown = session();
        if (shown === undefined) throw new LabError('The page is not on the screen.');
        return shown.readSteps(from, to);
      },
    },
    stop: { parameters: nothing, handle: () => stopRunFromPage(lab, folder) },
    endNow: { parameters: nothing, handle: () => endRunNow(folder) },
    startNow: { parameters: nothing, handle: () => startRunNow(folder) },
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
    evaluateCheckpoints: {
      parameters: z.strictObject({ name: z.string().optional() }),
      handle: async ({ name }) => {
        const begun = (await readEvaluations(folder)).find((each) => each.name === name);
        if (begun !== undefined) await continueEvaluation(lab, folder, begun.task);
        else await evaluateCheckpoints(lab, { folder });
      },
    },
    keepCrop: { parameters: keptCropSchema, handle: (crop) => keepCrop(folder, crop) },
    removeCrop: {
      parameters: keptCropSchema.pick({ image: true, name: true }),
      handle: (crop) => removeCrop(folder, crop),
    },
    saveText: {
      parameters: z.strictObject({ name: fileName, text: z.string() }),
      handle: ({ name, text }) => saveBeside(folder, name, Buffer.from(text, 'utf8')),
    },
    savePicture: {
      parameters: z.strictObject({ name: fileName, base64: z.base64() }),
      handle: ({ name, base64 }) => saveBeside(folder, name, Buffer.from(base64, 'base64')),
    },
  };
}
