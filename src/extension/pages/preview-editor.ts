/**
 * "SRGAN Lab Preview": pictures as an optional editor, which VS Code restores like any other. All previews look into files
 * through one process, which begins while a page loads; each enlarges in a process of its own, which ends when the page is
 * hidden.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { bundlePath } from '../../folders/installation';
import type { PreviewPageContract } from '../../protocol/preview-page';
import type { Lab } from '../lab';
import { tensorFlowHints } from '../engines/tensorflow-hints';
import { engineSettingOptions } from '../settings';
import { FirstLook } from './first-look';
import { pageHtml } from './page-html';
import { PictureServer } from './picture-server';
import { previewRequests } from './preview-requests';
import { PreviewSession } from './preview-session';
import { PREVIEW } from './show-preview';
import { WebviewHost } from './webview-host';

/** Who looks through a folder opens the next picture before this is over. */
const LINGER_MS = 60_000;

export function registerPreviewEditor(lab: Lab): vscode.Disposable {
  const script = bundlePath('cli.js');
  const reader = new PictureServer({ script, log: lab.log, lingerMs: LINGER_MS });
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: async ({ uri }, panel) => {
      const firstLook = vscode.workspace.isTrusted ? new FirstLook(reader, uri.fsPath) : undefined;
      panel.onDidDispose(() => firstLook?.dispose());
      const scratch = await mkdtemp(join(tmpdir(), 'srgan-lab-preview-'));
      panel.onDidDispose(() => void rm(scratch, { recursive: true, force: true }));
      fill(lab, { path: uri.fsPath, scratch, panel, script, reader, firstLook });
    },
  };
  const registration = vscode.window.registerCustomEditorProvider(PREVIEW, provider, {
    supportsMultipleEditorsPerDocument: true,
  });
  return vscode.Disposable.from(registration, {
    dispose: () => {
      reader.stop();
    },
  });
}

interface Filling {
  readonly path: string;
  readonly scratch: string;
  readonly panel: vscode.WebviewPanel;
  readonly script: string;
  readonly reader: PictureServer;
  readonly firstLook: FirstLook | undefined;
}

function fill(lab: Lab, { path, scratch, panel, script, reader, firstLook }: Filling): void {
  const { webview } = panel;
  const { extensionUri, index, log } = lab;
  const webviews = vscode.Uri.joinPath(extensionUri, 'dist', 'webviews');
  webview.options = {
    enableScripts: true,
    localResourceRoots: [webviews, vscode.Uri.file(dirname(path)), vscode.Uri.file(scratch)],
  };
  let session: PreviewSession | undefined;
  new WebviewHost<PreviewPageContract>({
    panel,
    handlers: previewRequests(lab, path, () => session),
    log,
    open: (host) => {
      const openEnlarger = async (): Promise<PictureServer> => {
        const args = engineSettingOptions();
        return new PictureServer({ script, args, environment: await tensorFlowHints(), log });
      };
      const parts = { path, scratch, index, webview, host, reader, firstLook, openEnlarger };
      const opened = new PreviewSession(parts);
      session = opened;
      return {
        dispose: () => {
          opened.dispose();
          if (session === opened) session = undefined;
        },
      };
    },
  });
  webview.html = pageHtml(webview, webviews, 'preview', panel.title);
}
