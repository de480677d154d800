/** The transfer page as an editor on `transfer.srgan.json`: it shows what the files of the measurement say, as they change. */
import { Buffer } from 'node:buffer';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { readBuilder } from '../../folders/build-lease';
import { readJsonLines } from '../../folders/json-lines';
import { LabError, messageOf } from '../../folders/lab-error';
import { readJson } from '../../folders/read-json';
import {
  CURVE_FILE,
  curveResultSchema,
  EPOCHS_FILE,
  epochLineSchema,
  FINE_TUNING_FILE,
  fineTuningResultSchema,
  PROBE_FILE,
  probeResultSchema,
  SHEET_FILE,
  TRANSFER_DATA_FILE,
  TRANSFER_FILE,
  transferConfigurationSchema,
  transferDataSchema,
} from '../../protocol/transfer';
import type { TransferPageContract, TransferSnapshot } from '../../protocol/transfer-page';
import type { Lab } from '../lab';
import { pageHtml } from './page-html';
import { fileName, saveBeside } from './save-file';
import { WebviewHost, type RequestHandlers, type Session } from './webview-host';

export const TRANSFER_VIEW = 'srganLab.transfer';
const nothing = z.strictObject({});

/** Files are written one after the other; a page is told of them together. */
const SETTLE_MS = 200;

/** Makes VS Code open the page for the marker files of measurements. */
export function registerTransferPage({ extensionUri, log }: Lab): vscode.Disposable {
  const webviews = vscode.Uri.joinPath(extensionUri, 'dist', 'webviews');
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: ({ uri }, panel) => {
      const folder = dirname(uri.fsPath);
      const { webview } = panel;
      webview.options = { enableScripts: true, localResourceRoots: [webviews, vscode.Uri.file(folder)] };
      panel.iconPath = {
        light: vscode.Uri.joinPath(extensionUri, 'media', 'page-light.svg'),
        dark: vscode.Uri.joinPath(extensionUri, 'media', 'page-dark.svg'),
      };
      new WebviewHost<TransferPageContract>({
        panel,
        handlers: requests(folder),
        log,
        open: (host) => follow(folder, webview, host),
      });
      webview.html = pageHtml(webview, webviews, 'transfer', panel.title);
    },
  };
  return vscode.window.registerCustomEditorProvider(TRANSFER_VIEW, provider, {
    supportsMultipleEditorsPerDocument: true,
  });
}

function requests(folder: string): RequestHandlers<TransferPageContract> {
  const marker = vscode.Uri.file(join(folder, TRANSFER_FILE));
  return {
    openConfiguration: {
      parameters: nothing,
      handle: async () => {
        await vscode.commands.executeCommand('vscode.openWith', marker, 'default', { preview: false });
      },
    },
    revealFolder: {
      parameters: nothing,
      handle: async () => {
        await vscode.commands.executeCommand('revealFileInOS', marker);
      },
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

/** Tells the page the measurement now, and whenever a file of it changes. */
function follow(
  folder: string,
  webview: vscode.Webview,
  host: Pick<WebviewHost<TransferPageContract>, 'post'>,
): Session {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const tell = async (): Promise<void> => {
    try {
      const snapshot = await readMeasurement(folder, webview);
      if (!ended) host.post('snapshot', snapshot);
    } catch (error) {
      if (!ended) host.post('broken', { message: messageOf(error) });
    }
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void tell(), SETTLE_MS);
  };
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.file(folder), '*.{json,jsonl,png}'),
  );
  const subscriptions = [
    watcher,
    watcher.onDidCreate(soon),
    watcher.onDidChange(soon),
    watcher.onDidDelete(soon),
  ];
  void tell();
  return {
    dispose: () => {
      ended = true;
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

async function readMeasurement(
  folder: string,
  webview: Pick<vscode.Webview, 'asWebviewUri'>,
): Promise<TransferSnapshot> {
  const at = (name: string): string => join(folder, name);
  const configuration = await readJson(at(TRANSFER_FILE), transferConfigurationSchema);
  const { lines } = await readJsonLines(at(EPOCHS_FILE), epochLineSchema);
  return {
    runName: basename(dirname(dirname(folder))),
    configuration,
    running: (await readBuilder(folder)) !== undefined,
    data: await readIfThere(at(TRANSFER_DATA_FILE), transferDataSchema),
    probe: await readIfThere(at(PROBE_FILE), probeResultSchema),
    curve: await readIfThere(at(CURVE_FILE), curveResultSchema),
    fineTuning: await readIfThere(at(FINE_TUNING_FILE), fineTuningResultSchema),
    epochs: lines,
    sheet: await addressOf(at(SHEET_FILE), webview),
  };
}

async function readIfThere<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    await stat(path);
  } catch {
    return null;
  }
  try {
    return await readJson(path, schema);
  } catch (error) {
    if (error instanceof LabError) throw error;
    return null;
  }
}

/** With the time of its last change, so that a new picture is not mistaken for the old one. */
async function addressOf(
  path: string,
  webview: Pick<vscode.Webview, 'asWebviewUri'>,
): Promise<string | null> {
  try {
    const { mtimeMs } = await stat(path);
    return `${webview.asWebviewUri(vscode.Uri.file(path)).toString()}?v=${Math.floor(mtimeMs)}`;
  } catch {
    return null;
  }
}
