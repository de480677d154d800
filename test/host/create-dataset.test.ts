/** *Create Dataset…* from a program, with the real command line, on sample photographs and on bad input. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { Cancelled, CommandLine } from '../../src/extension/process/command-line';
import { readDataset, readDatasetFile } from '../../src/folders/dataset-folder';
import { createDatasetResultSchema } from '../../src/protocol/progress';
import {
  closeAllEditors,
  execute,
  executeForFolder,
  extensionUnderTest,
  freshFolder,
  openPages,
  photographs,
  until,
  workspaceFolder,
} from './support/lab';

const silent = { info: () => undefined, warn: () => undefined };

describe('Create Dataset', function () {
  this.timeout(120_000);
  before(async function () {
    if (!vscode.workspace.isTrusted) this.skip();
    await extensionUnderTest();
  });
  after(closeAllEditors);

  it('makes a data set from folders, tells what was left out, and opens its page', async () => {
    const from = await photographs(['fig.jpg', 'cliff.png', 'tulips.png']);
    writeFileSync(join(from, 'not an image.png'), 'text');
    const folder = await executeForFolder('srganLab.createDataset', {
      from: [from],
      scale: 2,
      validation: 0.34,
      name: 'two times',
    });
    assert.equal(folder, join(workspaceFolder(), 'datasets', 'two times'));
    const file = await readDataset(folder);
    assert.equal(file.name, 'two times');
    assert.equal(file.scale, 2);
    assert.equal(file.images.length, 3);
    assert.equal(file.images.filter(({ split }) => split === 'validation').length, 1);
    assert.deepEqual(
      file.omitted.map(({ source }) => source),
      ['not an image.png'],
    );
    await until(() => openPages('dataset').includes(folder));
    const check = await execute('srganLab.checkDataset', { folder });
    assert.ok(typeof check === 'object' && check !== null && 'ok' in check && check.ok === true);
  });

  it('finds a free name by itself', async () => {
    const from = await photographs(['fig.jpg', 'cliff.png']);
    const first = await executeForFolder('srganLab.createDataset', { from: [from] });
    const second = await executeForFolder('srganLab.createDataset', { from: [from] });
    assert.equal(basename(first), `${basename(from)}-x4`);
    assert.equal(second, `${first}-2`);
  });

  it('makes one from the photographs that come with the extension', async () => {
    const folder = await executeForFolder('srganLab.createSampleDataset');
    assert.equal((await readDataset(folder)).omitted.length, 0);
  });

  it('refuses a folder without images, and leaves nothing behind', async () => {
    const from = freshFolder('empty ');
    const target = join(workspaceFolder(), 'datasets', 'of nothing');
    await assert.rejects(execute('srganLab.createDataset', { from: [from], target }), (error) => {
      assert.ok(error instanceof Error && error.message.includes(from), String(error));
      return true;
    });
    assert.ok(!existsSync(target));
    assert.ok(readdirSync(join(workspaceFolder(), 'datasets')).every((name) => !name.includes('of nothing')));
  });

  it('refuses a target that is taken, and leaves it alone', async () => {
    const from = await photographs(['fig.jpg', 'cliff.png']);
    const target = join(workspaceFolder(), 'datasets', 'taken');
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'mine.txt'), 'mine');
    await assert.rejects(execute('srganLab.createDataset', { from: [from], target }), /taken/);
    assert.deepEqual(readdirSync(target), ['mine.txt']);
  });

  it('keeps what was made when it is cancelled in the middle, and goes on with it', async () => {
    const { extensionPath } = await extensionUnderTest();
    const target = join(freshFolder('cancelled '), 'target');
    const commandLine = new CommandLine(join(extensionPath, 'dist', 'cli.js'), silent);
    const abort = new AbortController();
    const running = commandLine.run({
      args: [
        'dataset',
        'create',
        target,
        '--from',
        join(extensionPath, 'media', 'samples'),
        '--workers',
        '1',
      ],
      result: createDatasetResultSchema,
      signal: abort.signal,
      onProgress: ({ done }) => {
        if (done > 0) abort.abort();
      },
    });
    await assert.rejects(running, Cancelled);
    assert.equal((await readDatasetFile(target)).contents, undefined);
    await execute('srganLab.updateDataset', { folder: target });
    const { contents } = await readDatasetFile(target);
    assert.equal((contents?.train ?? 0) + (contents?.validation ?? 0), 11);
  });

  it('refuses arguments that it does not know, by name', async () => {
    await assert.rejects(execute('srganLab.createDataset', { from: [], scale: 5, sclae: 4 }), /sclae/);
    await assert.rejects(execute('srganLab.createDataset', { from: ['/a'], name: 'a/b' }), /name/);
  });
});
