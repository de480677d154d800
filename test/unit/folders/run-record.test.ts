/** The record of a run at any length: its digest, the reader that follows it, and the process that makes it again. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS_FILE, type MetricsLine, type StepLine } from '../../../src/protocol/metrics';
import { stepColumnNames, stepValues } from '../../../src/protocol/record/step-columns';
import { StepDigest } from '../../../src/protocol/record/step-digest';
import { buildDigestFile } from '../../../src/folders/run-record/build-digest';
import { DIGEST_FILE, writeDigestFile } from '../../../src/folders/run-record/digest-file';
import { readRunRecord } from '../../../src/folders/run-record/read-run-record';
import { RecordReader } from '../../../src/folders/run-record/record-reader';
import { longRecord, spikeAt, writeLongRecord } from '../../support/long-record';
import { temporaryFolders } from '../../support/temporary-folder';

const shape = { steps: 30_000, pixelSteps: 10_000, every: 5000 };
const stepsOf = (lines: Iterable<MetricsLine>): StepLine[] =>
  [...lines].filter((line): line is StepLine => line.kind === 'step');
const jsonLine = (line: MetricsLine): string => `${JSON.stringify(line)}\n`;

describe('digest of steps', () => {
  it('has every step as it was logged while there are buckets for all', () => {
    const lines = stepsOf(longRecord({ steps: 50, pixelSteps: 20, every: 100 }));
    const digest = new StepDigest(64);
    for (const line of lines) digest.append(line);
    assert.equal(digest.width, 1);
    stepColumnNames.forEach((name, column) => {
      const values = lines.map((line) => stepValues(line)[column]!);
      for (const field of ['mean', 'min', 'max'] as const)
        assert.deepEqual(digest.column(name, field), values);
    });
    assert.deepEqual(
      digest.heads('last'),
      lines.map(({ step }) => step),
    );
  });

  it('has the mean and both extremes of every bucket, whatever was merged on the way', () => {
    const lines = stepsOf(longRecord({ steps: 1000, pixelSteps: 300, every: 1e6 }));
    const digest = new StepDigest(64);
    for (const line of lines) digest.append(line);
    assert.equal(digest.width, 16);
    assert.equal(digest.length, Math.ceil(1000 / 16));
    for (let bucket = 0; bucket < digest.length; bucket++) {
      const inside = lines.slice(16 * bucket, 16 * (bucket + 1));
      assert.equal(digest.head(bucket, 'first'), inside[0]!.step);
      assert.equal(digest.head(bucket, 'last'), inside.at(-1)!.step);
      assert.equal(digest.head(bucket, 'count'), inside.length);
      stepColumnNames.forEach((name, column) => {
        const values = inside
          .map((line) => stepValues(line)[column]!)
          .filter((value) => !Number.isNaN(value));
        const at = (field: 'mean' | 'min' | 'max') => digest.column(name, field)[bucket]!;
        if (values.length === 0) {
          assert.ok(Number.isNaN(at('mean')) && Number.isNaN(at('min')) && Number.isNaN(at('max')));
          return;
        }
        assert.equal(at('min'), Math.min(...values));
        assert.equal(at('max'), Math.max(...values));
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        assert.ok(Math.abs(at('mean') - mean) <= 1e-12 * Math.abs(mean), name);
      });
    }
  });

  it('keeps a step that was the highest of all when its part is merged further', () => {
    const lines = stepsOf(longRecord({ ...shape, every: 1e6 }));
    const digest = new StepDigest(512);
    for (const line of lines) digest.append(line);
    const part = digest.part(1, shape.steps, 100);
    assert.ok(part.length <= 100 && part.length > 50);
    const highest = part.column('pixel', 'max');
    assert.equal(Math.max(...highest), 5);
    const bucket = highest.indexOf(5);
    assert.ok(
      part.head(bucket, 'first') <= spikeAt(shape.steps) && part.head(bucket, 'last') >= spikeAt(shape.steps),
    );
  });

  it('forgets what a resumed run does again', () => {
    const digest = new StepDigest(64);
    const lines = stepsOf(longRecord({ steps: 40, pixelSteps: 40, every: 100 }));
    for (const line of lines) digest.append(line);
    digest.append({ ...lines[30]!, learningRate: 7 });
    assert.equal(digest.length, 31);
    assert.equal(digest.column('learningRate', 'mean')[30], 7);
  });
});

describe('record of a run', function () {
  this.timeout(60_000);
  const temporary = temporaryFolders();

  /** A record of 13 MB with the digest of all of it. */
  async function digested(): Promise<string> {
    const run = temporary();
    await writeLongRecord(run, shape);
    writeDigestFile(run, await buildDigestFile(run, () => undefined));
    return run;
  }

  it('is read in bounded columns, with its extremes, all its validations and events', async () => {
    const run = await digested();
    const { steps, validations, events, firstTime } = await readRunRecord(run);
    const all = [...longRecord(shape)];
    assert.ok(steps.steps.length <= 2048 && steps.steps.length > 1000);
    assert.equal(steps.steps.at(-1), shape.steps);
    assert.equal(Math.max(...steps.columns.pixel.max), 5);
    assert.equal(steps.columns.realMean.mean.filter(Number.isNaN).length > 0, true);
    assert.deepEqual(
      validations,
      all.filter(({ kind }) => kind === 'validation'),
    );
    assert.deepEqual(
      events,
      all.filter(({ kind }) => kind === 'event'),
    );
    assert.equal(firstTime, all[0]!.time);
    assert.ok(Math.abs(steps.elapsed.at(-1)! - 0.2 * shape.steps) < 1);
  });

  it('comes from the digest and the lines after it alone', async () => {
    const run = await digested();
    const before = await new RecordReader(run).read();
    appendFileSync(
      join(run, METRICS_FILE),
      jsonLine({ ...stepsOf(longRecord(shape)).at(-1)!, step: 30_001 }),
    );
    const { digest, lines, restarted } = await new RecordReader(run).read();
    assert.deepEqual([lines, restarted], [[], true]);
    assert.equal(digest.steps.head(digest.steps.length - 1, 'last'), 30_001);
    const same = digest.steps.values().subarray(0, 1000);
    assert.deepEqual(same, before.digest.steps.values().subarray(0, 1000));
  });

  it('gives only new lines when it is read again, and everything when the file was cut', async () => {
    const run = temporary();
    await writeLongRecord(run, { steps: 20, pixelSteps: 20, every: 100 });
    const reader = new RecordReader(run);
    assert.equal((await reader.read()).restarted, true);
    assert.deepEqual((await reader.read()).lines, []);
    const [line] = stepsOf(longRecord(shape));
    const next = { ...line!, step: 21 };
    const text = jsonLine(next);
    appendFileSync(join(run, METRICS_FILE), text.slice(0, 30));
    assert.deepEqual((await reader.read()).lines, []);
    appendFileSync(join(run, METRICS_FILE), text.slice(30));
    const grown = await reader.read();
    assert.deepEqual([grown.lines, grown.restarted], [[next], false]);
    truncateSync(
      join(run, METRICS_FILE),
      readFileSync(join(run, METRICS_FILE), 'utf8').indexOf('"step":5') - 40,
    );
    const cut = await reader.read();
    assert.equal(cut.restarted, true);
    assert.ok(cut.digest.steps.length < 6);
  });

  it('is empty where nothing was trained', async () => {
    const { steps, validations, firstTime } = await readRunRecord(temporary());
    assert.deepEqual([steps.steps, validations, firstTime], [[], [], null]);
  });

  for (const [how, spoil] of Object.entries({
    'is missing': (run: string) => {
      rmSync(join(run, DIGEST_FILE));
    },
    'is damaged': (run: string) => {
      const file = readFileSync(join(run, DIGEST_FILE));
      file[file.length >> 1]! ^= 1;
      writeFileSync(join(run, DIGEST_FILE), file);
    },
    'is half there': (run: string) => {
      truncateSync(join(run, DIGEST_FILE), 5000);
    },
    'is of another record': (run: string) => {
      const text = readFileSync(join(run, METRICS_FILE), 'utf8');
      writeFileSync(join(run, METRICS_FILE), text.replaceAll('"pixel":0.', '"pixel":1.'));
    },
    'is longer than the record': (run: string) => {
      truncateSync(join(run, METRICS_FILE), 9_500_000);
    },
  })) {
    it(`digest that ${how} is made again in a process of its own, the newest part being there at once`, async () => {
      const run = await digested();
      spoil(run);
      const spoilt = existsSync(join(run, DIGEST_FILE)) ? readFileSync(join(run, DIGEST_FILE)) : undefined;
      const reader = new RecordReader(run);
      const part = await reader.read();
      assert.ok(part.making !== undefined && part.making.total > 9_000_000);
      assert.ok(part.digest.steps.length > 100);
      assert.ok(part.digest.steps.head(0, 'first') > 1000);

      const whole = await reader.readWhole();
      assert.equal(whole.steps.head(0, 'first'), 1);
      assert.equal(whole.steps.head(whole.steps.length - 1, 'last') > 20_000, true);
      const written = readFileSync(join(run, DIGEST_FILE));
      assert.notDeepEqual(written, spoilt);
      assert.deepEqual(written, await buildDigestFile(run, () => undefined));
    });
  }
});
