/** Comparing images inside VS Code: what the commands open, git's HEAD, what the page is told of files that change and go. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { findHeadVersion, writeHeadVersion } from '../../src/extension/git/head-version';
import { ComparedImages, idOf } from '../../src/extension/pages/compared-images';
import { CompareImagesSession } from '../../src/extension/pages/compare-images-session';
import { ImageComparison } from '../../src/extension/pages/image-comparison';
import { PictureServer } from '../../src/extension/pages/picture-server';
import type { CompareImagesPageContract } from '../../src/protocol/compare-images-page';
import { closeAllEditors, eventually, execute, extensionUnderTest, photographs, until } from './support/lab';

/** Titles of the pages that are open. */
function openTitles(): string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) =>
        input instanceof vscode.TabInputWebview && input.viewType.endsWith('srganLab.compareImages'),
    )
    .map(({ label }) => label);
}

function git(folder: string, ...args: string[]): void {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', folder, ...identity, ...args], { stdio: 'pipe' });
}

function commitAll(folder: string): void {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'pictures');
}

let folder = '';
let [fig, tulips] = ['', ''];

async function makePhotographs(): Promise<void> {
  folder = await photographs(['fig.jpg', 'tulips.png']);
  [fig, tulips] = [join(folder, 'fig.jpg'), join(folder, 'tulips.png')];
}

describe('The command Compare Images', () => {
  before(extensionUnderTest);
  beforeEach(makePhotographs);
  afterEach(closeAllEditors);

  it('opens a page on the pictures that it is called with, and the same page again', async () => {
    assert.deepEqual(await execute('srganLab.compareImages', { images: [fig, tulips] }), [fig, tulips]);
    await until(() => openTitles().length === 1);
    assert.deepEqual(openTitles(), ['fig.jpg ↔ tulips.png']);
    await execute('srganLab.compareImages', { images: [tulips, fig] });
    assert.equal(openTitles().length, 1, 'the same pictures in another order are the same comparison');
  });

  it('takes what is selected in the explorer', async () => {
    const selection = [fig, tulips].map((path) => vscode.Uri.file(path));
    const opened = await vscode.commands.executeCommand('srganLab.compareImages', selection[0], selection);
    assert.deepEqual(opened, [fig, tulips]);
    await until(() => openTitles().length === 1);
  });

  it('refuses one picture, and more than six', async () => {
    for (const images of [[fig], Array.from({ length: 7 }, (_, index) => `/${index}.png`)])
      await assert.rejects(async () => execute('srganLab.compareImages', { images }), /cannot be used/);
    assert.deepEqual(openTitles(), []);
  });
});

describe('The command Compare with HEAD', () => {
  before(async function () {
    if (!vscode.workspace.isTrusted) this.skip();
    await extensionUnderTest();
  });
  beforeEach(makePhotographs);
  afterEach(closeAllEditors);

  const refused = (expected: RegExp) =>
    assert.rejects(async () => execute('srganLab.compareWithHead', { image: fig }), expected);

  it('says that there is no repository, no commit, no version, or only a pointer', async () => {
    // The workspace of the tests lies in no repository.
    await refused(/fig\.jpg is in no git repository/);
    git(folder, 'init', '-q');
    await refused(/no commit yet/);
    git(folder, 'add', 'tulips.png');
    git(folder, 'commit', '-q', '-m', 'tulips');
    await refused(/fig\.jpg is not in git’s HEAD/);
    const photograph = readFileSync(fig);
    writeFileSync(fig, `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`);
    commitAll(folder);
    writeFileSync(fig, photograph);
    await refused(/Git LFS/);
    assert.deepEqual(openTitles(), []);
  });

  it('opens a page on the version in HEAD and the file', async () => {
    git(folder, 'init', '-q');
    commitAll(folder);
    const photograph = readFileSync(fig);
    writeFileSync(fig, 'changed since');
    assert.equal(await execute('srganLab.compareWithHead', { image: fig }), fig);
    await until(() => openTitles().length === 1);
    assert.deepEqual(openTitles(), ['fig.jpg ↔ HEAD']);
    const images = new ComparedImages([{ path: fig, revision: 'HEAD' }]);
    const written = await writeHeadVersion(fig, await findHeadVersion(fig), images.scratch);
    assert.deepEqual(readFileSync(written), photograph);
    images.dispose();
  });
});

type Events = CompareImagesPageContract['events'];
type Told = { [N in keyof Events]: Events[N][] };

describe('The session of a page of compared images', () => {
  let panel: vscode.WebviewPanel;
  let images: ComparedImages;
  let session: CompareImagesSession;
  let told: Told;

  before(async function () {
    if (!vscode.workspace.isTrusted) this.skip();
    await extensionUnderTest();
  });

  function open(...revisions: ['file' | 'HEAD', string][]): void {
    told = { images: [], picture: [], broken: [] };
    panel = vscode.window.createWebviewPanel('test', 'Test', vscode.ViewColumn.One);
    images = new ComparedImages(revisions.map(([revision, path]) => ({ revision, path })));
    const log = { info: () => undefined, warn: (message: string) => assert.fail(message) };
    const script = join(
      vscode.extensions.getExtension('srgan-lab.srgan-lab')!.extensionPath,
      'dist',
      'cli.js',
    );
    session = new CompareImagesSession({
      images,
      webview: panel.webview,
      host: { post: (name, payload) => told[name].push(payload) },
      reader: new PictureServer({ script, log }),
      comparison: new ImageComparison(script, log),
    });
  }

  function next<N extends keyof Events>(name: N): Promise<Events[N]> {
    return eventually(() => told[name].shift());
  }

  beforeEach(makePhotographs);
  afterEach(() => {
    session.dispose();
    images.dispose();
    panel.dispose();
  });

  it('lists the pictures at once, tells where each is, and measures them', async () => {
    const copy = join(folder, 'copy.jpg');
    copyFileSync(fig, copy);
    open(['file', fig], ['file', copy]);
    const list = await next('images');
    assert.deepEqual(
      list.images.map(({ name }) => name),
      ['fig.jpg', 'copy.jpg'],
    );
    const [a, b] = [await next('picture'), await next('picture')];
    assert.deepEqual(a.size, b.size);
    const [reference, id] = [idOf({ path: fig, revision: 'file' }), idOf({ path: copy, revision: 'file' })];
    const choice = { protocol: 'y', border: 0, enlarge: false } as const;
    const measurement = await session.measure(reference, id, choice);
    assert.equal(measurement?.figures[0]?.value, 'infinite');
    assert.match((await session.map(reference, id, choice)) ?? '', /map-\d+\.png\?v=/);
  });

  it('says in a picture’s place that it is gone, and shows it when it is back', async () => {
    open(['file', fig], ['file', tulips]);
    await next('picture');
    await next('picture');
    const photograph = readFileSync(fig);
    rmSync(fig);
    const { id, message } = await next('broken');
    assert.equal(id, idOf({ path: fig, revision: 'file' }));
    assert.match(message, /fig\.jpg is gone/);
    writeFileSync(fig, photograph);
    assert.equal((await next('picture')).id, id);
    assert.equal(told.broken.length, 0);
  });

  it('says what is no picture, and shows the others', async () => {
    writeFileSync(fig, 'not an image');
    open(['file', fig], ['file', tulips]);
    assert.match((await next('broken')).message, /fig\.jpg.*not an image/s);
    assert.equal((await next('picture')).id, idOf({ path: tulips, revision: 'file' }));
  });

  it('fetches the version in HEAD again when HEAD moves', async () => {
    git(folder, 'init', '-q');
    commitAll(folder);
    open(['HEAD', fig], ['file', fig]);
    const names = (await next('images')).images.map(({ name }) => name);
    assert.deepEqual(names, ['fig.jpg (HEAD)', 'fig.jpg']);
    await next('picture');
    await next('picture');
    copyFileSync(tulips, fig);
    const changed = await next('picture');
    assert.equal(changed.id, idOf({ path: fig, revision: 'file' }));
    commitAll(folder);
    const moved = await next('picture');
    assert.deepEqual([moved.id, moved.size], [idOf({ path: fig, revision: 'HEAD' }), changed.size]);
  });
});
