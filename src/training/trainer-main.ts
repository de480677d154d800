/**
 * The trainer process: `node trainer.js RUN [--queue]`. Takes the lease of the run folder, listens on its control socket,
 * waits for its turn if it was asked to, trains, and leaves its last word in the lease. SIGTERM and SIGINT do as the command `stop`; a second one ends it at once.
 * Exit code 1 if the run failed.
 */
import { basename, resolve } from 'node:path';
import { LabError, messageOf } from '../folders/lab-error';
import { isOutOfMemory } from '../folders/out-of-memory';
import { readRunConfiguration } from '../folders/marker-files';
import type { Lease } from '../protocol/lease';
import { formatCount } from '../protocol/quantities';
import { openControlSocket } from './run/control-socket';
import { takeTurn, type Before, type TurnOptions } from './run/device-queue';
import { takeLease, type HeldLease } from './run/lease';
import { createLog } from './run/log';
import { startOfRun } from './run/schedule';
import { StopButton } from './run/stop-button';
import { train, type Ending, type TrainerSurroundings } from './run/trainer';
import { describeWaiting } from './run/words';

const log = createLog();

/** What a person can act on is told as it is; a bug with its stack, and where to look. */
function explain(error: unknown): string {
  if (error instanceof LabError) return error.message;
  if (error instanceof Error && error.stack !== undefined) log(error.stack);
  return `This is a bug in SRGAN Lab: ${messageOf(error)}. The log (log.txt in the run folder) has the details.`;
}

async function runTrainer(run: string, queued: boolean): Promise<number> {
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

  const startNow = new AbortController();
  const socket = await openControlSocket(({ command }) => {
    if (command === 'stop') stop.press();
    else if (command === 'start') startNow.abort();
  });
  try {
    const { step, stage } = startOfRun(configuration);
    lease = await takeLease(run, { socket: socket.path, step, stage });
    const surroundings = { run, configuration, lease, stop: stop.signal, log };
    return await trainUnderLease(surroundings, { queued, startNow: startNow.signal });
  } finally {
    await socket.close();
  }
}

type Turn = Pick<TurnOptions, 'queued' | 'startNow'>;

async function trainUnderLease(surroundings: TrainerSurroundings, turn: Turn): Promise<number> {
  const { lease } = surroundings;
  try {
    const { phase, message } = await trainInTurn(surroundings, turn);
    await lease.end(phase, message);
    return 0;
  } catch (error) {
    const message = explain(error);
    log(message);
    await lease.end('failed', message, isOutOfMemory(error) ? 'memory' : undefined);
    return 1;
  }
}

async function trainInTurn(surroundings: TrainerSurroundings, turn: Turn): Promise<Ending> {
  const { run, lease, stop } = surroundings;
  const signal = AbortSignal.any([stop, lease.lost]);
  const onWaiting = (before: Before): void => {
    const message = describeWaiting(before);
    log(message);
    const queue = {
      position: before.waiting.length + 1,
      trains: before.training.map((each) => basename(each)),
    };
    lease.update({ phase: 'waiting', message, queue });
  };
  let leave: () => Promise<void>;
  try {
    leave = await takeTurn(run, { ...turn, signal, onWaiting });
  } catch (error) {
    if (!stop.aborted) throw error;
    return { phase: 'stopped', message: 'Stopped while it waited for its turn. Resume queues it again.' };
  }
  lease.update({ phase: 'starting', message: 'Starting.', queue: undefined });
  try {
    return await train(surroundings);
  } finally {
    await leave();
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
  const [folder, option] = process.argv.slice(2);
  if (folder === undefined || (option !== undefined && option !== '--queue')) {
    log('Usage: trainer.js RUN [--queue]');
    return 2;
  }
  try {
    return await runTrainer(resolve(folder), option === '--queue');
  } catch (error) {
    log(explain(error));
    return 1;
  }
}

// An engine may hold threads that would keep the process alive.
void main().then((code) => process.exit(code));
