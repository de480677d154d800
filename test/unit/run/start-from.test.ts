import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readRunConfiguration, writeRunConfiguration } from '../../../src/folders/marker-files';
import type { NamedTensors } from '../../../src/training/engines/engine';
import { exportModel } from '../../../src/training/export/export-model';
import { importModel } from '../../../src/training/import/import-model';
import { loadDiscriminator } from '../../../src/training/models/load-discriminator';
import { readCheckpoint } from '../../../src/training/run/checkpoints';
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

  it('begin their adversarial stage with a discriminator, which no checkpoint of the pixel stage keeps', async () => {
    const folder = temporary();
    await makeMicroRun(folder, microDataset());
    const first = join(folder, 'run');
    await trainHere(first);
    const exported = join(folder, 'exported');
    await exportModel({ source: first, what: 'discriminator', format: 'safetensors', out: exported });
    const judge = join(folder, 'judge');
    await importModel({ source: exported, as: 'discriminator', out: judge });
    const { weights, discriminator } = await loadDiscriminator(judge);

    const second = join(folder, 'second');
    const other = ['discriminator.', 'data.patch'];
    const start = {
      dataset: microDataset(),
      preset: 'small',
      engine: 'embedded',
      overrides: microSettings.filter((setting) => !other.some((name) => setting.startsWith(name))),
    } as const;
    await createRun({ ...start, folder: second, startFrom: judge });
    const configuration = await readRunConfiguration(second);
    const { patch, ...layers } = discriminator;
    assert.equal(configuration.startDiscriminatorFrom, '../judge');
    assert.equal(configuration.startFrom, undefined);
    assert.deepEqual([configuration.discriminator, configuration.data.patch], [layers, patch]);
    const assertBegun = (state: NamedTensors): void => {
      for (const [name, tensor] of Object.entries(weights)) assert.deepEqual(state[name], tensor);
    };
    assertBegun(await stateAt(second, configuration, undefined));

    await trainHere(second, (message, stop) => {
      if (message === 'Checkpoint at step 6.') stop();
    });
    const checkpoint = await readCheckpoint(second, 6);
    assert.ok(!Object.keys(checkpoint.state).some((name) => name.startsWith('discriminator/')));
    assertBegun(await stateAt(second, configuration, checkpoint));
    await trainHere(second);
    assert.notDeepEqual((await loadDiscriminator(second)).weights, weights);

    const both = { ...start, folder: join(folder, 'both'), startFrom: first, startDiscriminatorFrom: first };
    const { startFrom, startDiscriminatorFrom, generator } = await createRun(both);
    assert.deepEqual([startFrom, startDiscriminatorFrom], ['../run', '../run']);
    assert.deepEqual(generator, (await loadGenerator(first)).generator);
    await assert.rejects(createRun({ ...both, folder: join(folder, 'none'), startFrom: judge }), {
      name: 'LabError',
      message: /judge is a discriminator, and so no generator/,
    });
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
