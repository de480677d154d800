/**
 * A page as a custom editor on a marker file: VS Code opens, restores and closes it like any editor. The editor is read-only;
 * who wants to change the file opens it as text, beside the page if they like, and the page follows.
 */
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { PageContract } from '../../protocol/messages';
import type { Lab } from '../lab';
import { viewType, type PageKind } from './open-page';
import { pageHtml } from './page-html';
import { WebviewHost, type RequestHandlers, type Session } from './webview-host';

export interface Page<C extends PageContract> {
  readonly name: PageKind;
  /** What answers the page of this folder. */
  handlers(folder: string): RequestHandlers<C>;
  /** What tells the page of this folder what it shows. */
  open(folder: string, webview: vscode.Webview, host: WebviewHost<C>): Session;
}

/** Makes VS Code open `page` for its marker files. */
export function registerPage<C extends PageContract>(lab: Lab, page: Page<C>): vscode.Disposable {
  const webviews = vscode.Uri.joinPath(lab.extensionUri, 'dist', 'webviews');
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: ({ uri }, panel) => {
      const folder = dirname(uri.fsPath);
      const { webview } = panel;
      webview.options = {
        enableScripts: true,
        localResourceRoots: [webviews, vscode.Uri.file(folder)],
      };
      panel.iconPath = {
        light: vscode.Uri.joinPath(lab.extensionUri, 'media', 'page-light.svg'),
        dark: vscode.Uri.joinPath(lab.extensionUri, 'media', 'page-dark.svg'),
      };
      lab.openPages.add(folder, panel);
      // Before the document, so that its first word is heard. It disposes of itself with the panel.
      new WebviewHost<C>({
        panel,
        handlers: page.handlers(folder),
        log: lab.log,
        open: (host) => page.open(folder, webview, host),
      });
      webview.html = pageHtml(webview, webviews, page.name, panel.title);
    },
  };
  return vscode.window.registerCustomEditorProvider(viewType(page.name), provider, {
    supportsMultipleEditorsPerDocument: true,
  });
}
