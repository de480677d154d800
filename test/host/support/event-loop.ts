/** How long others in the extension host wait for the event loop while something large is read. */
import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { reporters } from 'mocha';

const RUNS = 3;
/** Far above what is measured: a busy machine must not fail it, and what blocks takes seconds. */
const LIMIT_MS = 1000;

/**
 * Does `work` three times and prints the longest wait of each, in milliseconds. Other programs may make any of them longer:
 * the least is what the work itself needs. It counts a timer of 2 ms besides.
 */
export async function assertNobodyWaits(what: string, work: () => Promise<void>): Promise<void> {
  const waits: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const delay = monitorEventLoopDelay({ resolution: 2 });
    delay.enable();
    await work();
    delay.disable();
    waits.push(delay.max / 1e6);
  }
  const least = Math.min(...waits);
  const all = waits.map((wait) => wait.toFixed(1)).join(', ');
  reporters.Base.consoleLog(
    `      longest wait of the event loop for ${what}: ${least.toFixed(1)} ms (of ${all})`,
  );
  assert.ok(least < LIMIT_MS, `${least} ms`);
}
