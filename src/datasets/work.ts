/** How long work reports where it is and is told to end. */
import type { Progress } from '../protocol/progress';

export interface WorkOptions {
  onProgress?: ((progress: Progress) => void) | undefined;
  /** When it aborts, the work stops, leaves nothing half-done, and throws the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Begins to measure time; the function then makes a report of how many of `total` are done. */
export function createEstimate(total: number, unit: string, message: string): (done: number) => Progress {
  const started = performance.now();
  return (done) => {
    const seconds = (performance.now() - started) / 1000;
    return { done, total, unit, secondsLeft: done === 0 ? null : (seconds / done) * (total - done), message };
  };
}
