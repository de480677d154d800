/**
 * The trainer process: `node trainer.js RUN`. Takes the lease of the run folder, listens on its control socket, trains,
 * and leaves its last word in the lease. SIGTERM and SIGINT do as the command `stop`. Exit code 1 if the run failed.
 */
import { resolve } from 'node:path';
import { LabError, messageOf } from '../folders/lab-error';
import { readRunConfiguration } from '../folders/marker-files';
import type { RunConfiguration } from '../protocol/run-configuration';
import { openControlSocket } from './run/control-socket';
import { takeLease, type HeldLease } from './run/lease';
import { createLog } from './run/log';
import { startOfRun } from './run/schedule';
import { train } from './run/trainer';

const log = createLog();

/** What a person can act on is told as it is; a bug with its stack, and where to look. */
function explain(error: unknown): string {
  if (error instanceof LabError) return error.message;
  if (error instanceof Error && error.stack !== undefined) log(error.stack);
  return `This is a bug in SRGAN Lab: ${messageOf(error)}. The log (log.txt in the run folder) has the details.`;
}

async function runTrainer(run: string): Promise<number> {
  const configuration = await readRunConfiguration(run);
  const stop = new AbortController();
  const requestStop = (): void => {
    if (!stop.signal.aborted) log('Asked to stop.');
    stop.abort();
  };
  process.on('SIGTERM', requestStop);
  process.on('SIGINT', requestStop);
  // The terminal that started it may close; the run goes on.
  process.on('SIGHUP', () => undefined);

  const socket = await openControlSocket(({ command }) => {
    if (command === 'stop') requestStop();
  });
  try {
    const { step, stage } = startOfRun(configuration);
    const lease = await takeLease(run, { socket: socket.path, step, stage });
    return await trainUnderLease(run, configuration, lease, stop.signal);
  } finally {
    await socket.close();
  }
}

async function trainUnderLease(
  run: string,
  configuration: RunConfiguration,
  lease: HeldLease,
  stop: AbortSignal,
): Promise<number> {
  process.on('uncaughtException', (error) => {
    const message = explain(error);
    log(message);
    void lease.end('failed', message).finally(() => process.exit(1));
  });
  try {
    const { phase, message } = await train({ run, configuration, lease, stop, log });
    await lease.end(phase, message);
    return 0;
  } catch (error) {
    const message = explain(error);
    log(message);
    await lease.end('failed', message);
    return 1;
  }
}

async function main(): Promise<number> {
  const folder = process.argv[2];
  if (folder === undefined) {
    log('Usage: trainer.js RUN');
    return 2;
  }
  try {
    return await runTrainer(resolve(folder));
  } catch (error) {
    log(explain(error));
    return 1;
  }
}

// An engine may hold threads that would keep the process alive.
void main().then((code) => process.exit(code));
