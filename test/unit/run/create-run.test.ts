/** Making a run: preset, data set and `--set` become a valid file, or an error that names the key. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { datasetFolderOf, readRunConfiguration } from '../../../src/folders/marker-files';
import { presetNames } from '../../../src/protocol/presets';
import { createRun } from '../../../src/training/run/create-run';
import { applyOverrides } from '../../../src/training/run/overrides';
import { sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';

describe('run: making a run', () => {
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();

  it('writes every preset as a valid configuration that finds its data set', async () => {
    const folder = temporary();
    for (const preset of presetNames) {
      const run = join(folder, preset);
      const made = await createRun({ folder: run, dataset: microDataset(), preset });
      const read = await readRunConfiguration(run);
      assert.deepEqual(read, made);
      assert.equal(read.scale, 4);
      assert.equal(read.name, preset);
      assert.equal(resolve(datasetFolderOf(run, read)), microDataset());
    }
  });

  it('lays settings over the preset', async () => {
    const run = join(temporary(), 'run');
    const made = await createRun({
      folder: run,
      dataset: microDataset(),
      preset: 'quick',
      seed: 5,
      overrides: ['data.batch=9', 'stages.1.steps=3', 'engine=embedded', 'data.flips=false', 'name=a = b'],
    });
    assert.equal(made.seed, 5);
    assert.equal(made.data.batch, 9);
    assert.equal(made.stages[1]!.steps, 3);
    assert.equal(made.engine, 'embedded');
    assert.equal(made.data.flips, false);
    assert.equal(made.name, 'a = b');
  });

  const refused: [string, RegExp][] = [
    ['data.batch=many', /data\.batch: .*number/],
    ['data.batch=0', /data\.batch: .*1/],
    ['data.patch=50', /data\.patch: must be a multiple of the scale \(4\)/],
    ['data.bach=2', /data: .*"bach"/],
    ['generator.normalisation=layer', /generator\.normalisation: .*"batch"\|"none"/],
    ['stages.0.steps=1.5', /stages\.0\.steps: .*int/],
    ['stages.7.steps=1', /stages is a list.*0 to 1/],
    ['stages.pixel.steps=1', /stages is a list.*“pixel”/],
    ['nothing.at.all=1', /no setting “at” in nothing/],
    ['name.first=1', /no setting “first” in name/],
    ['__proto__.polluted=1', /no setting “__proto__”/],
    ['data.batch', /not of the form key=value/],
    ['=3', /not of the form key=value/],
    ['data..batch=3', /not of the form key=value/],
    ['scale=2', /scale ×2.*data set.*×4/],
    ['checkpoints.keepEvery=1500', /checkpoints\.keepEvery: must be a multiple of `every`/],
    ['content.network=vgg19', /content\.weights: is needed/],
  ];
  for (const [override, message] of refused) {
    it(`refuses --set ${override} and makes nothing`, async () => {
      const folder = temporary();
      const run = join(folder, 'run');
      await assert.rejects(
        createRun({ folder: run, dataset: microDataset(), preset: 'quick', overrides: [override] }),
        { name: 'LabError', message },
      );
      assert.deepEqual(readdirSync(folder), []);
    });
  }

  it('does not change what the overrides are laid over', () => {
    const before = { a: { b: 1 } };
    assert.deepEqual(applyOverrides(before, ['a.b=2', 'a.c=[1]']), { a: { b: 2, c: [1] } });
    assert.deepEqual(before, { a: { b: 1 } });
  });

  it('refuses a folder that is a run, a file, or not empty, and leaves it alone', async () => {
    const folder = temporary();
    const options = { dataset: microDataset(), preset: 'quick' } as const;
    await createRun({ folder: join(folder, 'run'), ...options });
    await assert.rejects(createRun({ folder: join(folder, 'run'), ...options }), /is a run already/);
    writeFileSync(join(folder, 'file'), 'mine');
    await assert.rejects(createRun({ folder: join(folder, 'file'), ...options }), /is a file/);
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full', 'mine.txt'), 'mine');
    await assert.rejects(createRun({ folder: join(folder, 'full'), ...options }), /not empty/);
    assert.deepEqual(readdirSync(join(folder, 'full')), ['mine.txt']);
  });

  it('names a data set that is not one', async () => {
    const folder = temporary();
    await assert.rejects(
      createRun({ folder: join(folder, 'run'), dataset: join(folder, 'none'), preset: 'quick' }),
      {
        name: 'LabError',
        message: /none.dataset\.srgan\.json/,
      },
    );
    assert.equal(existsSync(join(folder, 'run')), false);
  });
});
