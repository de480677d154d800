/**
 * Threads that share one WebAssembly memory and run plans together. The pool itself computes nothing: the caller's
 * thread stays free while a run is under way. Results do not depend on the number of threads.
 */
import { Worker } from 'node:worker_threads';
import { CONTROL_BYTES, Control } from './control';
import type { BoundCall, FromThread, ThreadData, ToThread } from './messages';

export interface PoolOptions {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly threads: number;
  /** The file of `kernel-worker`, as JavaScript. */
  readonly workerFile: string;
}

interface Pending {
  resolve(seconds: Float64Array | undefined): void;
  reject(error: Error): void;
}

export class Pool {
  readonly #control: Control;
  readonly #workers: readonly Worker[];
  readonly #exits: Promise<unknown>;
  readonly #ready: Promise<void>;
  #pending: Pending | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #failure: Error | undefined;
  #plans = 0;

  constructor({ module, memory, threads, workerFile }: PoolOptions) {
    const control = new SharedArrayBuffer(CONTROL_BYTES);
    this.#control = new Control(control);
    this.#workers = Array.from({ length: threads }, (_, threadId) => {
      const workerData: ThreadData = { module, memory, control, threadId, threadCount: threads };
      return new Worker(workerFile, { workerData });
    });
    this.#ready = Promise.all(this.#workers.map((worker) => this.#listen(worker))).then(() => {
      // A pool without work keeps no process alive.
      for (const worker of this.#workers) worker.unref();
    });
    // Whoever runs a plan hears of a failure; before that, nobody waits.
    this.#ready.catch(() => undefined);
    this.#exits = Promise.all(
      this.#workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))),
    );
  }

  /** Resolves when all threads wait for work; rejects when one cannot start. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /** Gives a plan to the threads. */
  load(calls: readonly BoundCall[]): number {
    const plan = ++this.#plans;
    this.#post({ kind: 'load', plan, calls });
    return plan;
  }

  forget(plan: number): void {
    this.#post({ kind: 'forget', plan });
  }

  /**
   * Runs a plan when the runs before it are done; `prepare` is called just before, `finish` just after. With `timed`,
   * resolves to the seconds of each call.
   */
  run<T>(
    plan: number,
    step: { prepare?: () => void; finish: (seconds: Float64Array | undefined) => T; timed?: boolean },
  ): Promise<T> {
    const result = this.#queue.then(async () => {
      await this.#ready;
      step.prepare?.();
      return step.finish(await this.#start(plan, step.timed ?? false));
    });
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Calls `action` between two runs, when nobody else touches the memory. */
  whenIdle<T>(action: () => T): Promise<T> {
    const result = this.#queue.then(action);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Ends the threads, after the run that is under way. */
  async dispose(): Promise<void> {
    await this.#queue;
    this.#failure ??= new Error('the engine has been closed');
    for (const worker of this.#workers) worker.ref();
    this.#control.stop();
    await this.#exits;
  }

  #start(plan: number, timed: boolean): Promise<Float64Array | undefined> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise<Float64Array | undefined>((resolve, reject) => {
      this.#pending = { resolve, reject };
      for (const worker of this.#workers) worker.ref();
      this.#post({ kind: 'run', plan, timed });
      this.#control.startRun();
    }).finally(() => {
      this.#pending = undefined;
      for (const worker of this.#workers) worker.unref();
    });
  }

  #post(message: ToThread): void {
    for (const worker of this.#workers) worker.postMessage(message);
  }

  #listen(worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        this.#failure ??= error;
        this.#control.fail();
        reject(error);
        this.#pending?.reject(this.#failure);
      };
      worker.on('message', (message: FromThread) => {
        switch (message.kind) {
          case 'ready':
            resolve();
            break;
          case 'done':
            this.#pending?.resolve(message.seconds);
            break;
          case 'failed':
            fail(new Error(`a kernel failed: ${message.message}`));
            break;
        }
      });
      worker.on('error', fail);
      worker.on('exit', () => {
        // After a failure the message of the thread that failed says more.
        if (!this.#control.stopped && !this.#control.failed) fail(new Error('a thread of the engine ended'));
      });
    });
  }
}
