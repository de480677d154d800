/** What a pool and its worker processes say to each other. */

/** Pool → worker, when it has nothing to do. */
export interface WorkerRequest {
  job: unknown;
}

/** Worker → pool: `ready` once, then one reply for each request. */
export type WorkerMessage = { ready: true } | WorkerReply;

/** An expected failure is a `LabError`, any other is a bug. */
export type WorkerReply = { result: unknown } | { failure: string; expected: boolean; stack: string };
