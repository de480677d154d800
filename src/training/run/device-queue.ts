/**
 * Taking one's turn at this machine's device. Every trainer lays a ticket into the queue's folder: one that trains says so,
 * one that was asked to wait begins when nobody trains and nobody has waited longer, or when it is told to start now.
 */
import { rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeJsonAtomically } from '../../folders/atomic-write';
import { processStart } from '../../folders/process-identity';
import { nextTicketName, queueFolder, readQueue, type Ticket } from '../../folders/queue';

const LOOK_MS = 500;

/** Whom a run waits for, as folders. */
export interface Before {
  readonly training: readonly string[];
  /** Those that came before it. */
  readonly waiting: readonly string[];
}

export interface TurnOptions {
  /** Whether to wait; a trainer that does not is only seen by those that do. */
  readonly queued: boolean;
  readonly signal: AbortSignal;
  /** Aborts when somebody wants the run started before its turn. */
  readonly startNow: AbortSignal;
  /** Told whom this run waits for, and again whenever they change. */
  readonly onWaiting: (before: Before) => void;
}

/**
 * Resolves when it is the turn of this process, to a function that gives the turn up. Throws a `LabError` if a ticket of one
 * that waits cannot be written, and the signal's reason when it aborts.
 */
export async function takeTurn(run: string, options: TurnOptions): Promise<() => Promise<void>> {
  const folder = queueFolder();
  let path = '';
  const ticket = { pid: process.pid, processStarted: processStart(process.pid) ?? '', run };
  const write = (training: boolean): Promise<void> =>
    writeJsonAtomically(path, { ...ticket, training } satisfies Ticket);
  const remove = (): void => {
    rmSync(path, { force: true });
  };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    path = join(folder, await nextTicketName(folder));
    await write(!options.queued);
  } catch (error) {
    if (options.queued) throw error;
    // Others will not wait for this run; that is no reason not to train.
    return () => Promise.resolve();
  }
  process.once('exit', remove);
  const leave = async (): Promise<void> => {
    process.off('exit', remove);
    await rm(path, { force: true });
  };
  try {
    if (options.queued) {
      await waitForTurn(folder, basename(path), options);
      await write(true);
    }
    return leave;
  } catch (error) {
    await leave();
    throw error;
  }
}

async function waitForTurn(
  folder: string,
  own: string,
  { signal, startNow, onWaiting }: TurnOptions,
): Promise<void> {
  let told: string | undefined;
  while (!startNow.aborted) {
    signal.throwIfAborted();
    const { training, waiting, left } = await readQueue(folder);
    for (const path of left) await rm(path, { force: true });
    const before = {
      training: training.map(({ run }) => run),
      waiting: waiting.filter(({ name }) => name < own).map(({ run }) => run),
    };
    if (before.training.length + before.waiting.length === 0) return;
    const now = JSON.stringify(before);
    if (told !== now) onWaiting(before);
    told = now;
    await delay(LOOK_MS, undefined, { signal: AbortSignal.any([signal, startNow]) }).catch(() => undefined);
  }
  signal.throwIfAborted();
}
