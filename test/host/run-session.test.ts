/** What a run page is told of a folder that grows, breaks, recovers and goes: with VS Code's own file watchers. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { RunSession } from '../../src/extension/pages/run-session';
import { writeEvaluation } from '../../src/folders/checkpoint-evaluations';
import { keepCrop, removeCrop } from '../../src/folders/kept-crops';
import type { CheckpointEvaluation } from '../../src/protocol/checkpoint-evaluation';
import { curveOf } from '../../src/protocol/checkpoint-curve';
import { METRICS_FILE } from '../../src/protocol/metrics';
import type { RunPageContract } from '../../src/protocol/pages';
import { RUN_FILE } from '../../src/protocol/run-configuration';
import { runConfiguration, stepLine, validationLine } from '../support/run-folders';
import { eventually, freshFolder } from './support/lab';

type Events = RunPageContract['events'];

/** What the page was told, by event, oldest first. */
type Told = { [N in keyof Events]: Events[N][] };

describe('The session of a run page', () => {
  let folder = '';
  let panel: vscode.WebviewPanel;
  let session: RunSession;
  let told: Told;

  /** Waits for the next event of that name. */
  function next<N extends keyof Events>(name: N): Promise<Events[N]> {
    return eventually(() => told[name].shift());
  }

  function write(configuration: object): void {
    writeFileSync(join(folder, RUN_FILE), JSON.stringify(configuration));
  }

  beforeEach(() => {
    folder = freshFolder('run ');
    write(runConfiguration('watched'));
    told = {
      snapshot: [],
      making: [],
      lines: [],
      status: [],
      samples: [],
      crops: [],
      evaluations: [],
      broken: [],
    };
    panel = vscode.window.createWebviewPanel('test', 'Test', vscode.ViewColumn.One);
    session = new RunSession(folder, panel.webview, {
      post: (name, payload) => told[name].push(payload),
    });
  });
  afterEach(() => {
    session.dispose();
    panel.dispose();
  });

  it('tells everything first, then only what is new', async () => {
    appendFileSync(join(folder, METRICS_FILE), `${JSON.stringify(stepLine(1))}\n`);
    const snapshot = await next('snapshot');
    assert.equal(snapshot.configuration.name, 'watched');
    assert.equal(snapshot.status.state, 'new');
    const { recent } = snapshot.record;
    const first = recent.length === 1 ? recent : await next('lines');
    assert.deepEqual(first, [stepLine(1)]);
    appendFileSync(
      join(folder, METRICS_FILE),
      `${JSON.stringify(stepLine(2))}\n${JSON.stringify(stepLine(3))}\n`,
    );
    const lines = await next('lines');
    assert.deepEqual(lines[0], stepLine(2));
    assert.equal((await next('status')).secondsPerStep, 0.2);
  });

  it('tells of new samples, with addresses that the page may load', async () => {
    await next('snapshot');
    for (const path of ['samples/reference', 'samples/step-000002'])
      mkdirSync(join(folder, path), { recursive: true });
    for (const path of ['reference/cliff-bicubic.png', 'reference/cliff-hr.png', 'step-000002/cliff.png'])
      writeFileSync(join(folder, 'samples', path), '');
    const line = { ...validationLine(2, 0.1), sampled: true };
    appendFileSync(join(folder, METRICS_FILE), `${JSON.stringify(line)}\n`);
    const [sample] = await next('samples');
    assert.equal(sample?.name, 'cliff');
    assert.deepEqual(
      sample.sr.map(({ step }) => step),
      [2],
    );
    for (const address of [sample.bicubic, sample.hr, sample.sr[0]?.uri ?? ''])
      assert.equal(new URL(address).protocol, 'https:');
  });

  it('tells the crops that are kept with the run, and that one is forgotten', async () => {
    assert.deepEqual((await next('snapshot')).crops, []);
    const crop = { name: 'shutters', image: 'cliff', left: 8, top: 16, width: 64, height: 48 };
    await keepCrop(folder, crop);
    assert.deepEqual(await next('crops'), [crop]);
    await removeCrop(folder, crop);
    assert.deepEqual(await next('crops'), []);
  });

  it('tells the evaluations of checkpoints as they grow, without the scores of single images', async () => {
    assert.deepEqual((await next('snapshot')).evaluations, []);
    const mean = { psnr: 27, ssim: 0.8, msSsim: null };
    const begun: CheckpointEvaluation = {
      ...{ format: 1, name: 'validation-y', created: '2026-01-05T10:00:00.000Z' },
      task: { pictures: { kind: 'validation' }, protocol: 'y', scale: 4, border: 4 },
      ...{ measured: 'PSNR and SSIM on Y', on: '1 validation image', picturesSha256: '0'.repeat(64) },
      images: [{ name: 'cliff', width: 64, height: 48 }],
      bicubic: { mean, scores: [mean] },
      ...{ steps: [2, 4], checkpoints: [], problems: [] },
    };
    await writeEvaluation(folder, begun);
    assert.deepEqual(await next('evaluations'), [curveOf(begun)]);
    const scored = { step: 2, stage: 'pixel' as const, sha256: '1'.repeat(64), seconds: 0.1 };
    const grown = { ...begun, checkpoints: [{ ...scored, mean, scores: [mean] }] };
    await writeEvaluation(folder, grown);
    assert.deepEqual(await next('evaluations'), [curveOf(grown)]);
  });

  it('follows an edited configuration', async () => {
    await next('snapshot');
    write({ ...runConfiguration('watched'), seed: 77 });
    assert.equal((await next('snapshot')).configuration.seed, 77);
  });

  it('says what is wrong with the file, and recovers with everything', async () => {
    appendFileSync(join(folder, METRICS_FILE), `${JSON.stringify(stepLine(1))}\n`);
    await next('snapshot');
    write({ format: 3 });
    assert.match((await next('broken')).message, /has format 3/);
    write(runConfiguration('repaired'));
    const snapshot = await next('snapshot');
    assert.equal(snapshot.configuration.name, 'repaired');
    assert.equal(snapshot.record.recent.length, 1);
  });

  it('says that the folder is gone', async () => {
    await next('snapshot');
    rmSync(folder, { recursive: true });
    const { message } = await next('broken');
    assert.ok(message.includes(folder), message);
  });
});
