/**
 * The native engine on a real TensorFlow: a compiled step against the same operations one by one on TensorFlow.js's
 * backend, bit for bit; and against the reference engine. Skips where this machine has no TensorFlow.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { realTensorFlow } from './support/real-tensorflow';

const run = promisify(execFile);

/** What the child process prints; see support/compare-steps.ts. */
interface Comparison {
  readonly step: string;
  readonly unequalToEager: string[];
  readonly worstToReference: { readonly name: string; readonly error: number };
}

describe('native engine, whole steps', function () {
  this.timeout(180_000);
  let comparisons: Comparison[];

  before(async function () {
    const library = await realTensorFlow(this);
    // oneDNN reorders sums; TensorFlow reads this once, when it is loaded, hence a process of its own.
    const { stdout } = await run(
      process.execPath,
      ['--import', 'tsx', join(__dirname, 'support', 'compare-steps.ts'), library],
      { env: { ...process.env, TF_ENABLE_ONEDNN_OPTS: '0' }, maxBuffer: 1 << 24 },
    );
    comparisons = JSON.parse(stdout.slice(stdout.lastIndexOf('\n[') + 1)) as Comparison[];
  });

  it('compiled equals eager to the last bit, without oneDNN', () => {
    for (const { step, unequalToEager } of comparisons) assert.deepEqual(unequalToEager, [], step);
  });

  it('losses, gradients and running statistics are those of the reference engine', () => {
    for (const { step, worstToReference } of comparisons) {
      const { name, error } = worstToReference;
      assert.ok(error < 1e-4, `${step}: ${name} is off by ${error}`);
    }
  });

  it('covers both stages and inference', () => {
    assert.deepEqual(
      comparisons.map(({ step }) => step),
      ['pixel', 'pixel, bicubic skip ×3', 'adversarial', 'inference'],
    );
  });
});
