/**
 * Threads that share one WebAssembly memory and run plans together. The pool itself computes nothing: the caller's
 * thread stays free while a run is under way. Results do not depend on the number of threads.
 */
import { Worker } from 'node:worker_threads';
import { Control, controlBytes } from './control';
import type { BoundCall, FromThread, ThreadData, ToThread } from './messages';

export interface PoolOptions {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly threads: number;
  /** The file of `kernel-worker`, as JavaScript. */
  readonly workerFile: string;
}

interface Pending {
  resolve(): void;
  reject(error: Error): void;
}

const seconds = (): number => Number(process.hrtime.bigint()) / 1e9;

export class Pool {
  readonly #control: Control;
  readonly #workers: readonly Worker[];
  readonly #exits: Promise<unknown>;
  readonly #ready: Promise<void>;
  #pending: Pending | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #failure: Error | undefined;
  #plans = 0;
  /** Plans that nobody could tell the end of. */
  readonly #empty = new Set<number>();

  constructor({ module, memory, threads, workerFile }: PoolOptions) {
    const control = new SharedArrayBuffer(controlBytes(threads));
    this.#control = new Control(control, threads);
    this.#workers = Array.from({ length: threads }, (_, own) => {
      const workerData: ThreadData = { module, memory, control, parts: threads, own };
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
    if (calls.length === 0) this.#empty.add(plan);
    this.#post({ kind: 'load', plan, calls });
    return plan;
  }

  forget(plan: number): void {
    this.#post({ kind: 'forget', plan });
  }

  /** Runs a plan when the runs before it are done; `prepare` is called just before, `finish` just after. */
  run<T>(plan: number, step: { prepare: () => void; finish: () => T }): Promise<T> {
    return this.#enqueue(async () => {
      step.prepare();
      await this.#start(plan);
      return step.finish();
    });
  }

  /** Runs a plan of `calls` calls one after the other, and tells how many seconds each took. */
  time(plan: number, calls: number, prepare: () => void): Promise<number[]> {
    return this.#enqueue(async () => {
      prepare();
      const parts = this.#workers.length;
      const times = new Float64Array(new SharedArrayBuffer(8 * calls * parts));
      let last = seconds();
      await this.#start(plan, times);
      return Array.from({ length: calls }, (_, call) => {
        const end = Math.max(...times.subarray(call * parts, (call + 1) * parts));
        const duration = end - last;
        last = end;
        return duration;
      });
    });
  }

  /** Calls `action` between two runs, when nobody else touches the memory. */
  whenIdle<T>(action: () => T): Promise<T> {
    return this.#enqueue(() => Promise.resolve(action()));
  }

  /** Ends the threads, after the run that is under way. */
  async dispose(): Promise<void> {
    await this.#queue;
    this.#failure ??= new Error('the engine has been closed');
    for (const worker of this.#workers) worker.ref();
    this.#control.stop();
    await this.#exits;
  }

  #enqueue<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(action);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #start(plan: number, times?: Float64Array<SharedArrayBuffer>): Promise<void> {
    await this.#ready;
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#empty.has(plan)) return;
    await new Promise<void>((resolve, reject) => {
      this.#pending = { resolve, reject };
      for (const worker of this.#workers) worker.ref();
      this.#post({ kind: 'run', plan, times });
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
            this.#pending?.resolve();
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
