/**
 * An extension that does as little as one can: an item in the status bar as soon as VS Code starts extensions, and a page that
 * says a word when its host has answered. What the lab takes longer than this, beside it in the same window, is the lab's own.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The text of its item in the status bar, and of its page. */
export const BARE_TEXT = 'bare extension';
/** Opens its page; the argument is the path of a file that ends in `.bare`. */
export const OPEN_BARE_PAGE = 'bare.open';

const manifest = {
  name: 'bare',
  publisher: 'srgan-lab-tests',
  version: '1.0.0',
  engines: { vscode: '^1.100.0' },
  main: './main.js',
  extensionKind: ['workspace'],
  activationEvents: ['*'],
  contributes: {
    customEditors: [
      {
        viewType: 'bare.page',
        displayName: 'Bare',
        selector: [{ filenamePattern: '*.bare' }],
        priority: 'option',
      },
    ],
  },
};

const page = `const api = acquireVsCodeApi();
addEventListener('message', ({ data }) => { document.body.textContent = data; });
api.postMessage('ready');
`;

/** Its script is a file, as those of the lab's pages are. */
const main = `const vscode = require('vscode');
exports.activate = ({ extensionUri, subscriptions }) => {
  const item = vscode.window.createStatusBarItem('bare', vscode.StatusBarAlignment.Left, 9);
  item.text = ${JSON.stringify(BARE_TEXT)};
  item.show();
  const editor = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: (document, { webview }) => {
      webview.options = { enableScripts: true, localResourceRoots: [extensionUri] };
      webview.onDidReceiveMessage(() => webview.postMessage(${JSON.stringify(BARE_TEXT)}));
      const script = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'page.js'));
      webview.html = '<!DOCTYPE html><title>Bare</title><body></body><script type="module" src="' + script + '"></script>';
    },
  };
  const open = (path) => vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(path), 'bare.page', { preview: false });
  subscriptions.push(
    item,
    vscode.window.registerCustomEditorProvider('bare.page', editor),
    vscode.commands.registerCommand(${JSON.stringify(OPEN_BARE_PAGE)}, open),
  );
};
`;

/** Writes it where a server that has not started yet finds its extensions. */
export async function writeBareExtension(extensionsFolder: string): Promise<void> {
  const folder = join(extensionsFolder, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'main.js'), main);
  await writeFile(join(folder, 'page.js'), page);
}
