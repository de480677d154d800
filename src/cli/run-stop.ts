/** Asking a run's trainer to stop, and waiting until it has. */
import { setTimeout as delay } from 'node:timers/promises';
import { sendControlCommand } from '../folders/control';
import { LabError } from '../folders/lab-error';
import { readLease, tenancyOf } from '../folders/lease-file';
import { isSuspended } from '../folders/process-identity';

const LOOK_MS = 50;

/**
 * Asks the trainer to save a checkpoint and end. Resolves to false where none is at work. Throws a `LabError` if it runs
 * on another machine.
 */
export async function requestStop(run: string): Promise<boolean> {
  const lease = await readLease(run);
  const tenancy = tenancyOf(lease);
  if (lease === undefined || tenancy === 'none' || tenancy === 'crashed') return false;
  if (tenancy === 'elsewhere') {
    throw new LabError(
      `${run} is being trained on the machine ${lease.host}. Stop it there: srgan-lab stop.`,
    );
  }
  // It could neither hear nor save a checkpoint.
  if (isSuspended(lease.pid)) process.kill(lease.pid, 'SIGCONT');
  const reply = await sendControlCommand(lease.socket, { command: 'stop' });
  if (!reply.ok && tenancyOf(await readLease(run)) === 'here') {
    // The socket's file may have been cleaned away from the temporary folder; the signal means the same.
    process.kill(lease.pid, 'SIGTERM');
  }
  return true;
}

/** Resolves when no trainer is at work in the run folder on this machine. */
export async function untilStopped(run: string): Promise<void> {
  while (tenancyOf(await readLease(run)) === 'here') await delay(LOOK_MS);
}
