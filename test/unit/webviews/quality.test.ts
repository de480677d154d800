/** What the quality sections say and draw of validations; pure parts. */
import assert from 'node:assert/strict';
import type { ValidationLine } from '../../../src/protocol/metrics';
import { planeOf, planeRows, ticksIn } from '../../../src/webviews/quality/plane';
import {
  lineAt,
  scoredLines,
  spectralLines,
  stageChanges,
  stepsOf,
  whyUnscored,
  type QualityRun,
} from '../../../src/webviews/quality/quality-run';
import { sameScenes, spectrumCurves, spectrumTable } from '../../../src/webviews/quality/spectra';
import { detailSentence, pointWords, stageSentence } from '../../../src/webviews/quality/words';

interface Measured {
  stage?: ValidationLine['stage'];
  psnr?: number;
  niqe?: number;
  detail?: number;
  extent?: ValidationLine['extent'];
}

function line(
  step: number,
  { stage = 'pixel', psnr = 29, niqe = 6, detail = 0.01, extent = 'crop' }: Measured,
): ValidationLine {
  const images = [{ name: 'a', model: { psnr, ssim: 0.8 }, bicubic: { psnr: 28.5, ssim: 0.75 } }];
  return {
    kind: 'validation',
    time: step * 1000,
    step,
    stage,
    extent,
    split: 'validation',
    model: { psnr, ssim: 0.8 },
    bicubic: { psnr: 28.5, ssim: 0.75 },
    images,
    seconds: 1,
    sampled: extent === 'crop',
    ...(extent === 'crop' && {
      niqe: { model: niqe, bicubic: 7, hr: 3 },
      spectrum: {
        frequencies: [0.125, 0.25, 0.5],
        model: [40, 20, -4],
        bicubic: [39, 10, null],
        hr: [41, 30, 16],
        fineDetail: { model: detail, bicubic: 0.0007 },
      },
    }),
  };
}

const run = (validations: ValidationLine[], id = 'run', name = 'photos'): QualityRun => ({
  id,
  name,
  colour: 'sr',
  line: 'solid',
  validations,
});

const course = [
  line(0, { psnr: 28.5, niqe: 7 }),
  line(100, { psnr: 29.4, niqe: 6.5 }),
  line(100, { psnr: 31, extent: 'whole' }),
  line(200, { stage: 'adversarial', psnr: 29, niqe: 5, detail: 0.2 }),
];

describe('quality sections', () => {
  it('take the crops of runs, and of each the line that a step shows', () => {
    const lines = spectralLines(run(course));
    assert.deepEqual(
      lines.map(({ step }) => step),
      [0, 100, 200],
    );
    assert.equal(scoredLines(run(course)).length, 3);
    assert.equal(lineAt(lines, null)!.step, 200);
    assert.equal(lineAt(lines, 199)!.step, 100);
    assert.equal(lineAt(lines.slice(1), 5)!.step, 100);
    assert.equal(lineAt<ValidationLine>([], 5), undefined);
    assert.deepEqual(stepsOf([lines, [line(150, {})]]), [0, 100, 150, 200]);
    assert.deepEqual(
      stageChanges(lines).map(({ step }) => step),
      [100],
    );
  });

  it('say why there is no score, where there should be one', () => {
    const unscored = course.map(({ niqe: _, ...rest }) => rest);
    assert.equal(whyUnscored([], { crop: 96 }), undefined);
    assert.equal(whyUnscored(course, { crop: 96 }), undefined);
    assert.match(whyUnscored(unscored, { crop: 96 })!, /Crops of 96 pixels are too small for NIQE/);
    assert.match(whyUnscored(unscored, { crop: 384 })!, /have no NIQE/);
  });
});

describe('quality: spectra', () => {
  const shown = [{ run: run(course), line: spectralLines(run(course))[2]! }];

  it('are drawn as they are, or less HR’s, with gaps where there is no power', () => {
    const power = spectrumTable(shown, false);
    assert.deepEqual(power.steps, [25, 50, 100]);
    assert.deepEqual(power.column('hr'), [41, 30, 16]);
    assert.deepEqual(power.column('bicubic'), [39, 10, NaN]);
    const relative = spectrumTable(shown, true);
    assert.deepEqual(relative.column('run'), [-1, -10, -20]);
    assert.deepEqual(
      spectrumCurves(shown, true).map(({ label }) => label),
      ['bicubic', 'SR, step 200'],
    );
    assert.deepEqual(
      spectrumCurves(shown, false).map(({ id }) => id),
      ['bicubic', 'run', 'hr'],
    );
  });

  it('of several runs have a curve each, over all frequencies that any has', () => {
    const other = line(200, {});
    const spectrum = { ...other.spectrum!, frequencies: [0.125, 0.375, 0.5] };
    const others = { run: run([], 'second', 'other'), line: { ...other, spectrum } };
    const table = spectrumTable([...shown, others], false);
    assert.deepEqual(table.steps, [25, 50, 75, 100]);
    assert.deepEqual(table.column('second'), [40, NaN, 20, -4]);
    assert.equal(sameScenes([...shown, others]), true);
    const foreign = { ...others, line: { ...other, spectrum: { ...spectrum, hr: [1, 2, 3] } } };
    assert.equal(sameScenes([...shown, foreign]), false);
  });
});

describe('quality: words', () => {
  it('tell the share of HR’s fine detail, small ones too', () => {
    const [first] = spectralLines(run(course));
    assert.equal(
      detailSentence('SR', first!),
      'SR at step 0 has 1.0 % of HR’s power above half of Nyquist (bicubic 0.07 %).',
    );
    const flat = { ...first!, spectrum: { ...first!.spectrum, fineDetail: { model: null, bicubic: null } } };
    assert.match(detailSentence('SR', flat), /has no power above half of Nyquist/);
  });

  it('tell what the adversarial stage has changed, and nothing that is not clear', () => {
    const after = (measured: Measured): string | null =>
      stageSentence(
        'SR',
        spectralLines(run([...course.slice(0, 2), line(200, { stage: 'adversarial', ...measured })])),
      );
    assert.match(
      after({ psnr: 29, niqe: 5, detail: 0.2 })!,
      /PSNR fell by 0\.40 dB, and fine detail went from 1\.0 % to 20 % of HR’s\. Trained on MSE/,
    );
    assert.match(after({ psnr: 29, niqe: 11, detail: 0.2 })!, /NIQE rose from 6\.50 to 11\.00, though/);
    assert.match(after({ psnr: 29, detail: 0.01 })!, /has not added any so far/);
    assert.match(
      after({ psnr: 29.6, detail: 0.02 })!,
      /PSNR rose by 0\.20 dB, and fine detail went from 1\.0 % to 2\.0 %/,
    );
    assert.equal(after({ psnr: 29.41, detail: 0.2 }), null);
    assert.equal(stageSentence('SR', spectralLines(run(course.slice(0, 2)))), null);
  });

  it('tell a point of the plane', () => {
    assert.equal(
      pointWords('photos', scoredLines(run(course))[1]!),
      'photos, step 100: PSNR 29.40 dB, NIQE 6.50',
    );
  });
});

describe('quality: perception–distortion plane', () => {
  it('has a path a run, bicubic and HR once where they are the same, and room around them', () => {
    const plane = planeOf([run(course), run(course, 'second', 'a "b"')], false)!;
    assert.equal(plane.paths.length, 2);
    assert.deepEqual(
      plane.paths[0]!.lines.map(({ step }) => step),
      [0, 100, 200],
    );
    assert.deepEqual(
      [...plane.paths[0]!.changes].map(({ step }) => step),
      [100],
    );
    assert.deepEqual(plane.bicubic, [{ psnr: 28.5, niqe: 7 }]);
    assert.deepEqual(plane.hr, [3]);
    assert.ok(plane.x.min < 28.5 && plane.x.max > 29.4 && plane.y.min < 3 && plane.y.max > 7);
    assert.equal(planeOf([run([])], false), null);
    const rows = planeRows(plane).split('\r\n');
    assert.equal(rows[0], 'run,step,stage,PSNR in dB,NIQE');
    assert.equal(rows[1], 'photos,0,pixel,28.5,7');
    assert.equal(rows[4], '"a ""b""",0,pixel,28.5,7');
  });

  it('leaves out what lies far off, unless it is asked for or all there is', () => {
    const untrained = line(0, { psnr: 9, niqe: 40 });
    const plane = planeOf([run([untrained, ...course.slice(1)])], false)!;
    assert.equal(plane.outliers, 1);
    assert.equal(plane.paths[0]!.lines[0]!.step, 100);
    assert.equal(planeOf([run([untrained, ...course.slice(1)])], true)!.paths[0]!.lines.length, 3);
    assert.equal(planeOf([run([untrained])], false)!.paths[0]!.lines.length, 1);
    // What goes wrong later is what a person has to see.
    const collapsed = line(300, { stage: 'adversarial', psnr: 12, niqe: 50 });
    assert.equal(planeOf([run([...course, collapsed])], false)!.paths[0]!.lines.length, 4);
  });

  it('stays drawable however many validations there are', () => {
    const many = Array.from({ length: 5000 }, (_, at) => line(at, at < 4000 ? {} : { stage: 'adversarial' }));
    const [path] = planeOf([run(many)], false)!.paths;
    assert.ok(path!.lines.length <= 402);
    assert.equal(path!.lines[0]!.step, 0);
    assert.equal(path!.lines.at(-1)!.step, 4999);
    assert.ok(path!.lines.some(({ step }) => step === 3999));
  });

  it('has round ticks inside of its range', () => {
    assert.deepEqual(ticksIn({ min: 28.93, max: 29.71 }, 4), [29, 29.2, 29.4, 29.6]);
    assert.deepEqual(ticksIn({ min: -3, max: 41 }, 5), [0, 10, 20, 30, 40]);
  });
});
