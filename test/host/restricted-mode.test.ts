/** A workspace that nobody has said to trust: pages read it, and nothing is started. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { DATASET_FILE } from '../../src/protocol/dataset-file';
import { datasetFile } from '../support/run-folders';
import {
  closeAllEditors,
  execute,
  extensionUnderTest,
  freshFolder,
  openPages,
  until,
  workspaceFolder,
} from './support/lab';

describe('Restricted Mode', () => {
  let dataset = '';
  before(async function () {
    if (vscode.workspace.isTrusted) this.skip();
    await extensionUnderTest();
    dataset = freshFolder('data set ');
    writeFileSync(join(dataset, DATASET_FILE), JSON.stringify(datasetFile('photos', dataset)));
  });
  after(closeAllEditors);

  it('shows pages', async () => {
    await execute('srganLab.openDataset', { folder: dataset });
    await until(() => openPages('dataset').includes(dataset));
  });

  it('starts nothing, and says why', async () => {
    const calls = [
      execute('srganLab.createDataset', { from: [workspaceFolder()], name: 'no' }),
      execute('srganLab.startTraining', { dataset, name: 'no' }),
      execute('srganLab.resumeTraining', { folder: dataset }),
      execute('srganLab.stopTraining', { folder: dataset }),
      execute('srganLab.checkDataset', { folder: dataset }),
      execute('srganLab.exportModel', { model: dataset, format: 'onnx' }),
      execute('srganLab.upscaleImage', { model: dataset, images: ['/a.png'] }),
      execute('srganLab.transferDiscriminator', { run: dataset, measure: 'probe', photos: '/photos' }),
      execute('srganLab.compareWithHead', { image: '/a.png' }),
      execute('srganLab.evaluateModels', { models: ['bicubic'], hr: '/photos' }),
    ];
    for (const call of calls) await assert.rejects(call, /Restricted Mode/);
    assert.ok(!existsSync(join(workspaceFolder(), 'datasets')));
    assert.ok(!existsSync(join(workspaceFolder(), 'runs')));
  });
});
