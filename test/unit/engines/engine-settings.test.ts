/** Settings of the engines: what may be said, what holds where nothing is said, and that it reaches the engine. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readLease } from '../../../src/folders/lease-file';
import { readRunConfiguration } from '../../../src/folders/marker-files';
import {
  defaultEngineSettings,
  engineSettingsSchema,
  type EngineSettings,
} from '../../../src/protocol/engine-settings';
import { presets } from '../../../src/protocol/presets';
import { runConfigurationSchema } from '../../../src/protocol/run-configuration';
import { openEngineByName, tensorFlowOptions } from '../../../src/training/engines/open-engine';
import { loadGenerator } from '../../../src/training/upscale/load-generator';
import { runCli } from '../../support/command-line';
import { makeMicroRun, microSettings, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';

function settingsWith(embedded: Partial<EngineSettings['embedded']>): EngineSettings {
  return { ...defaultEngineSettings, embedded: { ...defaultEngineSettings.embedded, ...embedded } };
}

describe('settings of the engines', function () {
  this.timeout(60_000);
  const temporary = temporaryFolders();
  const dataset = sharedMicroDataset();

  it('are optional in a run, and their defaults are written into a new one', async () => {
    const { description: _, ...preset } = presets.quick;
    const old = { format: 1, name: 'old', created: '2024-01-01T00:00:00Z', preset: 'quick', dataset: 'd' };
    const read = runConfigurationSchema.parse({ ...old, scale: 4, seed: 0, engine: 'auto', ...preset });
    assert.equal(read.engineSettings, undefined);
    const made = await makeMicroRun(temporary(), dataset());
    assert.deepEqual(made.engineSettings, {
      embedded: { threads: 'auto', convolutions: 'auto', wideVectors: 'auto' },
      native: { bfloat16: false, gpuMemory: 'growth' },
    });
  });

  it('may be said in part', () => {
    const { embedded, native } = engineSettingsSchema.parse({ embedded: { threads: 3 } });
    assert.deepEqual(embedded, { threads: 3, convolutions: 'auto', wideVectors: 'auto' });
    assert.deepEqual(native, defaultEngineSettings.native);
  });

  const wrong: readonly unknown[] = [
    { embedded: { threads: 0 } },
    { embedded: { threads: 'many' } },
    { embedded: { convolutions: 'fft' } },
    { embedded: { thread: 2 } },
    { embedded: { wideVectors: 'yes' } },
    { native: { gpuMemory: 1 } },
    { native: { bfloat16: 'yes' } },
    { other: {} },
  ];
  for (const settings of wrong) {
    it(`are refused: ${JSON.stringify(settings)}`, () => {
      assert.equal(engineSettingsSchema.safeParse(settings).success, false);
    });
  }

  it('reach the embedded engine', async () => {
    const engine = await openEngineByName('embedded', {
      settings: settingsWith({ threads: 1, convolutions: 'direct' }),
    });
    try {
      assert.equal(engine.description.threads, 1);
      assert.equal(engine.description.versions['exactness'], 'direct');
    } finally {
      await engine.dispose();
    }
  });

  it('become TensorFlow’s options', () => {
    assert.deepEqual(tensorFlowOptions(defaultEngineSettings), { bfloat16: false });
    const native = { bfloat16: true, gpuMemory: 2048 };
    assert.deepEqual(tensorFlowOptions({ ...defaultEngineSettings, native }), {
      bfloat16: true,
      gpuMemoryLimitMb: 2048,
    });
  });

  it('are options of train, resume and upscale', async () => {
    const folder = temporary();
    const run = join(folder, 'run');
    const settings = microSettings.flatMap((setting) => ['--set', setting]);
    const trained = await runCli(
      ['train', run, '--dataset', dataset(), '--engine', 'embedded', '--threads', '1', ...settings].concat(
        '--convolutions',
        'winograd-2x2',
      ),
    );
    assert.equal(trained.code, 0, trained.stderr);
    const { engineSettings } = await readRunConfiguration(run);
    assert.deepEqual(engineSettings?.embedded, {
      threads: 1,
      convolutions: 'winograd-2x2',
      wideVectors: 'auto',
    });
    const lease = await readLease(run);
    assert.match(lease?.device ?? '', /1 thread, winograd-2x2 convolutions$/);
    assert.equal(lease?.engineReason, 'It was chosen in the settings.');
    assert.deepEqual((await loadGenerator(run)).engineSettings, engineSettings);

    const picture = join(folder, 'photos', 'picture-0.png');
    const resumed = await runCli(['resume', run, '--threads', '2']);
    assert.match(resumed.stderr, /has finished/);
    const refused = await runCli(['upscale', run, picture, '--out', folder, '--threads', '0']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /It must be auto, or a whole number from 1 to 256/);
  });

  it('can be changed when a run is resumed', async () => {
    const folder = temporary();
    await makeMicroRun(folder, dataset());
    const run = join(folder, 'run');
    const resumed = await runCli(['resume', run, '--threads', '1', '--no-bfloat16', '--gpu-memory', '1024']);
    assert.equal(resumed.code, 0, resumed.stderr);
    const { engineSettings } = await readRunConfiguration(run);
    assert.deepEqual(engineSettings, {
      embedded: { threads: 1, convolutions: 'auto', wideVectors: 'auto' },
      native: { bfloat16: false, gpuMemory: 1024 },
    });
    assert.match((await readLease(run))?.device ?? '', /1 thread$/);
  });
});
