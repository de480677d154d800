/** Crops that are kept with a run. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepCrop, readKeptCrops, removeCrop } from '../../../src/folders/kept-crops';
import { temporaryFolders } from '../../support/temporary-folder';

const crop = (name: string, image = 'kodim08') => ({ name, image, left: 8, top: 16, width: 64, height: 48 });

describe('kept crops', () => {
  const temporary = temporaryFolders();

  it('are in the order of keeping; one of the same image and name is replaced', async () => {
    const run = temporary();
    assert.deepEqual(await readKeptCrops(run), []);
    await keepCrop(run, crop('roof'));
    await keepCrop(run, crop('shutter'));
    await keepCrop(run, crop('roof', 'kodim19'));
    await keepCrop(run, { ...crop('roof'), width: 32 });
    assert.deepEqual(
      (await readKeptCrops(run)).map(({ name, image, width }) => `${name} ${image} ${width}`),
      ['shutter kodim08 64', 'roof kodim19 64', 'roof kodim08 32'],
    );
    await removeCrop(run, { image: 'kodim08', name: 'roof' });
    await removeCrop(run, { image: 'kodim08', name: 'none' });
    assert.deepEqual(
      (await readKeptCrops(run)).map(({ name, image }) => `${name} ${image}`),
      ['shutter kodim08', 'roof kodim19'],
    );
    assert.equal((JSON.parse(readFileSync(join(run, 'crops.json'), 'utf8')) as { format: number }).format, 1);
  });

  it('are all kept when several are at once', async () => {
    const run = temporary();
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => keepCrop(run, crop(name))));
    assert.deepEqual((await readKeptCrops(run)).map(({ name }) => name).sort(), ['a', 'b', 'c', 'd']);
  });

  it('of a damaged file are not overwritten', async () => {
    const run = temporary();
    writeFileSync(join(run, 'crops.json'), '{ "format": 1, "crops": [{}] }');
    await assert.rejects(keepCrop(run, crop('roof')), {
      name: 'LabError',
      message: /crops\.json is not valid/,
    });
    assert.equal(readFileSync(join(run, 'crops.json'), 'utf8'), '{ "format": 1, "crops": [{}] }');
  });
});
