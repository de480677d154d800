/** Reading the lease of a run folder, and telling from it whether a trainer lives there. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LEASE_FILE, leaseSchema, type Lease } from '../protocol/lease';
import { LabError, hasCode } from './lab-error';
import { isSameProcess } from './process-identity';
import { readJson } from './read-json';

/** The lease, or undefined where no trainer has been yet. Throws a `LabError` if the file is damaged. */
export async function readLease(folder: string): Promise<Lease | undefined> {
  try {
    return await readJson(join(folder, LEASE_FILE), leaseSchema);
  } catch (error) {
    if (error instanceof LabError && hasCode(error.cause, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** A lease of another machine is believed while its heartbeat is younger than this; its processes cannot be seen. */
const FOREIGN_HEARTBEAT_MS = 30_000;

export type Tenancy = 'none' | 'here' | 'elsewhere' | 'crashed';

/** Who holds the folder: nobody, a live trainer on this machine, one on another machine, or one that died without a word. */
export function tenancyOf(lease: Lease | undefined, now = Date.now()): Tenancy {
  if (lease === undefined || ['finished', 'stopped', 'failed'].includes(lease.phase)) return 'none';
  if (lease.host !== hostname())
    return now - lease.heartbeat < FOREIGN_HEARTBEAT_MS ? 'elsewhere' : 'crashed';
  return isSameProcess(lease.pid, lease.processStarted) ? 'here' : 'crashed';
}

export interface Holder {
  readonly lease: Lease | undefined;
  readonly tenancy: Tenancy;
}

/**
 * The lease and who holds the folder by it. A trainer may write its last word and end between the two looks, so the lease of
 * one that is gone is read again: nobody changes it any more.
 */
export async function readHolder(folder: string, look = tenancyOf): Promise<Holder> {
  const lease = await readLease(folder);
  const tenancy = look(lease);
  if (tenancy !== 'crashed') return { lease, tenancy };
  const last = await readLease(folder);
  return { lease: last, tenancy: look(last) };
}
