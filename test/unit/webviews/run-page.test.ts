/** The run page without a screen: what it makes of the lines of a run, and what it says about them. */
import assert from 'node:assert/strict';
import type { MetricsLine, StepLine, ValidationLine } from '../../../src/protocol/metrics';
import { presets } from '../../../src/protocol/presets';
import type { RunConfiguration } from '../../../src/protocol/run-configuration';
import { advise, feedShare } from '../../../src/webviews/run/advice';
import { chartDefinitions } from '../../../src/webviews/run/curves';
import { niqeBeside } from '../../../src/webviews/run/niqe-beside';
import { RunRecord } from '../../../src/webviews/run/record';
import { sampleIndex, sampleScore, stagePictures } from '../../../src/webviews/run/samples';
import * as words from '../../../src/webviews/run/words';

const { description: _, ...quick } = presets.quick;
const configuration: RunConfiguration = {
  format: 1,
  name: 'trial',
  created: '2025-01-15T12:00:00.000Z',
  preset: 'quick',
  dataset: '../photos',
  scale: 4,
  seed: 1,
  engine: 'auto',
  ...quick,
  lossWeights: { pixel: 1, content: 0.006, adversarial: 0.001 },
  stages: [
    { name: 'pixel', steps: 1200, learningRate: { schedule: 'constant', initial: 1e-3 } },
    { name: 'adversarial', steps: 150, learningRate: { schedule: 'constant', initial: 1e-4 } },
  ],
};

function stepLine(step: number, change: Partial<StepLine> = {}): StepLine {
  return {
    kind: 'step',
    time: 1000 * step,
    step,
    stage: 'pixel',
    seconds: 0.2,
    feedSeconds: 0.001,
    learningRate: 1e-3,
    generator: { pixel: 0.01, total: 0.01 },
    ...change,
  };
}

function adversarialLine(step: number, realMean: number, fakeMean: number): StepLine {
  return stepLine(step, {
    stage: 'adversarial',
    generator: { pixel: 0.01, content: 0.5, adversarial: 2, total: 0.015 },
    discriminator: { real: 0.1, fake: 0.1, realMean, fakeMean },
  });
}

function validationLine(step: number, psnr: number, change: Partial<ValidationLine> = {}): ValidationLine {
  const bicubic = { psnr: 28, ssim: 0.8 };
  const model = { psnr, ssim: 0.81 };
  return {
    kind: 'validation',
    time: 1000 * step + 500,
    step,
    stage: 'pixel',
    extent: 'crop',
    split: 'validation',
    model,
    bicubic,
    images: [{ name: 'photo', model, bicubic }],
    seconds: 1,
    sampled: true,
    ...change,
  };
}

const record = (...lines: MetricsLine[]) => {
  const made = new RunRecord(configuration);
  made.append(lines);
  return made;
};
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const adviceOf = (...lines: MetricsLine[]) => advise(record(...lines), configuration);

describe('record of a run', () => {
  it('weights the terms of the adversarial stage with the configuration', () => {
    const { steps } = record(stepLine(1), adversarialLine(2, 0.5, 0.5));
    const { content, adversarial } = configuration.lossWeights;
    assert.deepEqual(steps.column('pixelWeighted'), [0.01, 0.01]);
    assert.deepEqual(steps.column('contentWeighted'), [Number.NaN, 0.5 * content]);
    assert.deepEqual(steps.column('adversarialWeighted'), [Number.NaN, 2 * adversarial]);
    assert.deepEqual(steps.elapsed, [0, 1]);
  });

  it('replaces what a resumed run does again, validations too', () => {
    const resumed = record(
      ...range(1, 40).map((step) => stepLine(step)),
      validationLine(20, 28.1),
      validationLine(40, 28.2),
      stepLine(31, { learningRate: 5 }),
    );
    assert.equal(resumed.steps.length, 31);
    assert.equal(resumed.steps.column('learningRate')[30], 5);
    assert.deepEqual(
      resumed.validationLines.map(({ step }) => step),
      [20],
    );
    assert.deepEqual(resumed.validations.steps, [20]);
  });

  it('keeps crops and whole images of one step apart', () => {
    const both = record(validationLine(100, 28.5), validationLine(100, 29.5, { extent: 'whole' }));
    assert.deepEqual(both.validations.steps, [100]);
    assert.deepEqual(both.validations.column('psnr'), [28.5]);
    assert.deepEqual(both.validations.column('psnrWhole'), [29.5]);
    assert.equal(both.latestValidation()?.extent, 'whole');
    assert.equal(both.latestValidation('crop')?.model.psnr, 28.5);
  });

  it('has an axis even when it is empty or has one point', () => {
    assert.deepEqual(record().extent('step'), { min: 0, max: 1 });
    assert.deepEqual(record(stepLine(7)).extent('step'), { min: 7, max: 8 });
    assert.deepEqual(record(stepLine(1), stepLine(9)).extent('time'), { min: 0, max: 8 });
  });

  it('has every column that a chart asks for', () => {
    const empty = record();
    for (const { table, curves } of chartDefinitions(configuration)) {
      for (const { id } of curves) assert.deepEqual(empty[table].column(id), []);
    }
  });
});

describe('advice', () => {
  it('has none for a healthy run', () => {
    assert.deepEqual(adviceOf(...range(1, 300).map((step) => stepLine(step)), validationLine(300, 28.2)), []);
  });

  it('tells for how long the discriminator has won, and where to change that', () => {
    const lines = range(1, 2200).map((step) =>
      step <= 100 ? adversarialLine(step, 0.6, 0.4) : adversarialLine(step, 0.99, 0.01),
    );
    const [advice] = adviceOf(...lines);
    assert.equal(advice?.id, 'discriminator-wins');
    assert.equal(advice.setting, 'lossWeights.adversarial');
    const steps = Number(/won for ([\d,]+) steps/.exec(advice.text)?.[1]?.replace(',', ''));
    assert.ok(steps > 2000 && steps <= 2100, advice.text);
  });

  it('does not call a short streak a win', () => {
    const lines = range(1, 140).map((step) =>
      step <= 100 ? adversarialLine(step, 0.6, 0.4) : adversarialLine(step, 0.99, 0.01),
    );
    assert.deepEqual(adviceOf(...lines), []);
  });

  it('says when the discriminator only guesses', () => {
    const [advice] = adviceOf(...range(1, 400).map((step) => adversarialLine(step, 0.51, 0.49)));
    assert.equal(advice?.id, 'discriminator-guesses');
  });

  it('says since when the loss is not a number', () => {
    const broken = (step: number) => stepLine(step, { generator: { pixel: null, total: null } });
    const [advice] = adviceOf(stepLine(1), stepLine(2), broken(3), broken(4));
    assert.equal(advice?.severity, 'error');
    assert.match(advice.text, /since step 3/);
  });

  it('says what the adversarial stage does to PSNR, as it is', () => {
    const after = (psnr: number) =>
      adviceOf(validationLine(1200, 28.5), validationLine(1300, psnr, { stage: 'adversarial' }))[0]?.text ??
      '';
    assert.match(after(28.2), /lowered PSNR by 0\.30 dB, from 28\.50 dB to 28\.20 dB/);
    assert.match(after(28.6), /raised PSNR by 0\.10 dB/);
    assert.match(after(28.501), /left PSNR as it was/);
  });

  it('does not compare crops with whole images', () => {
    const whole = validationLine(1200, 28.5, { extent: 'whole' });
    assert.deepEqual(adviceOf(whole, validationLine(1300, 28, { stage: 'adversarial' })), []);
  });

  it('says when SR stays below bicubic, but not early in the stage', () => {
    assert.deepEqual(adviceOf(validationLine(100, 27)), []);
    assert.equal(adviceOf(validationLine(900, 27.5))[0]?.id, 'below-bicubic');
  });

  it('says that D(fake) near 0 is normal at the beginning of the adversarial stage, and later that it is not', () => {
    const begun = (won: number) =>
      adviceOf(
        ...range(1, 300).map((step) => stepLine(step)),
        ...range(301, 300 + won).map((step) => adversarialLine(step, 0.99, 0.01)),
      )[0];
    assert.equal(begun(40)?.id, undefined);
    assert.equal(begun(200)?.id, 'discriminator-early');
    assert.match(begun(200)?.text ?? '', /200 steps into the adversarial stage\. That is normal/);
    assert.equal(begun(501)?.id, 'discriminator-wins');
  });

  it('says when G has collapsed to flat pictures, and is silent on a mere fall', () => {
    const line = (step: number, psnr: number, ssim: number) =>
      validationLine(step, psnr, { stage: 'adversarial', model: { psnr, ssim } });
    const ids = (...lines: ValidationLine[]) => adviceOf(...lines).map(({ id }) => id);
    assert.ok(ids(line(1300, 27, 0.8), line(1350, 14, 0.2)).includes('collapsed'));
    assert.deepEqual(ids(line(1300, 27, 0.8), line(1350, 26, 0.6)), []);
    assert.deepEqual(ids(line(1300, 27, 0.8), line(1350, 14, 0.2), line(1400, 27, 0.8)), []);
  });

  it('says when the loss jumps at a resume, and not when the stage changes there', () => {
    const resumed = (step: number): MetricsLine => ({
      kind: 'event',
      time: 1000 * step,
      step,
      stage: 'pixel',
      event: 'resumed',
      message: 'Resumed.',
    });
    const losses = (loss: number) =>
      range(101, 140).map((step) => stepLine(step, { generator: { pixel: loss, total: loss } }));
    const before = range(1, 100).map((step) => stepLine(step));
    const [advice] = adviceOf(...before, resumed(100), ...losses(0.03));
    assert.equal(advice?.id, 'resume-spike');
    assert.match(advice.text, /resume at step 100 the loss is 3 times/);
    assert.deepEqual(adviceOf(...before, resumed(100), ...losses(0.015)), []);
    assert.deepEqual(adviceOf(...before, resumed(100), ...losses(0.03).slice(0, 5)), []);
    const adversarial = range(101, 140).map((step) => ({
      ...adversarialLine(step, 0.7, 0.3),
      generator: { pixel: 0.01, content: 0.5, adversarial: 2, total: 0.9 },
    }));
    assert.deepEqual(adviceOf(...before, resumed(100), ...adversarial), []);
  });

  it('says when images are learnt by heart, and only if the training loss falls as well', () => {
    const run = (loss: (step: number) => number, psnr: (step: number) => number) =>
      adviceOf(
        ...range(1, 1000).flatMap((step): MetricsLine[] => {
          const pixel = loss(step);
          const line = stepLine(step, { generator: { pixel, total: pixel } });
          return step % 100 === 0 ? [line, validationLine(step, psnr(step))] : [line];
        }),
      ).map(({ id }) => id);
    const falling = (step: number) => 0.01 * 0.999 ** step;
    const peak = (step: number) => 29 - 0.001 * Math.abs(step - 400);
    assert.deepEqual(run(falling, peak), ['overfitting']);
    assert.deepEqual(
      run(() => 0.01, peak),
      [],
    );
    assert.deepEqual(
      run(falling, (step) => 29 - 0.0001 * Math.abs(step - 400)),
      [],
    );
    assert.deepEqual(
      run(falling, (step) => 28.5 + 0.0005 * step),
      [],
    );
    assert.deepEqual(
      run(falling, (step) => 29 - 0.001 * Math.abs(step - 800)),
      [],
    );
  });

  it('does not take a generator that has yet to reach bicubic, as which it began, for one that learns by heart', () => {
    const lines = range(1, 1000).flatMap((step): MetricsLine[] => {
      const pixel = 0.01 * 0.999 ** step;
      const line = stepLine(step, { generator: { pixel, total: pixel } });
      return step % 100 === 0 ? [line, validationLine(step, 28 + 0.0003 * step)] : [line];
    });
    const ids = adviceOf(validationLine(0, 28.5), ...lines).map(({ id }) => id);
    assert.deepEqual(ids.includes('overfitting'), false);
  });

  it('says how it is with a long run as with a short one', () => {
    const lines = range(1, 9000).map((step) =>
      step <= 1000 ? adversarialLine(step, 0.6, 0.4) : adversarialLine(step, 0.99, 0.01),
    );
    const [advice] = adviceOf(...lines);
    assert.equal(advice?.id, 'discriminator-wins');
    const steps = Number(/won for ([\d,]+) steps/.exec(advice.text)?.[1]?.replace(',', ''));
    assert.ok(steps > 7900 && steps <= 8000, advice.text);
  });

  it('says when the network waits for data', () => {
    const slow = range(1, 20).map((step) => stepLine(step, { seconds: 0.4, feedSeconds: 0.2 }));
    assert.equal(feedShare(record(...slow)), 0.5);
    assert.match(adviceOf(...slow)[0]?.text ?? '', /50 % of the time/);
  });
});

describe('words about a run', () => {
  it('says quality against bicubic in both directions', () => {
    assert.equal(words.againstBicubic(validationLine(1, 28.42)), '+0.42 dB over bicubic');
    assert.equal(words.againstBicubic(validationLine(1, 27.9)), '0.10 dB below bicubic');
    assert.equal(words.againstBicubic(validationLine(1, 28)), '±0.00 dB over bicubic');
  });

  it('names the phase of a running run and the end of others', () => {
    assert.equal(words.stateWord({ state: 'running', phase: 'validating' }), 'Validating');
    assert.equal(words.stateWord({ state: 'running', phase: 'something new' }), 'Running');
    assert.equal(words.stateWord({ state: 'crashed', phase: 'training' }), 'Crashed');
    assert.equal(
      words.engineWords({ engine: 'embedded', device: '2 threads' }),
      'embedded engine on 2 threads',
    );
    assert.equal(words.engineWords({ engine: '', device: '' }), '');
  });

  it('says who chose the engine, and why it is this one', () => {
    const status = { engine: 'native', device: 'CPU, 2 threads', engineReason: 'It is faster here.' };
    assert.equal(
      words.engineNote(status, 'auto'),
      'Engine (left to the lab): native engine on CPU, 2 threads. It is faster here.',
    );
    assert.match(words.engineNote(status, 'native') ?? '', /named in the settings/);
    assert.equal(words.engineNote({ engine: '', device: '' }, 'auto'), null);
  });

  it('knows the stage of a step', () => {
    const { stages } = configuration;
    assert.equal(words.stageAt(stages, 1200), 'pixel');
    assert.equal(words.stageAt(stages, 1201), 'adversarial');
    assert.equal(words.stageAt(stages, 9999), 'adversarial');
    assert.equal(words.adversarialStart(stages), 1201);
    assert.equal(words.adversarialStart(stages.slice(0, 1)), null);
  });

  it('always says that the content network is random, and that there is a skip', () => {
    assert.match(words.contentNote(configuration.content), /random weights/);
    assert.doesNotMatch(words.contentNote({ ...configuration.content, network: 'vgg19' }), /random/);
    assert.match(words.skipNote(configuration.generator) ?? '', /bicubic/);
    assert.equal(words.skipNote({ ...configuration.generator, globalSkip: 'none' }), null);
    const loss = chartDefinitions(configuration).find(({ id }) => id === 'generator-loss');
    assert.match(loss?.note ?? '', /random weights/);
  });
});

describe('samples on the stage', () => {
  const sr = [100, 200, 300].map((step) => ({ step, uri: `sr-${step}` }));
  const image = { name: 'photo', bicubic: 'b', hr: 'h', sr };

  it('follows the run, or stays at the nearest step', () => {
    assert.equal(sampleIndex(sr, null), 2);
    assert.equal(sampleIndex(sr, 200), 1);
    assert.equal(sampleIndex(sr, 120), 0);
    assert.equal(sampleIndex([], 120), -1);
  });

  it('tells the score of the picture that is shown', () => {
    const lines = [
      validationLine(100, 28.1),
      validationLine(200, 28.4),
      validationLine(200, 29, { extent: 'whole', sampled: false }),
    ];
    const score = sampleScore(lines, 'photo', 200);
    assert.equal(score?.model.psnr, 28.4);
    assert.equal(sampleScore(lines, 'photo', 300), undefined);
    const shown = stagePictures(image, 1, score);
    assert.deepEqual(
      shown.map(({ id, uri }) => [id, uri]),
      [
        ['bicubic', 'b'],
        ['sr', 'sr-200'],
        ['hr', 'h'],
      ],
    );
    assert.equal(shown[1]?.detail, '28.40 dB');
    assert.deepEqual(
      stagePictures({ ...image, sr: [] }, -1, undefined).map(({ id }) => id),
      ['bicubic', 'hr'],
    );
  });
});

describe('NIQE beside a validation', () => {
  const scores = { model: 5.5, bicubic: 8, hr: 3.4 };
  const line = validationLine(100, 28.1);
  const measured: ValidationLine = {
    ...line,
    images: line.images.map((image) => ({ ...image, niqe: scores })),
    niqe: scores,
  };

  it('is that of the crops of the same validation', () => {
    const beside = niqeBeside(measured, [measured]);
    assert.equal(beside?.line, measured);
    assert.deepEqual(beside.mean, scores);
    assert.deepEqual([...beside.images], [[line.images[0]!.name, scores]]);
  });

  it('is that of the newest crops where whole images are shown, and missing where none was measured', () => {
    const whole = validationLine(100, 29, { extent: 'whole', sampled: false });
    assert.equal(niqeBeside(whole, [measured, whole])?.line, measured);
    assert.equal(niqeBeside(whole, [line, whole]), null);
  });
});
