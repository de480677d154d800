/** The trainer in the test's own process, with its real lease: stopped or disturbed at an exact moment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRunConfiguration } from '../../src/folders/marker-files';
import { METRICS_FILE, metricsLineSchema, type MetricsLine } from '../../src/protocol/metrics';
import { takeLease } from '../../src/training/run/lease';
import { startOfRun } from '../../src/training/run/schedule';
import { train, type Ending } from '../../src/training/run/trainer';

/**
 * Trains a run until it ends; `onLog` hears every line of its log as it is written, and may stop the run.
 * Rejects as the trainer does, having left the last word in the lease as the trainer process would.
 */
export async function trainHere(
  run: string,
  onLog: (message: string, stop: () => void) => void = () => undefined,
): Promise<Ending> {
  const configuration = await readRunConfiguration(run);
  const { step, stage } = startOfRun(configuration);
  const stop = new AbortController();
  const lease = await takeLease(run, { socket: '', step, stage });
  const log = (message: string): void => {
    onLog(message, () => {
      stop.abort();
    });
  };
  try {
    const ending = await train({ run, configuration, lease, stop: stop.signal, log });
    await lease.end(ending.phase, ending.message);
    return ending;
  } catch (error) {
    await lease.end('failed', error instanceof Error ? error.message : String(error)).catch(() => undefined);
    throw error;
  }
}

/** The whole metrics of a run, each line checked against the schema. */
export function metricsOf(run: string): MetricsLine[] {
  return readFileSync(join(run, METRICS_FILE), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => metricsLineSchema.parse(JSON.parse(line)));
}

/** Of every step and validation what must not depend on when or how often a run was stopped. */
export function courseOf(run: string): unknown[] {
  return metricsOf(run).flatMap((line) => {
    if (line.kind === 'event') return [];
    const { time: _time, seconds: _seconds, ...rest } = line;
    return [{ ...rest, ...(line.kind === 'step' && { feedSeconds: 0 }) }];
  });
}
