/** The setting `bfloat16` on a real TensorFlow: that it has an effect, and on what. Skips where the processor has none. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { Context } from 'mocha';
import { NativeEngine } from '../../../src/training/engines/native/native-engine';
import { relativeErrors, stepCase, stepOnEngine, type StepResult } from '../../support/pytorch-step';
import { smallRun } from '../engines-wasm/support/small-runs';
import { realTensorFlow } from './support/real-tensorflow';

/** Half of the distance of two neighbouring numbers of bfloat16, over the number. */
const ROUNDING = 2 ** -9;

/** TensorFlow computes in bfloat16 on x86-64 processors from AVX-512 on. */
function requireBfloat16(test: Context): void {
  const file = '/proc/cpuinfo';
  if (existsSync(file) && readFileSync(file, 'utf8').includes(' avx512f ')) return;
  console.log('      (skipped: TensorFlow has no bfloat16 on this processor)');
  test.skip();
}

describe('native engine, bfloat16', function () {
  this.timeout(60_000);
  let float32: StepResult;
  let bfloat16: StepResult;

  before(async function () {
    requireBfloat16(this);
    const library = await realTensorFlow(this);
    const step = await stepCase(smallRun({}), 'adversarial', 4);
    const run = async (options: { bfloat16: boolean }): Promise<StepResult> => {
      const engine = new NativeEngine(library, options);
      try {
        return await stepOnEngine(engine, step);
      } finally {
        await engine.dispose();
      }
    };
    float32 = await run({ bfloat16: false });
    bfloat16 = await run({ bfloat16: true });
  });

  it('is used: gradients differ by its rounding, and what rectifiers make of that', () => {
    const errors = relativeErrors(bfloat16.gradients, float32.gradients, /kernel$/);
    const median = errors[errors.length >> 1]!.error;
    assert.ok(median > ROUNDING / 4 && median < 0.3, `the median error is ${median}`);
  });

  it('losses are close, and are computed in float32', () => {
    // Logits are sums that nearly cancel out: their error is that of the sums, over a small number.
    const [worst] = relativeErrors(bfloat16.losses, float32.losses, /(?<!Logits)$/);
    assert.ok(worst!.error < 30 * ROUNDING, `${worst!.name} is off by ${worst!.error}`);
    const { data } = bfloat16.losses['generator/pixel']!;
    assert.notEqual(new Uint32Array(data.buffer, data.byteOffset, 1)[0]! & 0xffff, 0);
  });
});
