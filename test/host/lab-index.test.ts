/** The list of what the workspace holds follows the disk, whoever changes it. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { LabIndex } from '../../src/extension/lab/lab-index';
import { datasetItem, runItem } from '../../src/extension/views/views';
import { DATASET_FILE } from '../../src/protocol/dataset-file';
import { RUN_FILE } from '../../src/protocol/run-configuration';
import { datasetFile, runConfiguration } from '../support/run-folders';
import { freshFolder, until, watching } from './support/lab';

describe('LabIndex', () => {
  let index: LabIndex;
  let parent = '';
  before(watching);
  beforeEach(async () => {
    parent = freshFolder('index ');
    index = new LabIndex({ info: () => undefined, warn: (message) => assert.fail(message) });
    await index.refresh();
  });
  afterEach(() => {
    index.dispose();
  });

  const runs = (): string[] =>
    index.runs.map(({ folder }) => folder).filter((folder) => folder.startsWith(parent));

  it('sees runs come, change and go', async () => {
    const folder = join(parent, 'first');
    mkdirSync(folder);
    writeFileSync(join(folder, RUN_FILE), JSON.stringify(runConfiguration('first')));
    await until(() => runs().length === 1);
    writeFileSync(join(folder, RUN_FILE), JSON.stringify(runConfiguration('renamed')));
    await until(() => index.runs.some(({ name }) => name === 'renamed'));
    rmSync(folder, { recursive: true });
    await until(() => runs().length === 0);
  });

  it('sees a whole tree of folders come and go', async () => {
    const [elsewhere, tree] = [freshFolder('.hidden '), join(parent, 'tree')];
    for (const name of ['a', 'b']) {
      mkdirSync(join(elsewhere, 'runs', name), { recursive: true });
      writeFileSync(join(elsewhere, 'runs', name, RUN_FILE), JSON.stringify(runConfiguration(name)));
    }
    renameSync(join(elsewhere, 'runs'), tree);
    await until(() => runs().length === 2);
    renameSync(tree, join(elsewhere, 'runs'));
    await until(() => runs().length === 0);
  });

  it('keeps what cannot be read, with the reason', async () => {
    const folder = join(parent, 'broken');
    mkdirSync(folder);
    writeFileSync(join(folder, RUN_FILE), '{');
    await until(() => runs().length === 1);
    const entry = index.runs.find((run) => run.folder === folder);
    assert.ok(entry);
    const item = runItem(entry);
    assert.equal(item.contextValue, 'run.damaged');
    assert.equal(item.description, 'cannot be read');
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    assert.match(item.tooltip.value.replaceAll('&nbsp;', ' '), /not valid JSON/);
  });

  it('is drawn with words and actions that fit the state', async () => {
    const folder = join(parent, 'photos');
    mkdirSync(folder);
    writeFileSync(join(folder, DATASET_FILE), JSON.stringify(datasetFile('photos', parent)));
    const run = join(parent, 'fresh');
    mkdirSync(run);
    writeFileSync(join(run, RUN_FILE), JSON.stringify(runConfiguration('fresh')));
    await index.refresh();
    const dataset = index.datasets.find((entry) => entry.folder === folder);
    const fresh = index.runs.find((entry) => entry.folder === run);
    assert.ok(dataset && fresh);
    assert.equal(datasetItem(dataset).contextValue, 'dataset');
    assert.equal(runItem(fresh).contextValue, 'run.resumable');
    assert.equal(runItem(fresh).description, 'not started');
    assert.deepEqual(runItem(fresh).command?.command, 'srganLab.openRun');
  });
});
