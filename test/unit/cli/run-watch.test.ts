/** Watching a run in the terminal: what is told of it while it trains, and the words that sum it up, for records of any length. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { compareRuns } from '../../../src/cli/compare-runs';
import { followRun, summaryOf } from '../../../src/cli/run-watch';
import { processStart } from '../../../src/folders/process-identity';
import { readRunStatus } from '../../../src/folders/run-reader';
import { LEASE_FILE, type Lease } from '../../../src/protocol/lease';
import { METRICS_FILE, type MetricsLine } from '../../../src/protocol/metrics';
import type { Progress } from '../../../src/protocol/progress';
import { RUN_FILE } from '../../../src/protocol/run-configuration';
import { writeLongRecord } from '../../support/long-record';
import { runConfiguration, stepLine, validationLine } from '../../support/run-folders';
import { temporaryFolders } from '../../support/temporary-folder';

/** Of this process, which is as alive as a trainer. */
function lease(phase: Lease['phase'], step: number): Lease {
  return {
    format: 1,
    pid: process.pid,
    processStarted: processStart(process.pid) ?? '',
    host: hostname(),
    socket: '',
    started: Date.now(),
    heartbeat: Date.now(),
    phase,
    message: phase === 'finished' ? 'All steps are done.' : 'Training.',
    engine: 'embedded',
    device: '1 thread',
    step,
    stage: 'pixel',
  };
}

describe('watching a run', () => {
  const makeFolder = temporaryFolders();
  let folder = '';
  const hold = (phase: Lease['phase'], step: number): void => {
    writeFileSync(join(folder, LEASE_FILE), JSON.stringify(lease(phase, step)));
  };
  const append = (...lines: MetricsLine[]): void => {
    appendFileSync(join(folder, METRICS_FILE), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };
  beforeEach(() => {
    folder = join(makeFolder(), 'watched');
    mkdirSync(folder);
    writeFileSync(join(folder, RUN_FILE), JSON.stringify(runConfiguration('watched')));
  });

  /** Follows the run, and lets something happen after each report. Resolves to what was told. */
  async function follow(moments: readonly (() => void)[], since?: number) {
    const notes: string[] = [];
    const reports: Progress[] = [];
    const left = [...moments];
    const progress = {
      note: (text: string) => notes.push(text),
      report: (report: Progress) => {
        reports.push(report);
        left.shift()?.();
      },
      close: () => undefined,
    };
    const status = await followRun(
      folder,
      { progress, reporting: 'often' },
      new AbortController().signal,
      since,
    );
    return { notes, reports, status };
  }

  it('tells validations as they come, none of before, and where the run stands', async () => {
    append(stepLine(1), validationLine(1, 0.1), stepLine(2));
    hold('training', 2);
    const { notes, reports, status } = await follow(
      [
        () => {
          append(stepLine(3), validationLine(3, 0.25));
          hold('training', 3);
        },
        () => {
          append(stepLine(4));
          hold('finished', 4);
        },
      ],
      validationLine(1, 0.1).time + 1,
    );
    assert.deepEqual(
      reports.map(({ done, message }) => [done, message]),
      [
        [2, 'loss 0.500 · PSNR 27.10 (+0.10) · 0.20 s/step'],
        [3, 'loss 0.333 · PSNR 27.25 (+0.25) · 0.20 s/step'],
      ],
    );
    assert.deepEqual(notes, ['Step 3: PSNR 27.25 dB (bicubic 27.00, +0.25), SSIM 0.8100 (0.8000), 1 crop']);
    assert.deepEqual([status.state, status.step], ['finished', 4]);
  });

  it('goes on with a record that a resume has cut, and tells what is new in it', async () => {
    append(stepLine(1), stepLine(2), validationLine(2, 0.5));
    hold('training', 2);
    const { notes, reports } = await follow(
      [
        () => {
          rmSync(join(folder, METRICS_FILE));
          append(stepLine(1), { ...validationLine(1, 0.3), time: validationLine(2, 0).time + 5 });
          hold('training', 1);
        },
        () => {
          hold('finished', 1);
        },
      ],
      validationLine(2, 0.5).time + 1,
    );
    assert.match(reports[1]!.message, /PSNR 27\.30/);
    assert.equal(notes.length, 1);
  });

  it('says that the folder is gone', async () => {
    append(stepLine(1));
    hold('training', 1);
    const goes = () => {
      rmSync(folder, { recursive: true });
    };
    await assert.rejects(follow([goes]), /The run folder .* is gone/);
  });

  it('says that it was emptied', async () => {
    append(stepLine(1));
    hold('training', 1);
    const goes = () => {
      rmSync(join(folder, LEASE_FILE));
    };
    await assert.rejects(follow([goes]), /The run folder .* is gone/);
  });

  it('sums up a record of any length, and compares its scores', async () => {
    await writeLongRecord(folder, { steps: 30_000, pixelSteps: 30_000, every: 1000 });
    const whole = { ...validationLine(30_000, 0.75), extent: 'whole' as const };
    append(whole);
    hold('finished', 30_000);
    const { text } = await summaryOf(folder, await readRunStatus(folder));
    assert.match(text, /^All steps are done\.$/m);
    assert.match(text, /^Steps: 30,000 in 1 h 40 min, 0\.4 % of it waiting for data\.$/m);
    assert.match(text, /^ {2}pixel stage, 1 whole image: PSNR 27\.75 dB \(bicubic 27\.00, \+0\.75\)/m);
    const [run] = (await compareRuns([folder])).runs;
    assert.equal(run!.final?.model.psnr, 27.75);
    assert.ok(run!.best!.model.psnr > 30, 'of all its validations on crops');
  });
});
