/** What a pool and its threads tell each other. Plans go by message, because threads read messages before each run. */

/** Given to a thread when it starts. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  readonly threadId: number;
  readonly threadCount: number;
}

/** A call with its final arguments. */
export interface BoundCall {
  readonly kernel: string;
  readonly operands: readonly number[];
  readonly barrier: boolean;
}

export type ToThread =
  | { readonly kind: 'load'; readonly plan: number; readonly calls: readonly BoundCall[] }
  | { readonly kind: 'forget'; readonly plan: number }
  /** The next run: comes before `Control.startRun`. */
  | { readonly kind: 'run'; readonly plan: number; readonly timed: boolean };

export type FromThread =
  | { readonly kind: 'ready' }
  /** From thread 0 only. `seconds` has the time of each call with its wait, if the run was timed. */
  | { readonly kind: 'done'; readonly seconds: Float64Array | undefined }
  | { readonly kind: 'failed'; readonly message: string };
