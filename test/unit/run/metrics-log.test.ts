/** The metrics log: appended at once, cut to the checkpoint on resume. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDigestFile } from '../../../src/folders/run-record/build-digest';
import { DIGEST_FILE } from '../../../src/folders/run-record/digest-file';
import { RecordReader } from '../../../src/folders/run-record/record-reader';
import { METRICS_FILE, type MetricsLine } from '../../../src/protocol/metrics';
import { openMetricsLog } from '../../../src/training/run/metrics-log';
import { longRecord, writeLongRecord } from '../../support/long-record';
import { temporaryFolders } from '../../support/temporary-folder';

const stepLine = (step: number): MetricsLine => ({
  kind: 'step',
  time: 1,
  step,
  stage: 'pixel',
  seconds: 0.5,
  feedSeconds: 0,
  learningRate: 1e-3,
  generator: { pixel: null, total: 0.25 },
});
const eventLine = (step: number): MetricsLine => ({
  kind: 'event',
  time: 1,
  step,
  stage: 'pixel',
  event: 'checkpoint',
  message: 'Zeile mit “Ümläuten”',
});

function linesOf(run: string): MetricsLine[] {
  const text = readFileSync(join(run, METRICS_FILE), 'utf8');
  assert.ok(text === '' || text.endsWith('\n'));
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as MetricsLine);
}

describe('run: metrics log', () => {
  const temporary = temporaryFolders();

  it('has each line in the file as soon as it is appended', async () => {
    const run = temporary();
    const log = await openMetricsLog(run, 0);
    assert.deepEqual(log.linesAtStart, []);
    log.append(stepLine(1));
    assert.deepEqual(linesOf(run), [stepLine(1)]);
    log.append(eventLine(1));
    assert.deepEqual(linesOf(run), [stepLine(1), eventLine(1)]);
    log.close();
  });

  it('drops the lines after the step it goes on from, and tells those at it', async () => {
    const run = temporary();
    const first = await openMetricsLog(run, 0);
    for (const step of [1, 2, 3, 4]) first.append(stepLine(step));
    first.close();
    appendFileSync(join(run, METRICS_FILE), `${JSON.stringify(eventLine(4))}\n`);
    const inode = statSync(join(run, METRICS_FILE)).ino;

    const kept = await openMetricsLog(run, 4);
    assert.deepEqual(kept.linesAtStart, [stepLine(4), eventLine(4)]);
    assert.equal(statSync(join(run, METRICS_FILE)).ino, inode);
    kept.close();

    const cut = await openMetricsLog(run, 2);
    assert.deepEqual(cut.linesAtStart, [stepLine(2)]);
    assert.notEqual(statSync(join(run, METRICS_FILE)).ino, inode, 'followers can tell that it was replaced');
    cut.append(eventLine(2));
    cut.close();
    assert.deepEqual(linesOf(run), [stepLine(1), stepLine(2), eventLine(2)]);
  });

  it('cuts off a last line that a kill left half written, wherever it was cut', async () => {
    const whole = `${JSON.stringify(stepLine(1))}\n${JSON.stringify(eventLine(2))}\n`;
    const bytes = Buffer.from(whole);
    const firstEnd = whole.indexOf('\n') + 1;
    for (let length = 0; length < bytes.length; length += 7) {
      const run = temporary();
      writeFileSync(join(run, METRICS_FILE), bytes.subarray(0, length));
      const log = await openMetricsLog(run, 2);
      log.append(stepLine(3));
      log.close();
      const expected = length >= firstEnd ? [stepLine(1), stepLine(3)] : [stepLine(3)];
      assert.deepEqual(linesOf(run), expected, `cut at ${length}`);
    }
  });

  it('reads logs that are larger than what is read at a time', async () => {
    const run = temporary();
    const text = Array.from({ length: 3000 }, (_, step) => `${JSON.stringify(eventLine(step))}\n`).join('');
    writeFileSync(join(run, METRICS_FILE), text);
    const log = await openMetricsLog(run, 1500);
    log.close();
    assert.deepEqual(log.linesAtStart, [eventLine(1500)]);
    assert.equal(linesOf(run).length, 1501);
  });

  it('keeps lines that it does not understand', async () => {
    const run = temporary();
    writeFileSync(join(run, METRICS_FILE), `{"kind":"later"}\n${JSON.stringify(stepLine(1))}\n`);
    (await openMetricsLog(run, 5)).close();
    assert.match(readFileSync(join(run, METRICS_FILE), 'utf8'), /later/);
  });

  it('names the file when it cannot be opened', async () => {
    await assert.rejects(openMetricsLog(join(temporary(), 'gone'), 0), {
      name: 'LabError',
      message: /metrics\.jsonl/,
    });
  });
});

describe('run: digest of a long metrics log', function () {
  this.timeout(60_000);
  const temporary = temporaryFolders();
  const shape = { steps: 20_000, pixelSteps: 10_000, every: 1000 };
  const built = (run: string): Promise<Buffer> => buildDigestFile(run, () => undefined);
  const digestOf = (run: string): Buffer => readFileSync(join(run, DIGEST_FILE));

  it('is kept while lines are appended, and complete when the log is closed', async () => {
    const run = temporary();
    const log = await openMetricsLog(run, 0);
    let written = 0;
    for (const line of longRecord(shape)) {
      log.append(line);
      if (!existsSync(join(run, DIGEST_FILE))) continue;
      if (written === 0) written = line.step;
    }
    assert.ok(written > 1000 && written < 15_000, `first at step ${written}`);
    const { digest, making } = await new RecordReader(run).read();
    assert.equal(making, undefined, 'a trainer that was killed here leaves a digest that is used');
    assert.equal(digest.steps.head(digest.steps.length - 1, 'last'), shape.steps);
    log.close();
    assert.deepEqual(digestOf(run), await built(run));
  });

  it('is not kept of a short one, which is read faster itself', async () => {
    const run = temporary();
    const log = await openMetricsLog(run, 0);
    for (const step of [1, 2, 3]) log.append(stepLine(step));
    log.close();
    assert.ok(!existsSync(join(run, DIGEST_FILE)));
  });

  for (const step of [0, 999, 12_345, 20_000]) {
    it(`is cut with it on a resume at step ${step}, which leaves what a resume without it leaves`, async () => {
      const [run, plain] = [temporary(), temporary()];
      await writeLongRecord(run, shape);
      (await openMetricsLog(run, shape.steps)).close();
      assert.ok(existsSync(join(run, DIGEST_FILE)));
      await writeLongRecord(plain, shape);

      const [resumed, expected] = [await openMetricsLog(run, step), await openMetricsLog(plain, step)];
      assert.deepEqual(resumed.linesAtStart, expected.linesAtStart);
      const all = [...longRecord(shape)];
      const again = all.slice(all.findIndex((line) => line.step > step));
      if (step < shape.steps) {
        for (const line of again) resumed.append(line);
        for (const line of again) expected.append(line);
      }
      resumed.close();
      expected.close();
      assert.deepEqual(linesOf(run), all);
      assert.deepEqual(linesOf(plain), all);
      const { digest } = await new RecordReader(run).read();
      assert.equal(digest.bytes, statSync(join(run, METRICS_FILE)).size);
      assert.deepEqual(digest.steps.heads('first'), (await whole(plain)).steps.heads('first'));
      assert.deepEqual(
        digest.steps.column('pixel', 'max'),
        (await whole(plain)).steps.column('pixel', 'max'),
      );
      assert.deepEqual(digest.steps.heads('offset'), (await whole(plain)).steps.heads('offset'));
      assert.deepEqual(digest.kept, (await whole(plain)).kept);
    });
  }

  const whole = (run: string) => {
    rmSync(join(run, DIGEST_FILE), { force: true });
    return new RecordReader(run).readWhole();
  };

  it('is made anew at the start where it does not fit, and its loss is no reason to fail', async () => {
    const run = temporary();
    await writeLongRecord(run, shape);
    writeFileSync(join(run, DIGEST_FILE), 'something else');
    const log = await openMetricsLog(run, shape.steps);
    assert.deepEqual(digestOf(run), await built(run));
    rmSync(join(run, DIGEST_FILE));
    log.append({ ...stepLine(shape.steps + 1) });
    log.close();
    assert.deepEqual(digestOf(run), await built(run));
  });
});
