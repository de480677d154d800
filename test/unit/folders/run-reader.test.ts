/** Reading a run over and over: only what is new, and the same status as if everything had been read. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readRunStatus, RunReader } from '../../../src/folders/run-reader';
import { deriveRunStatus } from '../../../src/folders/run-status';
import { METRICS_FILE, type MetricsLine } from '../../../src/protocol/metrics';
import { RUN_FILE } from '../../../src/protocol/run-configuration';
import { writeLongRecord } from '../../support/long-record';
import { runConfiguration, stepLine, validationLine } from '../../support/run-folders';
import { temporaryFolders } from '../../support/temporary-folder';

describe('RunReader', () => {
  const makeFolder = temporaryFolders();

  function makeRun(): string {
    const folder = join(makeFolder(), 'first');
    mkdirSync(folder);
    writeFileSync(join(folder, RUN_FILE), JSON.stringify(runConfiguration('first')));
    return folder;
  }

  function append(folder: string, lines: readonly MetricsLine[]): void {
    appendFileSync(join(folder, METRICS_FILE), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  it('gives each line once', async () => {
    const folder = makeRun();
    const reader = new RunReader(folder);
    const { record } = await reader.read();
    assert.deepEqual([record.lines, record.restarted], [[], true]);
    append(folder, [stepLine(1), stepLine(2)]);
    assert.deepEqual(
      (await reader.read()).record.lines.map(({ step }) => step),
      [1, 2],
    );
    append(folder, [stepLine(3)]);
    const next = (await reader.read()).record;
    assert.deepEqual(
      next.lines.map(({ step }) => step),
      [3],
    );
    assert.equal(next.restarted, false);
  });

  it('derives the status that all lines would give, though it keeps only the newest', async () => {
    const folder = makeRun();
    const reader = new RunReader(folder);
    const lines: MetricsLine[] = [];
    for (let from = 1; from <= 901; from += 100) {
      const steps = Array.from({ length: 100 }, (_, index) => stepLine(from + index, (from + index) / 100));
      const added = [...steps, validationLine(from + 99, 0.01)];
      append(folder, added);
      lines.push(...added);
      const expected = deriveRunStatus(runConfiguration('first'), undefined, lines);
      assert.deepEqual((await reader.read()).status, expected);
      assert.deepEqual(await readRunStatus(folder), expected);
    }
  });

  it('tells the pace of each stage, over all that was read', async () => {
    const folder = makeRun();
    const reader = new RunReader(folder);
    append(folder, [stepLine(1, 1), stepLine(2, 3)]);
    await reader.read();
    append(folder, [{ ...stepLine(3, 7), stage: 'adversarial' }]);
    assert.deepEqual(
      [...(await reader.read()).paces],
      [
        ['pixel', 2],
        ['adversarial', 7],
      ],
    );
  });

  it('tells the newest gain of each stage', async () => {
    const folder = makeRun();
    const reader = new RunReader(folder);
    append(folder, [
      validationLine(100, 0.1),
      validationLine(200, 0.3),
      validationLine(250, -0.2, 'adversarial'),
    ]);
    const { gains } = await reader.read();
    assert.deepEqual(
      gains.map(({ stage, step, decibels }) => [stage, step, decibels.toFixed(2)]),
      [
        ['pixel', 200, '0.30'],
        ['adversarial', 250, '-0.20'],
      ],
    );
  });

  it('has of a long record what it would have of a short one, and the digest of it where it is wanted', async () => {
    const folder = makeRun();
    const lines = Array.from({ length: 12_000 }, (_, index) => stepLine(1 + index, 0.25));
    append(folder, [...lines, validationLine(12_000, 0.4)]);
    const [brief, whole] = [new RunReader(folder), new RunReader(folder, { whole: true })];
    const [first, all] = [await brief.read(), await whole.read()];
    assert.deepEqual(first.status, await readRunStatus(folder));
    assert.deepEqual([...first.paces], [['pixel', 0.25]]);
    assert.equal(all.record.digest.steps.width, 2);
    append(folder, [stepLine(12_001, 0.25)]);
    assert.equal((await brief.read()).record.digest.steps.length, 1);
    const grown = await whole.read();
    assert.equal(grown.record.digest.steps.length, 6001);
    assert.deepEqual([grown.record.lines, grown.record.restarted], [[stepLine(12_001, 0.25)], false]);
    assert.deepEqual(grown.record.digest.validations, [validationLine(12_000, 0.4)]);
  });

  it('tells the state of a record that nobody has digested from its newest part, and makes no digest', async () => {
    const folder = makeRun();
    await writeLongRecord(folder, { steps: 40_000, pixelSteps: 20_000, every: 1000 });
    const { step, secondsPerStep } = await readRunStatus(folder);
    assert.equal(step, 40_000);
    assert.ok(Math.abs(secondsPerStep! - 0.2) < 0.01);
    const reader = new RunReader(folder, { digests: false });
    const { record } = await reader.read();
    assert.equal(record.making, undefined);
    assert.ok(record.digest.steps.heads('first')[0]! > 30_000);
    append(folder, [{ ...stepLine(40_001), stage: 'adversarial' }]);
    assert.deepEqual(
      (await reader.read()).record.lines.map((line) => line.step),
      [40_001],
    );
    assert.deepEqual(readdirSync(folder).sort(), [METRICS_FILE, RUN_FILE]);
  });

  it('says which file could not be read', async () => {
    const folder = makeRun();
    mkdirSync(join(folder, METRICS_FILE));
    await assert.rejects(readRunStatus(folder), /Could not read .*metrics\.jsonl\. /);
  });

  it('starts over when the record was replaced', async () => {
    const folder = makeRun();
    const reader = new RunReader(folder);
    append(folder, [stepLine(1), stepLine(2), validationLine(2, 0.5)]);
    await reader.read();
    rmSync(join(folder, METRICS_FILE));
    append(folder, [stepLine(1)]);
    const { record, gains } = await reader.read();
    assert.equal(record.restarted, true);
    assert.deepEqual(
      [record.lines, record.recent.map(({ step }) => step), record.digest.steps.heads('last')],
      [[], [1], [1]],
    );
    assert.deepEqual(gains, []);
  });

  it('notices an edited configuration once', async () => {
    const folder = makeRun();
    const reader = new RunReader(folder);
    assert.equal((await reader.read()).reconfigured, false);
    writeFileSync(join(folder, RUN_FILE), JSON.stringify({ ...runConfiguration('first'), seed: 99 }));
    const reading = await reader.read();
    assert.equal(reading.reconfigured, true);
    assert.equal(reading.configuration.seed, 99);
    assert.equal((await reader.read()).reconfigured, false);
  });

  it('fails in words while the file is broken, and recovers', async () => {
    const folder = makeRun();
    const reader = new RunReader(folder);
    await reader.read();
    writeFileSync(join(folder, RUN_FILE), '{ "format": 1,');
    await assert.rejects(reader.read(), /run\.srgan\.json is not valid JSON/);
    writeFileSync(join(folder, RUN_FILE), JSON.stringify({ ...runConfiguration('first'), format: 2 }));
    await assert.rejects(reader.read(), /format/);
    writeFileSync(join(folder, RUN_FILE), JSON.stringify(runConfiguration('again')));
    assert.equal((await reader.read()).configuration.name, 'again');
  });
});
