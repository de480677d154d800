/** Whole runs of the smallest size: what they leave, that they resume to the bit, and how they fail. */
import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { updateDataset } from '../../../src/datasets/create';
import { readImage, writePng } from '../../../src/datasets/images';
import {
  readDataset,
  readDatasetFile,
  withoutContents,
  writeDataset,
  writeDatasetFile,
} from '../../../src/folders/dataset-folder';
import { readModelCard, writeRunConfiguration } from '../../../src/folders/marker-files';
import { readRunStatus } from '../../../src/folders/run-reader';
import { listSamples } from '../../../src/folders/sample-pictures';
import { imresize } from '../../../src/imaging/imresize';
import { scoreImages } from '../../../src/imaging/metrics';
import { checkpointFolder, listCheckpoints, readCheckpoint } from '../../../src/training/run/checkpoints';
import { readSafetensors } from '../../../src/training/run/safetensors';
import { drawPicture, makeMicroDataset, makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { onSmallDisk } from '../../support/small-disk';
import { temporaryFolders } from '../../support/temporary-folder';
import { courseOf, metricsOf, trainHere } from '../../support/train-here';

/** The bytes of the newest checkpoint's tensors. */
async function finalState(run: string): Promise<Buffer> {
  const step = (await listCheckpoints(run)).at(-1)!;
  return readFileSync(join(checkpointFolder(run, step), 'state.safetensors'));
}

describe('run: trainer', function () {
  this.timeout(120_000);
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();

  /** A run that was never stopped, for all tests to compare with. */
  let straight = '';
  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'srgan-lab-test-'));
    await makeMicroRun(folder, microDataset());
    straight = join(folder, 'run');
    assert.equal((await trainHere(straight)).phase, 'finished');
  });
  after(() => {
    rmSync(join(straight, '..'), { recursive: true });
  });

  /** A micro run in a folder of its own. */
  async function newRun(overrides: readonly string[] = []): Promise<string> {
    const folder = temporary();
    await makeMicroRun(folder, microDataset(), overrides);
    return join(folder, 'run');
  }

  it('trains both stages and leaves metrics, pictures, checkpoints and a model', async () => {
    const run = straight;
    assert.equal((await readRunStatus(run)).state, 'finished');

    const lines = metricsOf(run);
    const steps = lines.filter((line) => line.kind === 'step');
    assert.deepEqual(
      steps.map(({ step, stage }) => `${stage} ${step}`),
      Array.from({ length: 12 }, (_, index) => `${index < 8 ? 'pixel' : 'adversarial'} ${index + 1}`),
    );
    for (const { generator, discriminator, stage } of steps) {
      assert.ok(generator.pixel! > 0 && generator.total! > 0);
      assert.equal(discriminator !== undefined, stage === 'adversarial');
      if (discriminator !== undefined) assert.ok(discriminator.realMean! > 0 && discriminator.realMean! < 1);
    }
    const validations = lines.filter((line) => line.kind === 'validation');
    assert.deepEqual(
      validations.map(({ step, extent }) => `${step} ${extent}`),
      ['0 crop', '4 crop', '8 crop', '8 whole', '12 crop', '12 whole'],
    );
    assert.ok(validations.every(({ split }) => split === 'validation'));

    const card = await readModelCard(join(run, 'model'));
    assert.equal(card.steps, 12);
    assert.deepEqual(card.score!.model, validations.at(-1)!.model);
    const weights = await readSafetensors(join(run, 'model', 'generator.safetensors'));
    assert.ok(Object.keys(weights).every((name) => name.startsWith('generator/')));
    const { state } = await readCheckpoint(run, 12);
    for (const [name, tensor] of Object.entries(weights)) assert.deepEqual(state[name], tensor);
    const adversary = await readSafetensors(join(run, 'model', 'discriminator.safetensors'));
    assert.equal(card.discriminator!.patch, 24);
    assert.deepEqual(
      Object.keys(adversary),
      Object.keys(state)
        .filter((name) => name.startsWith('discriminator/'))
        .sort(),
    );
    for (const [name, tensor] of Object.entries(adversary)) assert.deepEqual(state[name], tensor);
    assert.ok('adam/m/discriminator/dense1/kernel' in state);
    assert.ok(!Object.keys(state).some((name) => name.startsWith('content/')));
  });

  it('scores the pictures that it leaves, against bicubic by the lab’s own imresize', async () => {
    const run = straight;
    const [sample] = await listSamples(run);
    assert.deepEqual(
      sample!.sr.map(({ step }) => step),
      [0, 4, 8, 12],
    );
    const hr = await readImage(sample!.hr);
    assert.equal(hr.width, 32);
    const crops = metricsOf(run).filter((line) => line.kind === 'validation' && line.extent === 'crop');
    for (const [index, { path }] of sample!.sr.entries()) {
      const line = crops[index]!;
      assert.ok(line.kind === 'validation');
      assert.deepEqual(line.model, scoreImages(await readImage(path), hr, { border: 4 }));
      assert.deepEqual(line.bicubic, scoreImages(await readImage(sample!.bicubic), hr, { border: 4 }));
    }

    const { images } = await readDataset(microDataset());
    const held = images.find(({ split }) => split === 'validation')!;
    const [lr, whole] = await Promise.all(
      ['lr', 'hr'].map((kind) => readImage(join(microDataset(), kind, `${held.name}.png`))),
    );
    const closing = metricsOf(run).find((line) => line.kind === 'validation' && line.extent === 'whole')!;
    assert.ok(closing.kind === 'validation');
    assert.deepEqual(closing.bicubic, scoreImages(imresize(lr!, 4), whole!, { border: 4 }));
  });

  it('stopped and resumed anywhere equals never stopped, to the last bit', async () => {
    const stopped = await newRun();
    const moments = [
      'Training on', // before anything
      'Pixel stage', // before the first step
      'Validation (crop) at step 4', // in the middle of a validation’s step
      'Checkpoint at step 6',
      'Validation (crop) at step 8', // between the closing validations of a stage
      'Adversarial stage', // before the first step of a stage
      'Checkpoint at step 9',
    ];
    for (const moment of moments) {
      const ending = await trainHere(stopped, (message, stop) => {
        if (message.startsWith(moment) || (message.startsWith('Resumed') && moment === 'Training on')) stop();
      });
      assert.equal(ending.phase, 'stopped', moment);
      assert.equal((await readRunStatus(stopped)).state, 'stopped', moment);
    }
    assert.equal((await trainHere(stopped)).phase, 'finished');

    assert.deepEqual(courseOf(stopped), courseOf(straight));
    assert.ok((await finalState(stopped)).equals(await finalState(straight)));
    const stages = metricsOf(stopped).filter((line) => line.kind === 'event' && line.event === 'stage');
    assert.equal(stages.length, 2);
  });

  it('goes on from the checkpoint before a damaged one, says so, and still ends the same', async () => {
    const run = await newRun();
    await trainHere(run, (message, stop) => {
      if (message === 'Checkpoint at step 6.') stop();
    });
    truncateSync(join(checkpointFolder(run, 6), 'state.safetensors'), 1000);
    await trainHere(run);
    assert.ok((await finalState(run)).equals(await finalState(straight)));
    assert.deepEqual(courseOf(run), courseOf(straight));
    const warning = metricsOf(run).find((line) => line.kind === 'event' && line.event === 'warning');
    assert.ok(warning?.kind === 'event' && /step-000006.*set aside.*hash/.test(warning.message));
  });

  it('starts anew where there was no checkpoint yet', async () => {
    const run = await newRun();
    await trainHere(run, (message, stop) => {
      if (message.startsWith('Pixel stage')) stop();
    });
    rmSync(join(run, 'checkpoints'), { recursive: true });
    await trainHere(run);
    const begun = metricsOf(run).filter(
      (line) => line.kind === 'event' && ['started', 'resumed'].includes(line.event),
    );
    assert.deepEqual(
      begun.map((line) => line.kind === 'event' && line.event),
      ['started', 'resumed'],
    );
  });

  it('says that the data set has changed since the checkpoint it goes on from', async () => {
    const folder = temporary();
    const dataset = await makeMicroDataset(folder);
    await makeMicroRun(folder, dataset);
    const run = join(folder, 'run');
    await trainHere(run, (message, stop) => {
      if (message.startsWith('Checkpoint at step 3')) stop();
    });
    await writePng(join(folder, 'photos', 'another.png'), drawPicture(120, 104, 9));
    await updateDataset(dataset, { workers: 1 });
    await trainHere(run);
    const warnings = metricsOf(run).flatMap((line) =>
      line.kind === 'event' && line.event === 'warning' ? [line.message] : [],
    );
    assert.ok(warnings.some((message) => message.startsWith('The data set data has changed since')));
  });

  it('trains on when a finished run is given more steps', async () => {
    const run = await newRun();
    await trainHere(run);
    const folder = join(run, '..');
    const longer = await makeMicroRun(folder, microDataset(), ['stages.1.steps=6'], 'longer');
    await writeRunConfiguration(run, longer);
    await trainHere(run);
    assert.equal(metricsOf(run).filter((line) => line.kind === 'step').length, 14);
    assert.equal((await readModelCard(join(run, 'model'))).steps, 14);
  });

  it('keeps the last good checkpoint when the losses diverge, and names the setting to change', async () => {
    const run = await newRun();
    await trainHere(run, (message, stop) => {
      if (message === 'Checkpoint at step 3.') stop();
    });
    const wild = '[{"name":"pixel","steps":8,"learningRate":{"schedule":"constant","initial":1e30}}]';
    const configuration = await makeMicroRun(join(run, '..'), microDataset(), [`stages=${wild}`], 'wild');
    await writeRunConfiguration(run, configuration);
    await assert.rejects(trainHere(run), {
      name: 'LabError',
      message: /diverged.*NaN.*stages\.0\.learningRate\.initial.*checkpoint at step 3/,
    });
    assert.deepEqual(await listCheckpoints(run), [3]);
    const { state, message } = await readRunStatus(run);
    assert.equal(state, 'failed');
    assert.match(message, /diverged/);
    const last = metricsOf(run).at(-1)!;
    assert.ok(last.kind === 'event' && last.event === 'failed');
  });

  it('fails in words when the run folder is deleted under it, and does not make it again', async () => {
    const run = await newRun();
    const deleting = trainHere(run, (message) => {
      if (message === 'Checkpoint at step 3.') rmSync(run, { recursive: true });
    });
    await assert.rejects(deleting, { name: 'LabError', message: /(gone|deleted)/ });
    assert.equal(existsSync(run), false);
  });

  it('fails in words on a full disk, and tells it in the lease', async function () {
    await onSmallDisk(this, temporary(), async (disk) => {
      await makeMicroRun(disk, microDataset());
      const run = join(disk, 'run');
      await assert.rejects(trainHere(run), { name: 'LabError', message: /The disk is full/ });
      assert.equal((await readRunStatus(run)).state, 'failed');
      metricsOf(run);
      assert.deepEqual(await listCheckpoints(run), []);
    });
  });

  it('says which setting names a data set that is missing or of another scale', async () => {
    const folder = temporary();
    cpSync(microDataset(), join(folder, 'data'), { recursive: true });
    await makeMicroRun(folder, join(folder, 'data'));
    const run = join(folder, 'run');
    const file = await readDatasetFile(join(folder, 'data'));
    await writeDatasetFile(join(folder, 'data'), { ...file, scale: 2 });
    await assert.rejects(trainHere(run), { name: 'LabError', message: /made for ×2.*set to ×4/ });
    renameSync(join(folder, 'data'), join(folder, 'moved'));
    await assert.rejects(trainHere(run), {
      name: 'LabError',
      message: /`dataset` of run\.srgan\.json \(\.\.\/data\)/,
    });
    assert.deepEqual(readdirSync(run).sort(), ['lease.json', 'run.srgan.json']);
  });

  it('names the key that was edited into something invalid', async () => {
    const run = await newRun();
    const path = join(run, 'run.srgan.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"batch": 2', '"batch": "two"'));
    await assert.rejects(trainHere(run), {
      name: 'LabError',
      message: /run\.srgan\.json.*data\.batch.*number/,
    });
  });

  it('does not lay a checkpoint over networks of another shape', async () => {
    const run = await newRun();
    await trainHere(run, (message, stop) => {
      if (message === 'Checkpoint at step 3.') stop();
    });
    const wider = await makeMicroRun(join(run, '..'), microDataset(), ['generator.channels=4'], 'wider');
    await writeRunConfiguration(run, wider);
    await assert.rejects(trainHere(run), {
      name: 'LabError',
      message: /checkpoint at step 3 does not fit.*generator\/.*should be/,
    });
    assert.deepEqual(await listCheckpoints(run), [3]);
  });

  it('scores on training images, and says so, where none are held out', async () => {
    const folder = temporary();
    cpSync(microDataset(), join(folder, 'data'), { recursive: true });
    const recipe = withoutContents(await readDatasetFile(join(folder, 'data')));
    const { images } = await readDataset(join(folder, 'data'));
    await writeDataset(
      join(folder, 'data'),
      recipe,
      images.map((image) => ({ ...image, split: 'train' })),
    );
    await makeMicroRun(folder, join(folder, 'data'));
    await trainHere(join(folder, 'run'), (message, stop) => {
      if (message.startsWith('Pixel stage')) stop();
    });
    const lines = metricsOf(join(folder, 'run'));
    assert.ok(lines.some((line) => line.kind === 'validation' && line.split === 'train'));
    assert.ok(
      lines.some((line) => line.kind === 'event' && line.message.includes('no images out for validation')),
    );
  });
});
