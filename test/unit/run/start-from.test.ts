import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readRunConfiguration, writeRunConfiguration } from '../../../src/folders/marker-files';
import { createRun } from '../../../src/training/run/create-run';
import { stateAt } from '../../../src/training/run/initial-state';
import { loadGenerator } from '../../../src/training/upscale/load-generator';
import { makeMicroRun, microSettings, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { trainHere } from '../../support/train-here';

describe('runs that start from a model', () => {
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();

  it('begin with its generator, and go on without it once there is a checkpoint', async () => {
    const folder = temporary();
    await makeMicroRun(folder, microDataset());
    const first = join(folder, 'run');
    await trainHere(first);
    const { weights, generator } = await loadGenerator(first);

    const second = join(folder, 'second');
    await createRun({
      folder: second,
      dataset: microDataset(),
      preset: 'small',
      engine: 'embedded',
      seed: 8,
      startFrom: join(first, 'model'),
      overrides: microSettings.filter((setting) => !setting.startsWith('generator.')),
    });
    const configuration = await readRunConfiguration(second);
    assert.equal(configuration.startFrom, '../run/model');
    assert.deepEqual(configuration.generator, generator);
    const state = await stateAt(second, configuration, undefined);
    for (const [name, tensor] of Object.entries(weights)) assert.deepEqual(state[name], tensor);

    await trainHere(second, (message, stop) => {
      if (message === 'Checkpoint at step 6.') stop();
    });
    renameSync(first, join(folder, 'moved'));
    await trainHere(second);
    assert.notDeepEqual((await loadGenerator(second)).weights, weights);
  });

  it('say which model is missing, or does not fit the settings that were edited', async () => {
    const folder = temporary();
    await makeMicroRun(folder, microDataset());
    const run = join(folder, 'run');
    const configuration = await readRunConfiguration(run);
    await assert.rejects(stateAt(run, { ...configuration, startFrom: '../gone' }, undefined), {
      name: 'LabError',
      message: /gone is neither a model nor a run/,
    });
    await trainHere(run);
    const wider = { ...configuration.generator, channels: 12 };
    const edited = { ...configuration, startFrom: 'model', generator: wider };
    await writeRunConfiguration(run, edited);
    await assert.rejects(stateAt(run, edited, undefined), {
      name: 'LabError',
      message: /the model run, which `startFrom` names, do not fit/,
    });
  });
});
