/**
 * The trainer process: `node trainer.js RUN`. Takes the lease of the run folder, listens on its control socket, trains,
 * and leaves its last word in the lease. SIGTERM and SIGINT do as the command `stop`; a second one ends it at once.
 * Exit code 1 if the run failed.
 */
import { resolve } from 'node:path';
import { LabError, messageOf } from '../folders/lab-error';
import { isOutOfMemory } from '../folders/out-of-memory';
import { readRunConfiguration } from '../folders/marker-files';
import type { Lease } from '../protocol/lease';
import { formatCount } from '../protocol/quantities';
import { openControlSocket } from './run/control-socket';
import { takeLease, type HeldLease } from './run/lease';
import { createLog } from './run/log';
import { startOfRun } from './run/schedule';
import { StopButton } from './run/stop-button';
import { train, type TrainerSurroundings } from './run/trainer';

const log = createLog();

/** What a person can act on is told as it is; a bug with its stack, and where to look. */
function explain(error: unknown): string {
  if (error instanceof LabError) return error.message;
  if (error instanceof Error && error.stack !== undefined) log(error.stack);
  return `This is a bug in SRGAN Lab: ${messageOf(error)}. The log (log.txt in the run folder) has the details.`;
}

async function runTrainer(run: string): Promise<number> {
  const configuration = await readRunConfiguration(run);
  let lease: HeldLease | undefined;
  const stop = new StopButton(() => {
    const message = `Ended at once at step ${formatCount(lease?.current.step ?? 0)}. Resume goes on from the last checkpoint.`;
    leave(lease, 'stopped', message);
  });
  process.on('SIGTERM', stop.press);
  process.on('SIGINT', stop.press);
  // The terminal that started it may close; the run goes on.
  process.on('SIGHUP', () => undefined);
  process.on('uncaughtException', (error) => {
    leave(lease, 'failed', explain(error), isOutOfMemory(error) ? 'memory' : undefined);
  });

  const socket = await openControlSocket(({ command }) => {
    if (command === 'stop') stop.press();
  });
  try {
    const { step, stage } = startOfRun(configuration);
    lease = await takeLease(run, { socket: socket.path, step, stage });
    return await trainUnderLease({ run, configuration, lease, stop: stop.signal, log });
  } finally {
    await socket.close();
  }
}

async function trainUnderLease(surroundings: TrainerSurroundings): Promise<number> {
  const { lease } = surroundings;
  try {
    const { phase, message } = await train(surroundings);
    await lease.end(phase, message);
    return 0;
  } catch (error) {
    const message = explain(error);
    log(message);
    await lease.end('failed', message, isOutOfMemory(error) ? 'memory' : undefined);
    return 1;
  }
}

/** Ends the process from outside the training, with a last word. */
function leave(
  lease: HeldLease | undefined,
  phase: 'stopped' | 'failed',
  message: string,
  cause?: Lease['cause'],
): void {
  log(message);
  const exit = (): void => process.exit(phase === 'failed' ? 1 : 0);
  if (lease === undefined) exit();
  else void lease.end(phase, message, cause).then(exit, exit);
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
