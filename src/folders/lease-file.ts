/** Reading the lease of a run folder, and telling from it whether a trainer lives there. */
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LEASE_FILE, leaseSchema, type Lease } from '../protocol/lease';
import { explainFileError, LabError, hasCode } from './lab-error';
import { isSameProcess, isSuspended } from './process-identity';
import { parseValue, readJson } from './read-json';

/** A lease that is written over in its place, where no new file can be made, is whole again after this. */
const TORN_MS = 50;

/** The lease, or undefined where no trainer has been yet. Throws a `LabError` if the file is damaged. */
export async function readLease(folder: string): Promise<Lease | undefined> {
  try {
    return await readOnce(folder);
  } catch {
    await delay(TORN_MS);
    return readOnce(folder);
  }
}

async function readOnce(folder: string): Promise<Lease | undefined> {
  try {
    return await readJson(join(folder, LEASE_FILE), leaseSchema);
  } catch (error) {
    if (error instanceof LabError && hasCode(error.cause, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Like `readLease`, for who must know before anything else happens. */
export function readLeaseSync(folder: string): Lease | undefined {
  const path = join(folder, LEASE_FILE);
  try {
    return parseValue(leaseSchema, JSON.parse(readFileSync(path, 'utf8')), path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw explainFileError('read', path, error);
  }
}

/**
 * A lease of another machine, whose processes cannot be seen, is believed while its heartbeat is this close to now. Clocks
 * differ and are set: who wants to take such a lease over looks besides whether the heartbeat goes on (`takeLease`).
 */
const FOREIGN_HEARTBEAT_MS = 30_000;
/** Only a process whose heartbeat is older than this is looked at to see whether it is suspended. */
const LATE_HEARTBEAT_MS = 3000;

export type Tenancy = 'none' | 'here' | 'elsewhere' | 'crashed';

/** Who holds the folder: nobody, a live trainer on this machine, one on another machine, or one that died without a word. */
export function tenancyOf(lease: Lease | undefined, now = Date.now()): Tenancy {
  if (lease === undefined || ['finished', 'stopped', 'failed'].includes(lease.phase)) return 'none';
  if (lease.host !== hostname())
    return Math.abs(now - lease.heartbeat) < FOREIGN_HEARTBEAT_MS ? 'elsewhere' : 'crashed';
  return isSameProcess(lease.pid, lease.processStarted) ? 'here' : 'crashed';
}

export interface Holder {
  readonly lease: Lease | undefined;
  readonly tenancy: Tenancy;
  /** Whether the trainer, one of this machine, was stopped by a signal and waits to be continued. */
  readonly suspended?: boolean;
}

/**
 * The lease and who holds the folder by it. A trainer may write its last word and end between the two looks, so the lease of
 * one that is gone is read again: nobody changes it any more.
 */
export async function readHolder(folder: string, look = tenancyOf): Promise<Holder> {
  const lease = await readLease(folder);
  const tenancy = look(lease);
  if (
    tenancy === 'here' &&
    lease !== undefined &&
    Math.abs(Date.now() - lease.heartbeat) > LATE_HEARTBEAT_MS
  ) {
    return { lease, tenancy, suspended: isSuspended(lease.pid) };
  }
  if (tenancy !== 'crashed') return { lease, tenancy };
  if (lease?.host !== hostname() && (await wasJustWritten(folder))) return { lease, tenancy: 'elsewhere' };
  const last = await readLease(folder);
  return { lease: last, tenancy: look(last) };
}

/** Whether the lease was renewed a moment ago by the clock of the disk: that of the machine that wrote it may be wrong. */
async function wasJustWritten(folder: string): Promise<boolean> {
  return stat(join(folder, LEASE_FILE)).then(
    ({ mtimeMs }) => Math.abs(Date.now() - mtimeMs) < FOREIGN_HEARTBEAT_MS,
    () => false,
  );
}
