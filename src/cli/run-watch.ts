/** Following a run in the terminal by reading its folder, whoever trains it, until its trainer has ended. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { crashCause } from '../folders/crash-cause';
import { explainFileError, LabError } from '../folders/lab-error';
import { followJsonLines, readJsonLines, START, type LinesRead } from '../folders/json-lines';
import { readHolder } from '../folders/lease-file';
import { readRunConfiguration } from '../folders/marker-files';
import { deriveRunStatus } from '../folders/run-status';
import { METRICS_FILE, metricsLineSchema, type MetricsLine } from '../protocol/metrics';
import type { RunStatus } from '../protocol/pages';
import type { TrainResult } from '../protocol/progress';
import { exitCodes, type CommandContext, type Outcome } from './output';
import { describeEnded, describeLine, describeRunning } from './run-words';

const LOOK_MS = 250;
/** In a log, where every report is a line. */
const PLAIN_REPORT_MS = 10_000;

/** A run as its folder shows it. */
export interface ObservedRun {
  readonly status: RunStatus;
  readonly lines: readonly MetricsLine[];
}

/** Reads a run once. Throws a `LabError` if it is not a run or is damaged. */
export async function observeRun(run: string): Promise<ObservedRun> {
  const holder = await readHolder(run);
  const [configuration, { lines }, cause] = await Promise.all([
    readRunConfiguration(run),
    readJsonLines(join(run, METRICS_FILE), metricsLineSchema),
    crashCause(run, holder),
  ]);
  return { status: deriveRunStatus(configuration, holder.lease, lines, { ...holder, cause }), lines };
}

/** Whether a trainer is at work, here or on another machine. */
export function isLive({ state }: RunStatus): boolean {
  return state === 'running' || state === 'elsewhere';
}

/**
 * Shows a live run until it ends or the signal aborts; resolves to what was seen last.
 * @param since lines of metrics before this time (ms since 1970) are not told again
 */
export async function followRun(
  run: string,
  { progress, reporting }: Pick<CommandContext, 'progress'> & { reporting: 'often' | 'rarely' },
  signal: AbortSignal,
  since = Date.now(),
): Promise<ObservedRun> {
  const configuration = await readRunConfiguration(run);
  const lines: MetricsLine[] = [];
  let told = since;
  const take = (read: LinesRead<MetricsLine>): void => {
    if (read.restarted) lines.length = 0;
    for (const line of read.lines) {
      lines.push(line);
      if (line.time < told) continue;
      told = line.time;
      const text = describeLine(line);
      if (text !== undefined) progress.note(text);
    }
  };
  const failures: unknown[] = [];
  const follower = followJsonLines(join(run, METRICS_FILE), metricsLineSchema, START, take, (error) => {
    failures.push(error);
  });
  try {
    let reported = -Infinity;
    let known = false;
    for (;;) {
      // The lease before the lines: when it says that the run has ended, all its lines are there.
      const holder = await readHolder(run);
      if (known && holder.lease === undefined) {
        throw new LabError(
          `The run folder ${run} is gone: it was deleted, moved or emptied while it was being trained. Its trainer ends by itself. A folder that was moved is resumed where it is now.`,
        );
      }
      known = holder.lease !== undefined;
      await follower.poll();
      if (failures.length > 0) throw explainFileError('read', join(run, METRICS_FILE), failures[0]);
      const cause = await crashCause(run, holder);
      const status = deriveRunStatus(configuration, holder.lease, lines, { ...holder, cause });
      if (!isLive(status) || signal.aborted) return { status, lines };
      const now = performance.now();
      if (reporting === 'often' || now - reported >= PLAIN_REPORT_MS) {
        progress.report(describeRunning(status, lines));
        reported = now;
      }
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    follower.dispose();
  }
}

/** The outcome of a command about a run: its summary, and exit code 1 where it failed or crashed. */
export function outcomeOf(run: string, { status, lines }: ObservedRun): Outcome {
  const broken = status.state === 'failed' || status.state === 'crashed';
  const phases: Record<RunStatus['state'], TrainResult['phase']> = {
    new: 'stopped',
    running: 'running',
    elsewhere: 'running',
    finished: 'finished',
    stopped: 'stopped',
    failed: 'failed',
    crashed: 'failed',
  };
  const result: TrainResult = {
    folder: run,
    phase: phases[status.state],
    message: status.message,
    step: status.step,
  };
  return {
    result,
    text: describeEnded(run, status, lines),
    exitCode: broken ? exitCodes.failure : exitCodes.success,
  };
}
