/** The metrics log: appended at once, cut to the checkpoint on resume. */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS_FILE, type MetricsLine } from '../../../src/protocol/metrics';
import { openMetricsLog } from '../../../src/training/run/metrics-log';
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
