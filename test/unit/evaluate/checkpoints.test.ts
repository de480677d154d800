/** All checkpoints of a run, scored: as its own validations did, kept in the run, gone on with what is missing. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imagePath } from '../../../src/datasets/layout';
import { readEvaluations } from '../../../src/folders/checkpoint-evaluations';
import {
  checkpointEvaluationSchema,
  type CheckpointEvaluation,
} from '../../../src/protocol/checkpoint-evaluation';
import { curveOf, missingSteps } from '../../../src/protocol/checkpoint-curve';
import { bestOf, checkpointTable } from '../../../src/protocol/checkpoint-table';
import type { Engine } from '../../../src/training/engines/engine';
import { openEngine } from '../../../src/training/engines/open-engine';
import {
  evaluateCheckpoints,
  type CheckpointsTask,
  type CheckpointsWork,
} from '../../../src/training/evaluate/checkpoints';
import { listCheckpoints } from '../../../src/training/run/checkpoints';
import { png } from '../../support/image-files';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { metricsOf, trainHere } from '../../support/train-here';
import { plant } from '../../support/trees';

describe('evaluating the checkpoints of a run', function () {
  this.timeout(120_000);
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();
  let engine: Engine;
  let folder = '';
  let trained: string;
  before(async () => {
    engine = await openEngine('embedded');
    folder = mkdtempSync(join(tmpdir(), 'srgan-lab-test-'));
    await makeMicroRun(folder, microDataset(), ['checkpoints={"every":3,"keepLast":9}']);
    trained = join(folder, 'run');
    await trainHere(trained);
  });
  after(async () => {
    await engine.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  function evaluateRun(
    run: string,
    task: Partial<CheckpointsTask> = {},
    work: Partial<CheckpointsWork> = {},
  ): Promise<CheckpointEvaluation> {
    const { signal } = new AbortController();
    return evaluateCheckpoints(
      run,
      { source: 'validation', protocol: 'y', openEngine: () => Promise.resolve(engine), ...task },
      { signal, ...work },
    );
  }

  /** A copy whose checkpoints may be touched; its data set is named absolutely. */
  function copyOfRun(): string {
    const run = join(temporary(), 'run');
    cpSync(trained, run, { recursive: true });
    rmSync(join(run, 'evaluations'), { recursive: true, force: true });
    const file = join(run, 'run.srgan.json');
    const configuration = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...configuration, dataset: microDataset() }));
    return run;
  }

  it('gives what the validation of whole images gave at the end of a stage, and keeps it', async () => {
    const run = copyOfRun();
    const evaluation = checkpointEvaluationSchema.parse(await evaluateRun(run));
    assert.deepEqual(
      evaluation.checkpoints.map(({ step }) => step),
      await listCheckpoints(run),
    );
    assert.deepEqual(
      [...new Set(evaluation.checkpoints.map(({ stage }) => stage))],
      ['pixel', 'adversarial'],
    );
    assert.equal(evaluation.name, 'validation-y');
    assert.match(evaluation.on, /^1 validation image of /);
    for (const line of metricsOf(run)) {
      if (line.kind !== 'validation' || line.extent !== 'whole') continue;
      const { mean } = evaluation.checkpoints.find(({ step }) => step === line.step)!;
      assert.ok(Math.abs(mean.psnr! - line.model.psnr) < 1e-9);
      assert.ok(Math.abs(mean.ssim - line.model.ssim) < 1e-9);
      assert.ok(Math.abs(evaluation.bicubic.mean.psnr! - line.bicubic.psnr) < 1e-9);
    }
    assert.deepEqual(await readEvaluations(run), [evaluation]);
    const best = bestOf(evaluation.checkpoints, { key: 'psnr', better: 'higher' })!;
    const table = checkpointTable(evaluation, 'text');
    assert.match(table, new RegExp(`^${best.step} +${best.stage} +${best.mean.psnr!.toFixed(4)} \\*`, 'm'));
    const csv = checkpointTable(evaluation, 'csv').split('\n');
    assert.equal(csv.length, 2 + evaluation.checkpoints.length);
    assert.equal(csv[2]!.split(',')[2], String(evaluation.checkpoints[0]!.mean.psnr));
  });

  it('goes on after an interruption and after more training, and does nothing twice', async () => {
    const run = copyOfRun();
    const abort = new AbortController();
    const onProgress: CheckpointsWork['onProgress'] = ({ message }) => {
      if (message === 'Evaluating step 6') abort.abort(new Error('stopped'));
    };
    await assert.rejects(evaluateRun(run, {}, { signal: abort.signal, onProgress }), /stopped/);
    const [half] = await readEvaluations(run);
    assert.ok(half!.checkpoints.some(({ step }) => step === 3));
    assert.ok(missingSteps(curveOf(half!)).includes(12));

    const told: string[] = [];
    const whole = await evaluateRun(run, {}, { onProgress: ({ message }) => told.push(message) });
    assert.deepEqual(missingSteps(whole), []);
    assert.ok(!told.includes('Evaluating step 3') && !told.some((message) => message.includes('bicubic')));
    assert.ok(told.includes('Evaluating step 12'));

    // Pruned by training that went on: its figures stay. Another state of the same step is measured anew.
    rmSync(join(run, 'checkpoints', 'step-000003'), { recursive: true });
    const file = join(run, 'evaluations', 'validation-y.json');
    const changed = JSON.parse(readFileSync(file, 'utf8')) as CheckpointEvaluation;
    changed.checkpoints.find(({ step }) => step === 9)!.sha256 = '0'.repeat(64);
    writeFileSync(file, JSON.stringify(changed));
    told.length = 0;
    const again = await evaluateRun(run, {}, { onProgress: ({ message }) => told.push(message) });
    assert.deepEqual(
      [...new Set(told)].filter((message) => message.startsWith('Evaluating')),
      ['Evaluating step 9'],
    );
    assert.deepEqual(
      again.checkpoints.map(({ step, mean }) => [step, mean]),
      whole.checkpoints.map(({ step, mean }) => [step, mean]),
    );
  });

  it('keeps evaluations on other pictures or under other protocols apart, and measures changed pictures anew', async () => {
    const run = copyOfRun();
    const hr = join(temporary(), 'Set', 'HR');
    mkdirSync(hr, { recursive: true });
    cpSync(imagePath(microDataset(), 'hr', 'picture-0'), join(hr, 'a.png'));
    const source = { hr, convention: 'double' } as const;
    await evaluateRun(run, { source });
    await evaluateRun(run, { source, protocol: 'rgb' });
    await plant(hr, { 'b.png': png(60, 60, 2), 'torn.png': Buffer.from('no picture') });
    const changed = await evaluateRun(run, { source });
    assert.equal(changed.images.length, 2);
    assert.match(changed.problems[0]!.problem, /torn\.png/);
    assert.deepEqual((await readEvaluations(run)).map(({ name }) => name).sort(), [
      'Set-rgb',
      'Set-y',
      'Set-y-2',
    ]);
    await assert.rejects(
      evaluateRun(run, { source: { ...source, hr: temporary() } }),
      /There is no image in/,
    );
  });

  it('leaves out damaged checkpoints and says so, and refuses a run that has none', async () => {
    const run = copyOfRun();
    writeFileSync(join(run, 'checkpoints', 'step-000006', 'state.safetensors'), 'torn');
    writeFileSync(join(run, 'checkpoints', 'step-000008', 'checkpoint.json'), '{');
    const { checkpoints, problems } = await evaluateRun(run);
    assert.deepEqual(
      checkpoints.map(({ step }) => step),
      (await listCheckpoints(run)).filter((step) => step !== 6 && step !== 8),
    );
    assert.match(
      problems.map(({ problem }) => problem).join('\n'),
      /step-000008[^]*step-000006.* is damaged/,
    );
    rmSync(join(run, 'checkpoints'), { recursive: true });
    await assert.rejects(evaluateRun(run), { name: 'LabError', message: /has no checkpoint yet/ });
  });
});
