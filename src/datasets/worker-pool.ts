/** Runs jobs on worker threads, one at a time each, and gives the results in the order of the jobs. */
import { Worker } from 'node:worker_threads';
import { LabError } from '../folders/lab-error';

/** Pool → worker. */
export interface WorkerRequest<Job> {
  job: Job;
}

/** Worker → pool; one for each request. An expected failure is a `LabError`, any other is a bug. */
export type WorkerReply<Result> = { result: Result } | WorkerFailure;

export interface WorkerFailure {
  failure: string;
  expected: boolean;
  stack: string;
}

export interface PoolOptions {
  /** How many threads at most. */
  count: number;
  signal?: AbortSignal | undefined;
  /** Called after each job with how many are done. */
  onDone?: ((done: number) => void) | undefined;
}

/**
 * Runs all jobs. After a failure or an abort no job is begun, those under way are waited for (nothing is written behind
 * the caller's back), and the promise is rejected.
 */
export async function runOnWorkers<Result>(
  entry: string,
  jobs: readonly unknown[],
  options: PoolOptions,
): Promise<Result[]> {
  const results = new Array<Result>(jobs.length);
  let next = 0;
  let done = 0;
  let failed = false;

  const work = async (): Promise<void> => {
    const worker = new Worker(entry);
    try {
      while (next < jobs.length && !failed && !options.signal?.aborted) {
        const index = next++;
        results[index] = await ask<Result>(worker, jobs[index]);
        options.onDone?.(++done);
      }
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      await worker.terminate();
    }
  };

  const threads = Math.min(Math.max(1, options.count), jobs.length);
  const ends = await Promise.allSettled(Array.from({ length: threads }, work));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  options.signal?.throwIfAborted();
  return results;
}

function ask<Result>(worker: Worker, job: unknown): Promise<Result> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    const onMessage = (reply: WorkerReply<Result>): void => {
      settle();
      if ('result' in reply) resolve(reply.result);
      else reject(reviveFailure(reply));
    };
    const onError = (error: unknown): void => {
      settle();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onExit = (code: number): void => {
      settle();
      reject(new Error(`A worker thread ended by itself with code ${code}.`));
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage({ job } satisfies WorkerRequest<unknown>);
  });
}

function reviveFailure({ failure, expected, stack }: WorkerFailure): Error {
  if (expected) return new LabError(failure);
  const error = new Error(failure);
  error.stack = stack;
  return error;
}
