/** A run from its start to its end through the commands, with the real trainer: start, page, stop, resume, upscale. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { readEvaluations } from '../../src/folders/checkpoint-evaluations';
import { readJsonLines } from '../../src/folders/json-lines';
import { readDataset } from '../../src/folders/dataset-folder';
import { readRunStatus } from '../../src/folders/run-reader';
import { curveOf, missingSteps } from '../../src/protocol/checkpoint-curve';
import { evaluationSchema } from '../../src/protocol/evaluation';
import { METRICS_FILE, metricsLineSchema } from '../../src/protocol/metrics';
import {
  closeAllEditors,
  execute,
  executeForFolder,
  extensionUnderTest,
  openPages,
  photographs,
  until,
} from './support/lab';

/** The smallest run that has everything: both stages, a validation, a checkpoint. */
const micro = {
  generator: { blocks: 1, channels: 4, normalisation: 'none', prelu: 'layer', globalSkip: 'bicubic' },
  discriminator: { layers: [{ channels: 4, stride: 2 }], denseUnits: 4 },
  'content.width': 0.03125,
  'data.patch': 16,
  'data.batch': 1,
  'validation.crop': 64,
  'validation.images': 1,
};

describe('Training', function () {
  this.timeout(240_000);
  let dataset = '';
  let run = '';
  before(async function () {
    if (!vscode.workspace.isTrusted) this.skip();
    await extensionUnderTest();
    const from = await photographs(['fig.jpg', 'cliff.png', 'tulips.png']);
    dataset = await executeForFolder('srganLab.createDataset', { from: [from], validation: 0.34 });
  });
  after(async () => {
    if (run !== '') await execute('srganLab.stopTraining', { folder: run });
    await closeAllEditors();
  });

  it('starts a trainer and opens the page of its run', async () => {
    run = await executeForFolder('srganLab.startTraining', {
      dataset,
      preset: 'quick',
      engine: 'embedded',
      name: 'micro',
      // Long enough to be stopped in the middle on any machine.
      overrides: { ...micro, 'stages.0.steps': 1_000_000, 'stages.1.steps': 2, 'validation.every': 50 },
    });
    assert.ok(existsSync(join(run, 'run.srgan.json')));
    await until(() => openPages('run').includes(run));
    await until(async () => (await readRunStatus(run)).step >= 3);
    const status = await readRunStatus(run);
    assert.equal(status.state, 'running');
    assert.notEqual(status.device, '');
  });

  it('does not start a second trainer in the same run', async () => {
    await assert.rejects(execute('srganLab.resumeTraining', { folder: run }), /run/i);
    assert.equal((await readRunStatus(run)).state, 'running');
  });

  it('stops when it is told to, keeping where it is', async () => {
    await execute('srganLab.stopTraining', { folder: run });
    const status = await readRunStatus(run);
    assert.equal(status.state, 'stopped');
    assert.ok(status.step >= 3);
    // Stopping what has stopped is no error.
    await execute('srganLab.stopTraining', { folder: run });
  });

  it('resumes where it stopped', async () => {
    const { step } = await readRunStatus(run);
    await execute('srganLab.resumeTraining', { folder: run });
    await until(async () => (await readRunStatus(run)).step > step);
    await execute('srganLab.stopTraining', { folder: run });
    const { lines } = await readJsonLines(join(run, METRICS_FILE), metricsLineSchema);
    const steps = lines.filter((line) => line.kind === 'step').map((line) => line.step);
    assert.deepEqual(
      steps,
      steps.map((_, index) => index + 1),
      'each step once',
    );
  });

  it('enlarges a picture with what was learned', async () => {
    const { images } = await readDataset(dataset);
    const picture = join(dataset, 'lr', `${images[0]?.name ?? ''}.png`);
    const files = await execute('srganLab.upscaleImage', { model: run, images: [picture] });
    assert.ok(Array.isArray(files) && files.length === 1 && existsSync(String(files[0])));
    const noPicture = join(dataset, 'dataset.srgan.json');
    const mixed = { model: run, images: [noPicture, picture], out: join(dataset, '..', 'enlarged') };
    const others = await execute('srganLab.upscaleImage', mixed);
    assert.ok(Array.isArray(others) && others.length === 1, 'a picture that is none keeps no other from it');
    const again = { model: run, images: [picture] };
    await assert.rejects(execute('srganLab.upscaleImage', again), /exists already/);
    assert.deepEqual(await execute('srganLab.upscaleImage', { ...again, existing: 'skip' }), []);
    assert.deepEqual(await execute('srganLab.upscaleImage', { ...again, existing: 'replace' }), files);
    const asJpeg = await execute('srganLab.upscaleImage', { ...again, format: 'jpeg' });
    assert.ok(Array.isArray(asJpeg) && String(asJpeg[0]).endsWith('.jpg') && existsSync(String(asJpeg[0])));
  });

  it('scores what was learned beside bicubic interpolation', async () => {
    const parameters = { models: ['bicubic', run], hr: join(dataset, 'hr'), lr: join(dataset, 'lr') };
    const evaluation = evaluationSchema.parse(await execute('srganLab.evaluateModels', parameters));
    assert.deepEqual(
      evaluation.models.map(({ mean }) => mean !== null && Number.isFinite(mean.psnr)),
      [true, true],
    );
    assert.equal(evaluation.images.length, (await readDataset(dataset)).images.length);
  });

  it('trains to the end of both stages', async () => {
    const short = await executeForFolder('srganLab.startTraining', {
      dataset,
      name: 'short',
      overrides: { ...micro, 'stages.0.steps': 4, 'stages.1.steps': 2, 'validation.every': 2 },
    });
    await until(async () => (await readRunStatus(short)).state !== 'running');
    const status = await readRunStatus(short);
    assert.equal(status.state, 'finished', status.message);
    assert.equal(status.step, 6);
    assert.ok(existsSync(join(short, 'model', 'card.json')));

    const evaluate = { run: short, hr: join(dataset, 'hr'), protocol: 'srgan' };
    const evaluated = await execute('srganLab.evaluateCheckpoints', evaluate);
    const [kept] = await readEvaluations(short);
    assert.ok(kept !== undefined);
    assert.deepEqual(evaluated, curveOf(kept));
    assert.equal(kept.task.protocol, 'srgan');
    assert.deepEqual(missingSteps(kept), []);
    assert.equal(kept.checkpoints.at(-1)?.step, 6);
    assert.equal(kept.images.length, (await readDataset(dataset)).images.length);
    await assert.rejects(execute('srganLab.evaluateCheckpoints', { run: short, protocol: 'z' }), /protocol/);
    await assert.rejects(execute('srganLab.evaluateCheckpoints', { run: dataset }), /run/);

    const measured = await executeForFolder('srganLab.transferDiscriminator', {
      ...{ run: short, measure: 'probe', photos: join(dataset, 'hr') },
      ...{ seeds: 1, crops: 24 },
    });
    assert.ok(existsSync(join(measured, 'probe.json')));
    await until(() => openPages('transfer').includes(measured));
  });

  it('refuses what cannot be trained, in words, and makes no run', async () => {
    const start = (argument: object): Promise<unknown> => execute('srganLab.startTraining', argument);
    await assert.rejects(start({ dataset: '/nowhere' }), /nowhere/);
    await assert.rejects(start({ dataset, name: 'no', overrides: { 'data.patch': 18 } }), /patch/);
    await assert.rejects(start({ dataset, preset: 'huge' }), /preset/);
    assert.ok(!existsSync(join(run, '..', 'no')));
  });
});
