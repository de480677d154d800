/**
 * The queue for this machine's device, as its folder tells it: a ticket for every trainer, one that trains or one that waits.
 * There is no server: everybody reads the same folder, and the ticket of a process that died counts for nothing.
 */
import { readdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { hasCode, LabError } from './lab-error';
import { isSameProcess } from './process-identity';
import { readJson } from './read-json';

const ticketSchema = z.object({
  pid: z.int().min(1),
  processStarted: z.string(),
  run: z.string(),
  training: z.boolean(),
});
export type Ticket = z.infer<typeof ticketSchema>;

export interface QueuedTicket extends Ticket {
  /** Name of its file; tickets stand in the order of these. */
  readonly name: string;
}

/** Tickets are told apart from what is just being written beside them. */
const TICKET_NAME = /^(\d{15})-\d+\.json$/;

export function queueFolder(): string {
  return join(tmpdir(), `srgan-lab-queue-${userInfo().username}`);
}

/** A name that sorts after those that are there, whatever the clock says. */
export async function nextTicketName(folder: string): Promise<string> {
  const numbers = (await ticketNames(folder)).map((name) => Number(TICKET_NAME.exec(name)![1]));
  const number = Math.max(Date.now(), ...numbers.map((each) => each + 1));
  return `${String(number).padStart(15, '0')}-${process.pid}.json`;
}

/** Those who train and those who wait, each in the order of coming; and the files of processes that are gone. */
export async function readQueue(
  folder = queueFolder(),
): Promise<{ training: QueuedTicket[]; waiting: QueuedTicket[]; left: string[] }> {
  const queue = { training: [] as QueuedTicket[], waiting: [] as QueuedTicket[], left: [] as string[] };
  for (const name of (await ticketNames(folder)).sort()) {
    const ticket = await readTicket(join(folder, name));
    if (ticket === undefined) continue;
    if (!isSameProcess(ticket.pid, ticket.processStarted)) queue.left.push(join(folder, name));
    else (ticket.training ? queue.training : queue.waiting).push({ ...ticket, name });
  }
  return queue;
}

async function ticketNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => TICKET_NAME.test(name));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
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
