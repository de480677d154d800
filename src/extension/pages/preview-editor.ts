/**
 * "SRGAN Lab Preview": pictures as an optional editor, which VS Code restores like any other. All previews look into files
 * through one process; each enlarges in a process of its own, which ends when the page is hidden.
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
import { pageHtml } from './page-html';
import { PictureServer } from './picture-server';
import { previewRequests } from './preview-requests';
import { PreviewSession } from './preview-session';
import { PREVIEW } from './show-preview';
import { WebviewHost } from './webview-host';

export function registerPreviewEditor(lab: Lab): vscode.Disposable {
  const script = bundlePath('cli.js');
  const reader = new PictureServer({ script, log: lab.log });
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: async ({ uri }, panel) => {
      const scratch = await mkdtemp(join(tmpdir(), 'srgan-lab-preview-'));
      panel.onDidDispose(() => void rm(scratch, { recursive: true, force: true }));
      await fill(lab, { path: uri.fsPath, scratch, panel, script, reader });
    },
  };
  return vscode.window.registerCustomEditorProvider(PREVIEW, provider, {
    supportsMultipleEditorsPerDocument: true,
  });
}

interface Filling {
  readonly path: string;
  readonly scratch: string;
  readonly panel: vscode.WebviewPanel;
  readonly script: string;
  readonly reader: PictureServer;
}

async function fill(lab: Lab, { path, scratch, panel, script, reader }: Filling): Promise<void> {
  const { webview } = panel;
  const { extensionUri, index, log } = lab;
  const environment = await tensorFlowHints();
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
      const args = engineSettingOptions();
      const enlarger = new PictureServer({ script, args, environment, log });
      const opened = new PreviewSession({ path, scratch, index, webview, host, reader, enlarger });
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
