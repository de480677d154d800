/**
 * Holding the lease of a run folder: taken when a trainer starts, renewed every second, closed with a last word. Two
 * trainers never write one folder: the second is refused, and one that finds another's name in the lease ends at once.
 */
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeJsonAtomically } from '../../folders/atomic-write';
import { exclusively } from '../../folders/exclusively';
import { hasCode, LabError } from '../../folders/lab-error';
import { readLease, tenancyOf } from '../../folders/lease-file';
import { memoryState } from '../../folders/memory-state';
import { processStart } from '../../folders/process-identity';
import { formatCount } from '../../protocol/quantities';
import { HEARTBEAT_MS, LEASE_FILE, type Lease } from '../../protocol/lease';
import { removeControlSocket } from './control-socket';

/** What changes while a trainer lives. */
export type LeaseChange = Partial<
  Pick<Lease, 'phase' | 'message' | 'engine' | 'device' | 'engineReason' | 'stepFlops' | 'step' | 'stage'>
>;

export interface HeldLease {
  readonly current: Lease;
  /** Aborts, with a `LabError` as its reason, when the folder is gone or another trainer took it: stop writing. */
  readonly lost: AbortSignal;
  /** Tells a change. Written now if the phase or the message changed, with the next heartbeat otherwise. */
  update(change: LeaseChange): void;
  /** The last word. Writes nothing if the lease was lost. */
  end(phase: 'finished' | 'stopped' | 'failed', message: string, cause?: Lease['cause']): Promise<void>;
}

/**
 * Takes the lease of a run. Throws a `LabError` if a live trainer holds it.
 * @param initial where the run stands and where its trainer listens
 */
export async function takeLease(
  run: string,
  initial: Pick<Lease, 'socket' | 'step' | 'stage'>,
): Promise<HeldLease> {
  const now = Date.now();
  const lease: Lease = {
    format: 1,
    pid: process.pid,
    processStarted: processStart(process.pid) ?? '',
    host: hostname(),
    started: now,
    heartbeat: now,
    memory: memoryState(),
    phase: 'starting',
    message: 'Starting.',
    engine: '',
    device: '',
    ...initial,
  };
  await exclusively(run, LEASE_FILE, async () => {
    await refuseIfHeld(run);
    await removeLeftovers(run);
    await writeJsonAtomically(join(run, LEASE_FILE), lease);
  });
  return hold(run, lease);
}

/** Removes what killed trainers left: half-written files beside the run's, and their socket. Nobody else writes here now. */
async function removeLeftovers(run: string): Promise<void> {
  const socket = (await readLease(run))?.socket;
  if (socket !== undefined) await removeControlSocket(socket);
  for (const name of await readdir(run)) {
    if (name.startsWith('.') && name.endsWith('.partial')) {
      await rm(join(run, name), { recursive: true, force: true });
    }
  }
}

/** Throws a `LabError` if a live trainer holds the run. */
export async function refuseIfHeld(run: string): Promise<void> {
  const lease = await readLease(run);
  const tenancy = tenancyOf(lease);
  if (lease === undefined || tenancy === 'none' || tenancy === 'crashed') return;
  const where = tenancy === 'here' ? `process ${lease.pid}` : `the machine ${lease.host}`;
  throw new LabError(
    `${run} is being trained by ${where} already (step ${formatCount(lease.step)}). Watch it with \`srgan-lab watch\`, or stop it first.`,
  );
}

function hold(run: string, initial: Lease): HeldLease {
  const path = join(run, LEASE_FILE);
  const lost = new AbortController();
  let current = initial;
  let ended = false;
  let written: Promise<void> = Promise.resolve();

  const renew = async (): Promise<void> => {
    if (ended || lost.signal.aborted) return;
    current = { ...current, heartbeat: Date.now(), memory: memoryState() };
    try {
      await checkIsOurs(run, initial);
      await writeJsonAtomically(path, current);
    } catch (error) {
      // A heartbeat that cannot be written for another reason, such as a full disk, may be written the next time.
      if (error instanceof LeaseLost || isGone(error)) lost.abort(asLoss(run, error));
    }
  };
  const write = (): void => {
    written = written.then(renew);
  };
  const timer = setInterval(write, HEARTBEAT_MS);
  timer.unref();

  return {
    get current() {
      return current;
    },
    lost: lost.signal,
    update: (change) => {
      const urgent =
        (change.phase ?? current.phase) !== current.phase ||
        (change.message ?? current.message) !== current.message;
      current = { ...current, ...change };
      if (urgent) write();
    },
    end: async (phase, message, cause) => {
      clearInterval(timer);
      await written;
      ended = true;
      if (lost.signal.aborted) return;
      await checkIsOurs(run, initial);
      const lastWord = { ...current, heartbeat: Date.now(), phase, message };
      await writeLastWord(path, cause === undefined ? lastWord : { ...lastWord, cause });
    },
  };
}

/** The lease names another trainer, or none. */
class LeaseLost extends LabError {}

async function checkIsOurs(run: string, ours: Lease): Promise<void> {
  const lease = await readLease(run);
  if (lease === undefined) {
    throw new LeaseLost(`The run folder ${run} was deleted, moved or emptied while it was being trained.`);
  }
  if (lease.pid !== ours.pid || lease.processStarted !== ours.processStarted || lease.host !== ours.host) {
    throw new LeaseLost(`Another trainer (process ${lease.pid} on ${lease.host}) has taken over ${run}.`);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof LabError && hasCode(error.cause, 'ENOENT', 'ENOTDIR');
}

function asLoss(run: string, error: unknown): LabError {
  return error instanceof LeaseLost
    ? error
    : new LabError(`The run folder ${run} was deleted or moved while it was being trained.`, {
        cause: error,
      });
}

/** On a full disk the old lease is overwritten in its place: it needs no new space, and how a run ended must be known. */
async function writeLastWord(path: string, lease: Lease): Promise<void> {
  try {
    await writeJsonAtomically(path, lease);
  } catch (error) {
    if (!(error instanceof LabError && hasCode(error.cause, 'ENOSPC', 'EDQUOT'))) throw error;
    const { size } = await stat(path);
    await writeFile(path, JSON.stringify(lease).padEnd(size, ' '), { flag: 'r+' });
  }
}
