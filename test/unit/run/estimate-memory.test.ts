/** The estimate of a run's memory against what its training process then held at its peak. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bundlePath } from '../../../src/folders/installation';
import { readDataset } from '../../../src/folders/dataset-folder';
import { memoryResultSchema } from '../../../src/protocol/progress';
import type { EngineName } from '../../../src/protocol/engine-report';
import { presetConfiguration, type PresetName } from '../../../src/protocol/presets';
import type { RunConfiguration } from '../../../src/protocol/run-configuration';
import { GraphBuilder } from '../../../src/training/graph/graph-builder';
import { peakLiveBytes } from '../../../src/training/graph/live-bytes';
import { createRun } from '../../../src/training/run/create-run';
import { estimateRunMemory } from '../../../src/training/run/estimate-memory';
import { runCli } from '../../support/command-line';
import { sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { realTensorFlow } from '../engines-native/support/real-tensorflow';

/** Peak of a process’s resident set in bytes, watched until it ends. */
async function peakOf(run: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [bundlePath('trainer.js'), run], {
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  });
  let peak = 0;
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  let code: number | null | undefined;
  void exit.then((value) => (code = value));
  while (code === undefined) {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peak = Math.max(peak, 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended in this moment.
    }
    await delay(5);
  }
  assert.equal(code, 0);
  return peak;
}

const shortStages = JSON.stringify(
  ['pixel', 'adversarial'].map((name) => ({
    name,
    steps: 2,
    learningRate: { schedule: 'constant', initial: 1e-5 },
  })),
);

describe('run: memory estimate', function () {
  this.timeout(300_000);
  const temporary = temporaryFolders();
  const dataset = sharedMicroDataset();

  async function trainAndCompare(
    engine: EngineName,
    preset: PresetName,
    overrides: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<void> {
    const run = join(temporary(), 'run');
    const settings = [...overrides, `stages=${shortStages}`];
    const configuration = await createRun({
      folder: run,
      dataset: dataset(),
      preset,
      engine,
      overrides: settings,
    });
    const { bytes } = estimateRunMemory(
      configuration,
      await readDataset(dataset()),
      engine,
      availableParallelism(),
    );
    const peak = await peakOf(run, environment);
    const error = bytes / peak - 1;
    assert.ok(
      Math.abs(error) < 0.2,
      `estimated ${(bytes / 2 ** 20).toFixed(0)} MB, held ${(peak / 2 ** 20).toFixed(0)} MB`,
    );
  }

  const cases: readonly (readonly [PresetName, readonly string[]])[] = [
    ['quick', []],
    ['quick', ['data.batch=12', 'data.patch=96']],
    ['small', ['data.batch=2', 'generator.channels=64']],
    ['small', ['data.batch=16']],
    ['paper', ['data.batch=1']],
  ];
  for (const [preset, overrides] of cases) {
    const what = [preset, ...overrides].join(', ');
    it(`is within 20 % of what the embedded engine's process holds: ${what}`, async function () {
      if (process.platform !== 'linux') this.skip();
      await trainAndCompare('embedded', preset, overrides);
    });
    it(`is within 20 % of what the native engine's process holds: ${what}`, async function () {
      if (process.platform !== 'linux') this.skip();
      const library = await realTensorFlow(this);
      await trainAndCompare('native', preset, overrides, { SRGAN_LAB_TENSORFLOW: library });
    });
  }

  it('grows with batch, patch and channels', async () => {
    const file = await readDataset(dataset());
    const bytesOf = (engine: EngineName, changes: Partial<RunConfiguration>): number =>
      estimateRunMemory(presetConfiguration('small', changes), file, engine, 2).bytes;
    const { data, generator } = presetConfiguration('small');
    for (const engine of ['embedded', 'native'] as const) {
      const base = bytesOf(engine, {});
      assert.ok(bytesOf(engine, { data: { ...data, batch: 16 } }) > base);
      assert.ok(bytesOf(engine, { data: { ...data, patch: 192 } }) > base);
      assert.ok(bytesOf(engine, { generator: { ...generator, channels: 64 } }) > base);
    }
  });

  it('is a command that says what will not fit, and what to lower', async () => {
    const common = ['engine', 'memory', '--dataset', dataset(), '--engine', 'embedded', '--json'];
    const small = memoryResultSchema.parse(JSON.parse((await runCli(common)).stdout));
    assert.equal(small.fits, true);
    assert.match(small.message, /^Memory: the run needs about \d+ MB, and .* are free\.$/);
    const large = await runCli([...common, '--preset', 'paper', '--set', 'data.batch=1024']);
    const result = memoryResultSchema.parse(JSON.parse(large.stdout));
    assert.equal(result.fits, false);
    assert.match(result.message, /4 GB that it can have\. .*`data\.batch` \(now 1024\)/);
  });

  it('counts the values of a graph that are alive at once', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [256]);
    const scaled = (id: number): number => builder.operation('Scale', [id], { factor: 2 })[0]!;
    const [a] = builder.operation('Reshape', [scaled(x)], { shape: [16, 16] });
    const [b] = builder.operation('Reshape', [scaled(a!)], { shape: [256] });
    builder.output('sum', builder.operation('Add', [b!, x], {})[0]!);
    // x lives to the end; beside it two of the others at a time.
    assert.equal(peakLiveBytes(builder.build()), 3 * 256 * 4);
  });
});
