/**
 * Long computations on the event loop. They await a pause between their pieces: most of these cost nothing, every now and
 * then one lets timers, signals and messages have their turn, so that Ctrl-C is answered while a classifier is fitted.
 */
import { setImmediate } from 'node:timers/promises';

/** To be awaited after every piece of work of a few milliseconds. Throws the signal’s reason once it is aborted. */
export type Pause = () => Promise<void>;

/** The longest that a computation keeps everything else waiting, pieces of ordinary size provided. */
const TURN_MS = 25;

/** @param turn milliseconds of work between two turns of everything else; 0 gives way at every pause */
export function pausing(signal?: AbortSignal, turn = TURN_MS): Pause {
  let resumed = performance.now();
  return async () => {
    if (performance.now() - resumed < turn) return;
    await setImmediate();
    signal?.throwIfAborted();
    resumed = performance.now();
  };
}
