/**
 * Holding the lease of a run folder: taken when a trainer starts, renewed every second, closed with a last word. Two
 * trainers never write one folder: the second is refused, and one that finds another's name in the lease ends at once.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { removePartials } from '../../folders/atomic-write';
import { exclusively } from '../../folders/exclusively';
import { hasCode, LabError } from '../../folders/lab-error';
import { readLease, readLeaseSync, tenancyOf } from '../../folders/lease-file';
import { memoryState } from '../../folders/memory-state';
import { processStart } from '../../folders/process-identity';
import { formatCount } from '../../protocol/quantities';
import { HEARTBEAT_MS, LEASE_FILE, type Lease } from '../../protocol/lease';
import { removeControlSocket } from './control-socket';
import { LeaseWriter } from './lease-writer';

/** What changes while a trainer lives. */
export type LeaseChange = Partial<
  Pick<
    Lease,
    'phase' | 'message' | 'queue' | 'engine' | 'device' | 'engineReason' | 'stepFlops' | 'step' | 'stage'
  >
>;

export interface HeldLease {
  readonly current: Lease;
  /** Aborts, with a `LabError` as its reason, when the folder is gone or another trainer took it: stop writing. */
  readonly lost: AbortSignal;
  /** Tells a change. Written now if the phase or the message changed, with the next heartbeat otherwise. */
  update(change: LeaseChange): void;
  /**
   * Call before writing into the folder. Looks by itself whether the lease is still ours where no heartbeat was written for a
   * while: the process was suspended or the machine asleep. Throws the reason of `lost` if it is not.
   */
  assertHeld(): void;
  /**
   * Why something failed: the reason of `lost` where the lease is no longer ours, because whoever takes a folder clears half-written
   * files away; else the error itself.
   */
  reasonFor(error: unknown): unknown;
  /**
   * The last word. Where another trainer took the folder nothing is written; a folder that was moved away gets its word
   * where it is now.
   */
  end(phase: Ending, message: string, cause?: Lease['cause']): Promise<void>;
}

type Ending = 'finished' | 'stopped' | 'failed';

/** A heartbeat is late after this: less than what makes others take a trainer of another machine for dead. */
export const DOUBT_MS = 10_000;
/** Long enough to see the heartbeat of another machine go on. */
const STIR_MS = 3 * HEARTBEAT_MS;

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
  const writer = new LeaseWriter(join(run, LEASE_FILE));
  await exclusively(run, LEASE_FILE, async () => {
    await refuseIfHeld(run);
    await refuseIfItStirs(run);
    await removeLeftovers(run);
    await writer.write({ ...lease, heartbeat: Date.now() }, () => Promise.resolve());
  });
  return new Hold(run, lease, writer);
}

/** Removes what killed trainers left: half-written files beside the run's, and their socket. Nobody else writes here now. */
async function removeLeftovers(run: string): Promise<void> {
  const socket = (await readLease(run))?.socket;
  if (socket !== undefined) await removeControlSocket(socket);
  await removePartials(run);
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

/**
 * Throws a `LabError` if the heartbeat of another machine's lease goes on, however old it is by this machine's clock: clocks
 * differ, and are set.
 */
async function refuseIfItStirs(run: string): Promise<void> {
  const before = await readLease(run);
  if (before === undefined || before.host === hostname() || tenancyOf(before) === 'none') return;
  await delay(STIR_MS);
  const after = await readLease(run);
  if (after === undefined || after.heartbeat === before.heartbeat) return;
  throw new LabError(
    `${run} is being trained by the machine ${after.host} already (step ${formatCount(after.step)}): its heartbeat goes on, though the clocks of the two machines differ. Stop it there first.`,
  );
}

class Hold implements HeldLease {
  current: Lease;
  private readonly loss = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private ended = false;
  private written: Promise<void> = Promise.resolve();
  /** By both clocks: one stands still while the machine sleeps, the other can be set. */
  private known = clocks();

  constructor(
    private readonly run: string,
    private readonly initial: Lease,
    private readonly writer: LeaseWriter,
  ) {
    this.current = initial;
    this.timer = setInterval(() => {
      this.write();
    }, HEARTBEAT_MS);
    this.timer.unref();
  }

  get lost(): AbortSignal {
    return this.loss.signal;
  }

  update(change: LeaseChange): void {
    const { phase, message } = this.current;
    this.current = { ...this.current, ...change };
    if (this.current.phase !== phase || this.current.message !== message) this.write();
  }

  assertHeld(): void {
    this.lost.throwIfAborted();
    const now = clocks();
    if (now.monotonic - this.known.monotonic < DOUBT_MS && Math.abs(now.wall - this.known.wall) < DOUBT_MS) {
      return;
    }
    try {
      checkNames(this.run, readLeaseSync(this.run), this.initial);
    } catch (error) {
      // Where it cannot be looked at, nobody else can take it either.
      if (!(error instanceof LeaseLost)) return;
      this.loss.abort(error);
      throw error;
    }
    this.known = now;
    this.write();
  }

  reasonFor(error: unknown): unknown {
    try {
      this.assertHeld();
      return error;
    } catch (loss) {
      return loss;
    }
  }

  async end(phase: Ending, message: string, cause?: Lease['cause']): Promise<void> {
    clearInterval(this.timer);
    await this.written;
    this.ended = true;
    try {
      const lastWord = this.lastWord(phase, message, cause);
      if (!(await this.writeOurs(lastWord))) await this.endElsewhere();
    } finally {
      await this.writer.close();
    }
  }

  private lastWord(phase: Ending, message: string, cause: Lease['cause']): Lease {
    const word = { ...this.current, heartbeat: Date.now(), phase, message };
    return cause === undefined ? word : { ...word, cause };
  }

  /** False, and `lost` has aborted, where the lease is no longer ours. Throws where it cannot be written for another reason. */
  private async writeOurs(lease: Lease): Promise<boolean> {
    if (this.lost.aborted) return false;
    try {
      await this.writer.write(lease, () => checkIsOurs(this.run, this.initial));
      return true;
    } catch (error) {
      if (!(error instanceof LeaseLost) && !isGone(error)) throw error;
      this.loss.abort(await this.explainLoss(error));
      return false;
    }
  }

  /** A folder that was moved away is told what happened to its trainer; one that another trainer took is left alone. */
  private async endElsewhere(): Promise<void> {
    const { reason } = this.lost as { reason: unknown };
    if (reason instanceof FolderGone) {
      await this.writer.overwrite(this.lastWord('failed', reason.message, undefined));
    }
  }

  private write(): void {
    this.written = this.written.then(() => this.renew());
  }

  private async renew(): Promise<void> {
    if (this.ended || this.lost.aborted) return;
    this.current = { ...this.current, heartbeat: Date.now(), memory: memoryState() };
    // Known of this moment only: the process may be suspended before the next line, for as long as it takes another to come.
    const looked = clocks();
    try {
      if (await this.writeOurs(this.current)) this.known = looked;
    } catch {
      // A heartbeat that cannot be written for another reason may be written the next time.
    }
  }

  private async explainLoss(error: unknown): Promise<LabError> {
    // A taker clears half-written files away first, so that one may be missed before the taker's name is seen.
    const taken = await checkIsOurs(this.run, this.initial).catch((reason: unknown) => reason);
    if (taken instanceof LeaseLost && !(taken instanceof FolderGone)) return taken;
    return new FolderGone(
      (await this.writer.isSomewhere())
        ? `The run folder ${this.run} was moved or renamed while it was being trained. Resume goes on from its last checkpoint, where it is now.`
        : `The run folder ${this.run} was deleted, moved or emptied while it was being trained.`,
      { cause: error },
    );
  }
}

function clocks(): { readonly monotonic: number; readonly wall: number } {
  return { monotonic: performance.now(), wall: Date.now() };
}

/** The lease names another trainer, or none. */
class LeaseLost extends LabError {}

/** There is no lease where it was. */
class FolderGone extends LeaseLost {}

async function checkIsOurs(run: string, ours: Lease): Promise<void> {
  checkNames(run, await readLease(run), ours);
}

/** Throws a `LeaseLost` if the lease is not the one that this trainer wrote. */
function checkNames(run: string, lease: Lease | undefined, ours: Lease): void {
  if (lease === undefined) {
    throw new FolderGone(`The run folder ${run} was deleted, moved or emptied while it was being trained.`);
  }
  if (lease.pid !== ours.pid || lease.processStarted !== ours.processStarted || lease.host !== ours.host) {
    throw new LeaseLost(`Another trainer (process ${lease.pid} on ${lease.host}) has taken over ${run}.`);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof LabError && hasCode(error.cause, 'ENOENT', 'ENOTDIR');
}
