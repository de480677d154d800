/**
 * The queue for this machine's device. Every trainer lays a ticket into a folder of the person's: one that trains says so,
 * one that was asked to wait begins when nobody trains and nobody has waited longer. There is no server: everybody reads the
 * same folder, and the ticket of a process that died counts for nothing.
 */
import { rmSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { writeJsonAtomically } from '../../folders/atomic-write';
import { LabError } from '../../folders/lab-error';
import { isSameProcess, processStart } from '../../folders/process-identity';
import { readJson } from '../../folders/read-json';

const ticketSchema = z.object({
  pid: z.int().min(1),
  processStarted: z.string(),
  run: z.string(),
  training: z.boolean(),
});
type Ticket = z.infer<typeof ticketSchema>;

const LOOK_MS = 500;
/** Tickets are told apart from what is just being written beside them, and sort by their time. */
const TICKET_NAME = /^\d{15}-\d+\.json$/;

export interface TurnOptions {
  /** Whether to wait; a trainer that does not is only seen by those that do. */
  readonly queued: boolean;
  readonly signal: AbortSignal;
  /** Told whom this run waits for: those that train, then those that came before, and again whenever they change. */
  readonly onWaiting: (before: readonly string[]) => void;
}

/**
 * Resolves when it is the turn of this process, to a function that gives the turn up. Throws a `LabError` if a ticket of one
 * that waits cannot be written, and the signal's reason when it aborts.
 */
export async function takeTurn(run: string, options: TurnOptions): Promise<() => Promise<void>> {
  const folder = queueFolder();
  const name = `${String(Date.now()).padStart(15, '0')}-${process.pid}.json`;
  const path = join(folder, name);
  const ticket = { pid: process.pid, processStarted: processStart(process.pid) ?? '', run };
  const write = (training: boolean): Promise<void> =>
    writeJsonAtomically(path, { ...ticket, training } satisfies Ticket);
  const remove = (): void => {
    rmSync(path, { force: true });
  };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
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
      await waitForTurn(folder, name, options);
      await write(true);
    }
    return leave;
  } catch (error) {
    await leave();
    throw error;
  }
}

async function waitForTurn(folder: string, own: string, { signal, onWaiting }: TurnOptions): Promise<void> {
  let told: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    const before = await runsBefore(folder, own);
    if (before.length === 0) return;
    if (told !== before.join('\n')) onWaiting(before);
    told = before.join('\n');
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Runs that train, and those that wait and came before `own`. Tickets of dead processes are cleared away. */
async function runsBefore(folder: string, own: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => TICKET_NAME.test(name) && name !== own).sort();
  const training: string[] = [];
  const waiting: string[] = [];
  for (const name of names) {
    const ticket = await readTicket(join(folder, name));
    if (ticket === undefined) continue;
    if (!isSameProcess(ticket.pid, ticket.processStarted)) await rm(join(folder, name), { force: true });
    else if (ticket.training) training.push(ticket.run);
    else if (name < own) waiting.push(ticket.run);
  }
  return [...training, ...waiting];
}

/** Undefined where it has just gone, or says nothing. */
async function readTicket(path: string): Promise<Ticket | undefined> {
  try {
    return await readJson(path, ticketSchema);
  } catch (error) {
    if (error instanceof LabError) return undefined;
    throw error;
  }
}

function queueFolder(): string {
  return join(tmpdir(), `srgan-lab-queue-${userInfo().username}`);
}
