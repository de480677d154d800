/** Pages as editors: opened by VS Code itself, asked for by a file, strict in what they may load. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { pageHtml } from '../../src/extension/pages/page-html';
import { DATASET_FILE } from '../../src/protocol/dataset-file';
import { RUN_FILE } from '../../src/protocol/run-configuration';
import { datasetFile, runConfiguration } from '../support/run-folders';
import {
  closeAllEditors,
  execute,
  extensionUnderTest,
  freshFolder,
  openPages,
  until,
  watching,
  workspaceFolder,
} from './support/lab';

function makeRun(): string {
  const folder = freshFolder('run ');
  writeFileSync(join(folder, RUN_FILE), JSON.stringify(runConfiguration('first')));
  return folder;
}

function makeDataset(): string {
  const folder = freshFolder('data set ');
  writeFileSync(join(folder, DATASET_FILE), JSON.stringify(datasetFile('photos', folder)));
  return folder;
}

describe('Pages', () => {
  before(extensionUnderTest);
  afterEach(closeAllEditors);

  it('open for their marker files without being asked', async () => {
    const [run, dataset] = [makeRun(), makeDataset()];
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(join(run, RUN_FILE)));
    await until(() => openPages('run').includes(run));
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(join(dataset, DATASET_FILE)));
    await until(() => openPages('dataset').includes(dataset));
  });

  it('are one click away from the file as text, and back', async () => {
    const run = makeRun();
    await execute('srganLab.openRun', { folder: run });
    await until(() => openPages('run').includes(run));
    await execute('srganLab.openConfiguration');
    const file = join(run, RUN_FILE);
    await until(() => vscode.window.activeTextEditor?.document.uri.fsPath === file);
    await closeAllEditors();
    await execute('srganLab.openPage', vscode.Uri.file(file));
    await until(() => openPages('run').includes(run));
  });

  it('open for a file that is broken, too', async () => {
    const run = freshFolder('broken ');
    writeFileSync(join(run, RUN_FILE), '{');
    await execute('srganLab.openRun', { folder: run });
    await until(() => openPages('run').includes(run));
  });

  it('allow no more than their own script and resources, with a nonce of their own', async () => {
    const { extensionUri } = await extensionUnderTest();
    const panel = vscode.window.createWebviewPanel('test', 'Test', vscode.ViewColumn.One);
    const webviews = vscode.Uri.joinPath(extensionUri, 'dist', 'webviews');
    const make = (): string => pageHtml(panel.webview, webviews, 'run', `<b>"'&`);
    const [html, again] = [make(), make()];
    panel.dispose();
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';
    const directives = new Map(policy.split('; ').map((part) => [part.split(' ')[0], part]));
    assert.equal(directives.get('default-src'), `default-src 'none'`);
    const nonce = /^script-src 'nonce-([A-Za-z0-9+/=]{24,})'$/.exec(directives.get('script-src') ?? '')?.[1];
    assert.ok(nonce, directives.get('script-src'));
    assert.ok(html.includes(`nonce="${nonce}" src=`));
    assert.doesNotMatch(policy, /unsafe|\*(?!\.)|http:/);
    assert.ok(!again.includes(nonce));
    assert.ok(!html.includes('<b>'));
  });
});

describe('Requests to open pages', () => {
  before(async () => {
    await extensionUnderTest();
    await watching();
  });
  afterEach(closeAllEditors);

  const file = join(workspaceFolder(), '.srgan-lab', 'open.json');
  function ask(open: unknown): void {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, JSON.stringify({ open }));
  }

  it('are carried out once, and their file is removed', async () => {
    const run = makeRun();
    ask([basename(run)]);
    await until(() => openPages('run').includes(run));
    assert.ok(!existsSync(file));
  });

  it('wait for a folder that is still to come', async () => {
    const [run, later] = [makeRun(), join(workspaceFolder(), 'later')];
    ask(['later', basename(run)]);
    await until(() => openPages('run').includes(run));
    assert.ok(existsSync(file));
    mkdirSync(later);
    writeFileSync(join(later, RUN_FILE), JSON.stringify(runConfiguration('later')));
    await until(() => openPages('run').includes(later));
    assert.ok(!existsSync(file));
  });

  it('reach nothing outside the workspace', async () => {
    const run = makeRun();
    ask(['../../../../etc', '/etc', basename(run)]);
    await until(() => openPages('run').includes(run));
    assert.ok(!existsSync(file));
    assert.equal(openPages('run').length, 1);
  });
});
