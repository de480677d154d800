/** Sweeps: axes read, combinations named, all runs made or none; and the settings in which runs differ. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readRunConfiguration } from '../../../src/folders/marker-files';
import type { MetricsLine } from '../../../src/protocol/metrics';
import { scoresOf } from '../../../src/protocol/run-scores';
import { differingSettings } from '../../../src/protocol/setting-differences';
import { createSweep, parseAxis, variantsOf } from '../../../src/training/run/sweep';
import { microSettings, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';

const namesOf = (...vary: string[]): string[] => variantsOf(vary.map(parseAxis)).map(({ name }) => name);

describe('run: sweep', () => {
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();

  it('reads lists and JSON arrays', () => {
    assert.deepEqual(parseAxis('seed=0, 1,2'), { path: 'seed', values: ['0', '1', '2'] });
    assert.deepEqual(parseAxis('a.b=[{"c":1},"x, y"]'), { path: 'a.b', values: ['{"c":1}', '"x, y"'] });
  });

  const refused: [string, RegExp][] = [
    ['seed', /key=value,value/],
    ['=1,2', /key=value,value/],
    ['seed=', /key=value,value/],
    ['seed=1,,2', /key=value,value/],
    ['seed=[1,', /array in JSON/],
    ['seed=[]', /key=value,value/],
    ['seed=1,2,1', /the value 1 twice/],
  ];
  for (const [text, message] of refused) {
    it(`refuses --vary ${text}`, () => {
      assert.throws(() => parseAxis(text), { name: 'LabError', message });
    });
  }

  it('names every combination, the last axis changing fastest', () => {
    assert.deepEqual(namesOf('lossWeights.content=0.006,1', 'seed=0,1'), [
      'content-0.006_seed-0',
      'content-0.006_seed-1',
      'content-1_seed-0',
      'content-1_seed-1',
    ]);
  });

  it('tells axes apart that end alike, and values that cannot be names', () => {
    assert.deepEqual(namesOf('stages.0.steps=5,6', 'stages.1.steps=7'), [
      'stages.0.steps-5_stages.1.steps-7',
      'stages.0.steps-6_stages.1.steps-7',
    ]);
    assert.deepEqual(namesOf('content=[{"a":1},{"a":2}]'), ['content-1', 'content-2']);
  });

  it('refuses an axis that comes twice, and more runs than anybody can look at', () => {
    assert.throws(() => namesOf('seed=1', 'seed=2'), /varied twice/);
    const many = Array.from({ length: 30 }, (_, i) => i).join(',');
    assert.throws(() => namesOf(`seed=${many}`, `data.batch=${many}`), /makes 900 runs/);
  });

  it('makes all runs with their settings, or none', async () => {
    const folder = join(temporary(), 'sweep');
    const options = { folder, dataset: microDataset(), preset: 'quick', overrides: microSettings } as const;
    await assert.rejects(createSweep({ ...options, vary: ['data.batch=2,0'] }), /data\.batch/);
    assert.equal(existsSync(folder), false);

    const runs = await createSweep({ ...options, vary: ['seed=3,4', 'lossWeights.content=0.5'] });
    assert.deepEqual(readdirSync(folder).sort(), ['seed-3_content-0.5', 'seed-4_content-0.5']);
    const configurations = await Promise.all(runs.map(readRunConfiguration));
    assert.deepEqual(
      configurations.map(({ seed, lossWeights }) => [seed, lossWeights.content]),
      [
        [3, 0.5],
        [4, 0.5],
      ],
    );
    assert.deepEqual(differingSettings(configurations), {
      settings: ['seed'],
      values: [{ seed: 3 }, { seed: 4 }],
    });
    await assert.rejects(createSweep({ ...options, vary: ['seed=1'] }), /not empty/);
  });

  it('takes the best crop score, and the last on whole images', () => {
    const at = (step: number, extent: 'crop' | 'whole', psnr: number): MetricsLine => ({
      kind: 'validation',
      time: 0,
      step,
      stage: 'pixel',
      extent,
      split: 'validation',
      model: { psnr, ssim: 0.5 },
      bicubic: { psnr: 20, ssim: 0.4 },
      images: [],
      seconds: 1,
      sampled: false,
    });
    const { best, final } = scoresOf([
      at(0, 'crop', 40),
      at(5, 'crop', 22),
      at(10, 'crop', 21),
      at(10, 'whole', 25),
      at(20, 'whole', 24),
    ]);
    assert.deepEqual([best?.step, best?.model.psnr], [5, 22]);
    assert.deepEqual([final?.step, final?.model.psnr], [20, 24]);
    assert.deepEqual(scoresOf([]), { best: null, final: null });
  });
});
