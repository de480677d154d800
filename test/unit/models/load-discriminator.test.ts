import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readModelCard, writeModelCard } from '../../../src/folders/marker-files';
import { loadDiscriminator } from '../../../src/training/models/load-discriminator';
import { checkpointFolder, listCheckpoints, readCheckpoint } from '../../../src/training/run/checkpoints';
import { encodeSafetensors, readSafetensors } from '../../../src/training/run/safetensors';
import { loadGenerator } from '../../../src/training/upscale/load-generator';
import { writeFileAtomically } from '../../../src/folders/atomic-write';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { trainHere } from '../../support/train-here';

describe('finding a discriminator', () => {
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();

  it('takes a checkpoint of the adversarial stage until the run has finished, then its model', async () => {
    const folder = temporary();
    const run = join(folder, 'run');
    await makeMicroRun(folder, microDataset());
    await assert.rejects(loadDiscriminator(run), { name: 'LabError', message: /no checkpoint of its adv/ });
    await trainHere(run, (message, stop) => {
      if (message === 'Checkpoint at step 6.') stop();
    });
    await assert.rejects(loadDiscriminator(run), { name: 'LabError', message: /no checkpoint of its adv/ });
    await trainHere(run, (message, stop) => {
      if (message === 'Checkpoint at step 9.') stop();
    });
    const early = await loadDiscriminator(run);
    const damaged = join(folder, 'damaged');
    cpSync(run, damaged, { recursive: true });
    writeFileSync(join(damaged, 'checkpoints', 'step-000009', 'state.safetensors'), 'torn');
    await assert.rejects(loadDiscriminator(damaged), { message: /no checkpoint of its adv[^]*is damaged/ });
    for (const step of await listCheckpoints(damaged)) {
      writeFileSync(join(checkpointFolder(damaged, step), 'state.safetensors'), 'torn');
    }
    const none = { name: 'LabError', message: /No checkpoint of the run .* can be used:[^]*is damaged/ };
    await assert.rejects(loadDiscriminator(damaged), none);
    rmSync(join(damaged, 'checkpoints', 'best'), { force: true });
    await assert.rejects(loadGenerator(damaged), none);
    assert.equal(early.description, 'the checkpoint of run at step 9');

    await trainHere(run);
    const done = await loadDiscriminator(run);
    assert.equal(done.description, 'the model run');
    assert.equal(done.discriminator.patch, 24);
    assert.deepEqual(await loadDiscriminator(join(run, 'model')), done);
    assert.notDeepEqual(done.weights, early.weights);
    const { state } = await readCheckpoint(run, 12);
    for (const [name, tensor] of Object.entries(done.weights)) assert.deepEqual(tensor, state[name]);

    // As runs of earlier versions left it.
    rmSync(join(run, 'model', 'discriminator.safetensors'));
    assert.deepEqual((await loadDiscriminator(run)).weights, done.weights);
  });

  it('refuses models without one, and weights that do not fit or are not numbers', async () => {
    const folder = temporary();
    const run = join(folder, 'run');
    await makeMicroRun(folder, microDataset());
    await trainHere(run);
    const model = join(folder, 'copy');
    cpSync(join(run, 'model'), model, { recursive: true });
    const file = join(model, 'discriminator.safetensors');
    const weights = await readSafetensors(file);

    const bias = weights['discriminator/dense2/bias']!;
    const broken = { ...weights, 'discriminator/dense2/bias': { ...bias, data: new Float32Array([NaN]) } };
    await writeFileAtomically(file, encodeSafetensors(broken));
    await assert.rejects(loadDiscriminator(model), {
      name: 'LabError',
      message: /dense2\/bias holds values/,
    });

    await writeFileAtomically(file, encodeSafetensors(weights));
    const { discriminator, ...card } = await readModelCard(model);
    await writeModelCard(model, { ...card, discriminator: { ...discriminator!, patch: 32 } });
    await assert.rejects(loadDiscriminator(model), { name: 'LabError', message: /dense1\/kernel is \[/ });
    await writeModelCard(model, card);
    await assert.rejects(loadDiscriminator(model), { name: 'LabError', message: /has no discriminator/ });
    await assert.rejects(loadDiscriminator(folder), { name: 'LabError', message: /neither a model nor a/ });

    const pixelStage =
      'stages=[{"name":"pixel","steps":2,"learningRate":{"schedule":"constant","initial":0.001}}]';
    await makeMicroRun(folder, microDataset(), [pixelStage], 'pixel');
    await trainHere(join(folder, 'pixel'));
    await assert.rejects(loadDiscriminator(join(folder, 'pixel')), {
      name: 'LabError',
      message: /no adversarial stage/,
    });
  });
});
