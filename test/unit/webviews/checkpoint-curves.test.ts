/** An evaluation of checkpoints without a screen: its charts, its sentence, and which of several is shown. */
import assert from 'node:assert/strict';
import type { CheckpointCurve } from '../../../src/protocol/checkpoint-curve';
import {
  checkpointCharts,
  evaluationWords,
  shownEvaluation,
} from '../../../src/webviews/run/checkpoint-curves';

function evaluation(change: Partial<CheckpointCurve> = {}): CheckpointCurve {
  return {
    name: 'validation-y',
    created: '2026-01-05T10:00:00.000Z',
    task: { pictures: { kind: 'validation' }, protocol: 'y', scale: 4, border: 4 },
    measured: 'PSNR and SSIM on Y',
    on: '8 validation images of photos',
    steps: [100, 1200, 1300],
    problems: [],
    images: 8,
    bicubic: { psnr: 26.9, ssim: 0.78, msSsim: null, niqe: 6.5 },
    checkpoints: [
      { step: 100, stage: 'pixel', mean: { psnr: 26.5, ssim: 0.77, msSsim: null, niqe: 6.1 } },
      { step: 1200, stage: 'adversarial', mean: { psnr: 27.25, ssim: 0.79, msSsim: null, niqe: 6.2 } },
    ],
    ...change,
  };
}

describe('evaluations of checkpoints on the run page', () => {
  it('have a chart for each score that was measured, with every checkpoint, bicubic and the best one', () => {
    const charts = checkpointCharts(evaluation());
    assert.deepEqual(
      charts.map(({ id, note }) => [id, note]),
      [
        ['validation-y-psnr', 'Higher is better.'],
        ['validation-y-ssim', 'Higher is better.'],
        ['validation-y-niqe', 'Lower is better.'],
      ],
    );
    const [psnr, , niqe] = charts;
    assert.deepEqual(psnr!.table.steps, [100, 1200]);
    assert.deepEqual(psnr!.table.column('value'), [26.5, 27.25]);
    assert.deepEqual(psnr!.table.column('best'), [NaN, 27.25]);
    assert.deepEqual(psnr!.baselines, [{ label: 'bicubic 26.90 dB', value: 26.9, colour: 'lr' }]);
    assert.deepEqual(niqe!.table.column('best'), [6.1, NaN]);
    assert.equal(niqe!.curves[1]?.label, 'best, step 100');
    assert.equal(niqe!.baselines[0]?.label, 'bicubic 6.5000');
  });

  it('leave a gap where a checkpoint has no value, and no line where bicubic has none', () => {
    const [first] = evaluation().checkpoints;
    const unmeasured = { ...first!, step: 1200, mean: { psnr: 27, ssim: 0.8, msSsim: null, niqe: null } };
    const [, , niqe] = checkpointCharts(
      evaluation({
        bicubic: { psnr: 26.9, ssim: 0.78, msSsim: null },
        checkpoints: [first!, unmeasured],
      }),
    );
    assert.deepEqual(niqe!.table.column('value'), [6.1, NaN]);
    assert.deepEqual(niqe!.table.column('best'), [6.1, NaN]);
    assert.deepEqual(niqe!.baselines, []);
  });

  it('are drawn from the moment that they begin, with bicubic alone', () => {
    const [psnr] = checkpointCharts(evaluation({ checkpoints: [] }));
    assert.deepEqual(psnr!.table.steps, []);
    assert.equal(psnr!.baselines[0]?.value, 26.9);
    assert.equal(psnr!.curves[1]?.label, 'best');
  });

  it('say what they are of, and how far they are while some are missing', () => {
    assert.equal(
      evaluationWords(evaluation()),
      'Means over 8 validation images of photos: PSNR and SSIM on Y. 2 of 3 checkpoints so far.',
    );
    const task = { ...evaluation().task, niqe: 'photos' };
    assert.equal(
      evaluationWords(evaluation({ task, steps: [100, 1200] })),
      'Means over 8 validation images of photos: PSNR and SSIM on Y. NIQE compares with the HR images of photos.',
    );
  });

  it('show the newest, or the one that was chosen since it came', () => {
    const [first, second, third] = ['validation-y', 'Set5-y', 'Set14-y'].map((name) => evaluation({ name }));
    assert.equal(shownEvaluation([], null), undefined);
    assert.equal(shownEvaluation([first!, second!], null), second);
    const choice = { name: 'validation-y', newest: 'Set5-y' };
    assert.equal(shownEvaluation([first!, second!], choice), first);
    assert.equal(shownEvaluation([first!, second!, third!], choice), third, 'a new one is drawn as it comes');
    assert.equal(shownEvaluation([second!], choice), second, 'the chosen one is gone');
  });
});
