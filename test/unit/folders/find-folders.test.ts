import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFolders } from '../../../src/folders/find-folders';
import { listSamples, samplePaths } from '../../../src/folders/sample-pictures';
import { temporaryFolders } from '../../support/temporary-folder';

function put(...path: string[]): void {
  const file = join(...path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '');
}

describe('finding folders', () => {
  const folder = temporaryFolders();

  it('finds data sets, runs and models, and does not enter hidden folders or follow links', async () => {
    const root = folder();
    put(root, 'datasets', 'b', 'dataset.srgan.json');
    put(root, 'datasets', 'a', 'dataset.srgan.json');
    put(root, 'runs', 'one', 'run.srgan.json');
    put(root, 'runs', 'one', 'model', 'card.json');
    put(root, '.hidden', 'run.srgan.json');
    put(root, 'node_modules', 'x', 'run.srgan.json');
    symlinkSync(root, join(root, 'loop'));
    assert.deepEqual(await findFolders(root), {
      datasets: [join(root, 'datasets', 'a'), join(root, 'datasets', 'b')],
      runs: [join(root, 'runs', 'one')],
      models: [join(root, 'runs', 'one', 'model')],
    });
  });

  it('is empty for a folder that does not exist', async () => {
    assert.deepEqual(await findFolders(join(folder(), 'none')), { datasets: [], runs: [], models: [] });
  });

  it('lists samples by image, steps ascending, and passes over unfinished files', async () => {
    const run = folder();
    for (const name of ['cat', 'a dog']) {
      put(samplePaths.bicubic(run, name));
      put(samplePaths.hr(run, name));
    }
    put(run, 'samples', 'reference', 'alone-hr.png');
    put(samplePaths.sr(run, 1_000_000, 'cat'));
    put(samplePaths.sr(run, 200, 'cat'));
    put(run, 'samples', 'step-000200', '.cat.png.partial');
    const samples = await listSamples(run);
    assert.deepEqual(
      samples.map((image) => [image.name, image.sr.map((picture) => picture.step)]),
      [
        ['a dog', []],
        ['cat', [200, 1_000_000]],
      ],
    );
    assert.deepEqual(await listSamples(join(run, 'none')), []);
  });
});
