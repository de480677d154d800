/** The rows of a long run as its page has them: bounded, growing in place, finer where somebody looks; and its marks. */
import assert from 'node:assert/strict';
import { metricsLineSchema, type MetricsLine, type StepLine } from '../../../src/protocol/metrics';
import { encodeBuckets } from '../../../src/protocol/record/record-snapshot';
import { StepDigest } from '../../../src/protocol/record/step-digest';
import { RunRecord } from '../../../src/webviews/run/record';
import { runConfiguration } from '../../support/run-folders';
import { longRecord, spikeAt } from '../../support/long-record';
import { recordSnapshot } from '../../support/record-snapshot';

const STEPS = 20_000;
const shape = { steps: STEPS, pixelSteps: 8000, every: 5000 };
const lines = [...longRecord(shape)];
const steps = lines.filter((line): line is StepLine => line.kind === 'step');
const configuration = runConfiguration('long');

const recordOf = (known: readonly MetricsLine[]) => new RunRecord(configuration, recordSnapshot(known));

/** What the host would answer. */
function buckets(from: number, to: number) {
  const digest = new StepDigest(4096);
  for (const line of steps) if (line.step >= from && line.step <= to) digest.append(line);
  return encodeBuckets(digest);
}

describe('rows of a long run', () => {
  it('are bounded, with the extremes of the steps in each', () => {
    const { steps: rows } = recordOf(lines);
    assert.equal(rows.width, 8);
    assert.equal(rows.length, STEPS / 8);
    assert.equal(rows.steps.at(-1), STEPS);
    assert.equal(Math.max(...rows.range('pixel')!.high), 5);
    assert.ok(Math.max(...rows.column('pixel')) < 5);
    assert.deepEqual(new Set(rows.counts()), new Set([8]));
  });

  it('grow in place, and end up as if all had been read at once', () => {
    const [before, after] = [lines.slice(0, 15_003), lines.slice(15_003)];
    const grown = recordOf(before);
    const rows = grown.steps;
    rows.column('contentWeighted');
    rows.range('pixel');
    for (const line of after.slice(0, 500)) grown.append([line]);
    assert.equal(grown.steps, rows);
    grown.append(after.slice(500));
    const all = recordOf(lines).steps;
    for (const name of ['pixel', 'contentWeighted', 'realDeviation', 'learningRate']) {
      const [found, expected] = [grown.steps.column(name), all.column(name)];
      assert.equal(found.length, expected.length);
      found.forEach((value, row) => {
        const same =
          Object.is(value, expected[row]) || Math.abs(value - expected[row]!) <= 1e-12 * Math.abs(value);
        assert.ok(same, `${name}, row ${row}: ${value}, ${expected[row]}`);
      });
    }
    assert.deepEqual(grown.steps.steps, all.steps);
    assert.deepEqual(grown.steps.elapsed, all.elapsed);
  });

  it('are single steps where somebody has zoomed in, once the host has told them', () => {
    const record = recordOf(lines);
    assert.equal(record.missingDetail('step', { min: 0, max: STEPS }), null);
    const spike = spikeAt(STEPS);
    const range = { min: spike - 50, max: spike + 50 };
    const missing = record.missingDetail('step', range)!;
    assert.ok(missing.from <= range.min && missing.to >= range.max && missing.to - missing.from < 150);
    record.setDetail(missing, buckets(missing.from, missing.to));
    assert.equal(record.missingDetail('step', range), null);
    const { steps: rows } = record;
    const near = rows.steps.filter((step) => step >= range.min && step <= range.max);
    assert.equal(near.length, 101);
    assert.equal(rows.column('pixel')[rows.steps.indexOf(spike)], 5);
    assert.ok(rows.steps.every((step, row) => row === 0 || step > rows.steps[row - 1]!));
    const counts = rows.counts()!.reduce((sum, count) => sum + count, 0);
    assert.equal(counts, STEPS);
  });

  it('are asked for by time as by step, and at the end of a run that goes on', () => {
    const record = recordOf(lines);
    const byTime = record.missingDetail('time', { min: 0.2 * 5000, max: 0.2 * 5100 })!;
    assert.ok(byTime.from <= 5000 && byTime.from > 4950 && byTime.to >= 5100 && byTime.to < 5150);
    const end = record.missingDetail('step', { min: STEPS - 100, max: STEPS })!;
    record.setDetail(end, buckets(end.from, end.to));
    const next = { ...steps.at(-1)!, step: STEPS + 1 };
    record.append([next]);
    assert.equal(record.steps.steps.at(-1), STEPS + 1);
    assert.equal(record.steps.steps.at(-2), STEPS);
    assert.equal(record.missingDetail('step', { min: STEPS - 100, max: STEPS }), null);
  });

  it('end with the newest steps one by one for advice', () => {
    const history = recordOf(lines).history();
    assert.deepEqual(
      history.steps.slice(-256),
      steps.slice(-256).map(({ step }) => step),
    );
    assert.equal(history.counts()!.reduce((sum, count) => sum + count, 0) >= STEPS - 8, true);
  });
});

describe('marks of a run', () => {
  const staged = {
    ...configuration,
    stages: [
      { name: 'pixel' as const, steps: 8000, learningRate: { schedule: 'constant' as const, initial: 1e-4 } },
      {
        name: 'adversarial' as const,
        steps: 40_000,
        learningRate: { schedule: 'step' as const, initial: 1e-4, dropAt: [2000, 30_000], factor: 0.1 },
      },
    ],
  };

  it('has the drops of the schedule that it has come to', () => {
    const record = new RunRecord(staged, recordSnapshot(lines));
    const rates = record.marks().filter(({ kind }) => kind === 'rate');
    assert.deepEqual(
      rates.map(({ step, text }) => [step, text]),
      [[10_001, 'Learning rate lowered from 1.00e−4 to 1.00e−5.']],
    );
    assert.ok(Math.abs(rates[0]!.elapsed - 2000) < 3);
  });

  it('has a rate that was lowered before a resume, and none that was not', () => {
    const at = (step: number): MetricsLine =>
      metricsLineSchema.parse({
        kind: 'event',
        time: 1,
        step,
        stage: 'pixel',
        event: 'resumed',
        message: '',
      });
    const made = (rate: number) =>
      steps.slice(0, 100).flatMap((line): MetricsLine[] => {
        const learningRate = line.step > 60 ? rate : 1e-4;
        return line.step === 60 ? [{ ...line, learningRate }, at(60)] : [{ ...line, learningRate }];
      });
    const marksOf = (rate: number) =>
      recordOf(made(rate))
        .marks()
        .filter(({ kind }) => kind === 'rate');
    assert.deepEqual(
      marksOf(5e-5).map(({ step }) => step),
      [60],
    );
    assert.deepEqual(marksOf(1e-4), []);
  });
});
