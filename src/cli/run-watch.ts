/**
 * Following a run in the terminal by reading its folder, whoever trains it, until its trainer has ended. A look costs what is
 * new in the record, however long that is.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../folders/lab-error';
import { RunReader } from '../folders/run-reader';
import { RecordReader, type RecordReading } from '../folders/run-record/record-reader';
import type { MetricsLine, ValidationLine } from '../protocol/metrics';
import type { RunStatus } from '../protocol/pages';
import type { TrainResult } from '../protocol/progress';
import { RUN_FILE } from '../protocol/run-configuration';
import { exitCodes, type CommandContext, type Outcome } from './output';
import { describeEnded, describeLine, describeRunning } from './run-words';

const LOOK_MS = 250;
/** In a log, where every report is a line. */
const PLAIN_REPORT_MS = 10_000;

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
): Promise<RunStatus> {
  const reader = new RunReader(run, { digests: false });
  let told = since;
  let score: ValidationLine | undefined;
  let reported = -Infinity;
  let started = false;
  for (;;) {
    const { status, record } = await reader.read().catch((error: unknown) => {
      throw started && !existsSync(join(run, RUN_FILE)) ? goneError(run) : error;
    });
    if (started && status.state === 'new') throw goneError(run);
    started = status.state !== 'new';
    if (record.restarted) score = undefined;
    for (const line of newLines(record)) {
      if (line.kind === 'validation' && line.extent === 'crop') score = line;
      if (line.time < told) continue;
      told = line.time;
      const text = describeLine(line);
      if (text !== undefined) progress.note(text);
    }
    if (!isLive(status) || signal.aborted) return status;
    const now = performance.now();
    if (reporting === 'often' || now - reported >= PLAIN_REPORT_MS) {
      progress.report(describeRunning(status, record.recent.at(-1), score));
      reported = now;
    }
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

function goneError(run: string): LabError {
  return new LabError(
    `The run folder ${run} is gone: it was deleted, moved or emptied while it was being trained. Its trainer ends by itself. A folder that was moved is resumed where it is now.`,
  );
}

/** What came since the reading before; of a record that begins anew, all but its steps, of which nothing is told. */
function newLines({ restarted, digest, lines }: RecordReading): readonly MetricsLine[] {
  return restarted ? digest.kept.map(({ line }) => line) : lines;
}

const phases: Record<RunStatus['state'], TrainResult['phase']> = {
  new: 'stopped',
  running: 'running',
  elsewhere: 'running',
  finished: 'finished',
  stopped: 'stopped',
  failed: 'failed',
  crashed: 'failed',
};

/** The outcome of a command about a run, in the words given: exit code 1 where it failed or crashed. */
export function outcomeOf(run: string, status: RunStatus, text: string): Outcome {
  const broken = status.state === 'failed' || status.state === 'crashed';
  const result: TrainResult = {
    folder: run,
    phase: phases[status.state],
    message: status.message,
    step: status.step,
  };
  return { result, text, exitCode: broken ? exitCodes.failure : exitCodes.success };
}

/** The same, in words that sum the whole run up. Goes through a long record of which no digest is kept. */
export async function summaryOf(run: string, status: RunStatus): Promise<Outcome> {
  return outcomeOf(run, status, describeEnded(run, status, await new RecordReader(run).readWhole()));
}
