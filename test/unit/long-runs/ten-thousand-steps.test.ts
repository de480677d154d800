/** Ten thousand steps on each engine: whatever a step leaves behind would have piled up by then. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { realTensorFlow } from '../engines-native/support/real-tensorflow';
import type { LongRun, Sample } from './support/long-run';

const run = promisify(execFile);

const STEPS = 10_000;
const MEGABYTE = 2 ** 20;
/** Less than a kilobyte a step: no tensor of this training, not the smallest picture, is smaller than that. */
const MOST_RESIDENT = 8 * MEGABYTE;
const MOST_HEAP = 2 * MEGABYTE;

async function longRun(steps: number, engine: string): Promise<LongRun> {
  const { stdout } = await run(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', join(__dirname, 'support', 'long-run.ts'), String(steps), engine],
    { maxBuffer: 1 << 24 },
  );
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as LongRun;
}

/** What is added from the first sample to the last by the straight line that fits them best. */
function growth(samples: readonly Sample[], of: (sample: Sample) => number): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const steps = samples.map(({ step }) => step);
  const values = samples.map(of);
  const [meanStep, meanValue] = [mean(steps), mean(values)];
  const covariance = mean(steps.map((step, i) => (step - meanStep) * (values[i]! - meanValue)));
  const variance = mean(steps.map((step) => (step - meanStep) ** 2));
  return (covariance / variance) * (steps.at(-1)! - steps[0]!);
}

describe('ten thousand steps', function () {
  this.timeout(600_000);

  /** Caches and the just-in-time compiler settle in the first quarter. */
  function assertNothingPilesUp({ samples, lastLoss }: LongRun): void {
    const settled = samples.slice(samples.length / 4);
    assert.equal(settled.at(-1)!.step, STEPS);
    assert.ok(Number.isFinite(lastLoss));
    for (const { counts, wasmBytes, step } of settled) {
      assert.deepEqual(counts, settled[0]!.counts, `at step ${step}`);
      assert.equal(wasmBytes, settled[0]!.wasmBytes, `at step ${step}`);
    }
    const resident = growth(settled, ({ residentBytes }) => residentBytes);
    const heap = growth(settled, ({ heapBytes }) => heapBytes);
    const told = samples.map(
      ({ step, residentBytes }) => `${step}: ${(residentBytes / MEGABYTE).toFixed(1)}`,
    );
    assert.ok(
      resident < MOST_RESIDENT,
      `resident memory grows by ${resident} bytes (MB: ${told.join(', ')})`,
    );
    assert.ok(heap < MOST_HEAP, `the heap grows by ${heap} bytes`);
  }

  for (const engine of ['embedded', 'native']) {
    describe(`on the ${engine} engine`, () => {
      let name: string;
      before(async function () {
        name = engine === 'native' ? await realTensorFlow(this) : engine;
      });

      it('leave no handles and no memory behind', async () => {
        assertNothingPilesUp(await longRun(STEPS, name));
      });

      it('end at the same weights from the same seed', async () => {
        const [first, second] = [await longRun(200, name), await longRun(200, name)];
        assert.equal(first.digest, second.digest);
      });
    });
  }
});
