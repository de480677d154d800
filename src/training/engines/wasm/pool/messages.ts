/** What a pool and its threads tell each other. Plans go by message, because threads read messages before each run. */

/** Given to a thread when it starts. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  /** Parts that every call is divided into: the number of threads. */
  readonly parts: number;
  /** The parts that are this thread's own. */
  readonly own: number;
}

/** A call with its final arguments. */
export interface BoundCall {
  readonly kernel: string;
  readonly operands: readonly number[];
  /** All calls before must be finished. */
  readonly barrier: boolean;
}

export type ToThread =
  | { readonly kind: 'load'; readonly plan: number; readonly calls: readonly BoundCall[] }
  | { readonly kind: 'forget'; readonly plan: number }
  /**
   * The next run: comes before `Control.startRun`. With `times`, calls run one after the other, and the moment in seconds
   * at which each of their parts was finished is written there.
   */
  | {
      readonly kind: 'run';
      readonly plan: number;
      readonly times: Float64Array<SharedArrayBuffer> | undefined;
    };

export type FromThread =
  | { readonly kind: 'ready' }
  /** From the thread that finished the run's last part. */
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };
