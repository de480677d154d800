/**
 * Runs jobs on worker processes, one at a time each, and gives the results in the order of the jobs. A job that crashes or
 * hangs costs its worker, not the work: another takes its place.
 */
import { LabError } from '../folders/lab-error';
import type { WorkerReply } from './worker-messages';
import { WorkerProcess, type Lost } from './worker-process';

/** Jobs by their index: an array, or what makes each when its turn has come, so that memory need not hold them all. */
export interface JobList<Job = unknown> {
  readonly length: number;
  at(index: number): Job | undefined;
}

export interface PoolOptions<Result> {
  /** How many processes at most. */
  count: number;
  signal?: AbortSignal | undefined;
  /** Called with each result as it comes; its worker has no new job until this is done, and its failure is the pool's. */
  onResult?: ((result: Result, index: number) => Promise<void>) | undefined;
  /** Called after each job with how many are done. */
  onDone?: ((done: number) => void) | undefined;
  /**
   * The result of a job that ended its worker twice, or took too long; `reason` is a sentence. Without it, or where it
   * gives nothing, such a job is a failure.
   */
  onLost?: ((reason: string, index: number) => Result | undefined) | undefined;
  /** Milliseconds that a job may take; default: ten minutes, many times what the largest image takes. */
  timeLimit?: number | undefined;
}

const TEN_MINUTES = 600_000;

/** Runs all jobs like `runEachOnWorkers`, and gives their results. */
export async function runOnWorkers<Result>(
  entry: string,
  jobs: JobList,
  options: PoolOptions<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(jobs.length);
  await runEachOnWorkers<Result>(entry, jobs, {
    ...options,
    onResult: async (result, index) => {
      results[index] = result;
      await options.onResult?.(result, index);
    },
  });
  return results;
}

/**
 * Runs all jobs; their results are told and not kept. After a failure or an abort no job is begun, those under way are
 * waited for (nothing is written behind the caller's back), and the promise is rejected.
 */
export async function runEachOnWorkers<Result>(
  entry: string,
  jobs: JobList,
  options: PoolOptions<Result>,
): Promise<void> {
  let next = 0;
  let done = 0;
  let failed = false;

  const work = async (): Promise<void> => {
    const lane = new Lane(entry, options.timeLimit ?? TEN_MINUTES);
    try {
      while (next < jobs.length && !failed && !options.signal?.aborted) {
        const index = next++;
        const reply = await lane.ask(jobs.at(index));
        const result = 'lost' in reply ? lostResult(reply, index, options) : (resultOf(reply) as Result);
        await options.onResult?.(result, index);
        options.onDone?.(++done);
      }
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      await lane.stop();
    }
  };

  const workers = Math.min(Math.max(1, options.count), jobs.length);
  const ends = await Promise.allSettled(Array.from({ length: workers }, work));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  options.signal?.throwIfAborted();
}

/** A place for a worker, with always a living one in it when there is a job. */
class Lane {
  #worker: WorkerProcess | undefined;

  constructor(
    private readonly entry: string,
    private readonly timeLimit: number,
  ) {}

  async ask(job: unknown): Promise<WorkerReply | Lost> {
    const reply = await this.#tryOnce(job);
    // It may not have been the job's fault: a system that is short of memory ends processes.
    return 'lost' in reply && !reply.overdue ? this.#tryOnce(job) : reply;
  }

  async stop(): Promise<void> {
    await this.#worker?.stop();
  }

  async #tryOnce(job: unknown): Promise<WorkerReply | Lost> {
    this.#worker ??= await WorkerProcess.start(this.entry);
    const reply = await this.#worker.ask(job, this.timeLimit);
    if ('lost' in reply) this.#worker = undefined;
    return reply;
  }
}

function lostResult<Result>({ lost }: Lost, index: number, { onLost }: PoolOptions<Result>): Result {
  const result = onLost?.(lost, index);
  if (result === undefined) throw new Error(lost);
  return result;
}

function resultOf(reply: WorkerReply): unknown {
  if ('result' in reply) return reply.result;
  if (reply.expected) throw new LabError(reply.failure);
  const error = new Error(reply.failure);
  error.stack = reply.stack;
  throw error;
}
