import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { createDataset } from '../../../src/datasets/create';
import { readImage } from '../../../src/datasets/images';
import { openTrainingCache } from '../../../src/datasets/training-cache';
import {
  readDatasetFile,
  readDataset,
  withoutContents,
  writeDataset,
} from '../../../src/folders/dataset-folder';
import { cropImage } from '../../../src/imaging/image';
import type { SplitName } from '../../../src/protocol/dataset-file';
import { png } from '../../support/image-files';
import { temporaryFolders } from '../../support/temporary-folder';

const longAgo = new Date(2001, 1, 1);

describe('the training cache', () => {
  const makeFolder = temporaryFolders();

  async function makeDataset(): Promise<string> {
    const folder = makeFolder();
    const from = join(folder, 'from');
    mkdirSync(from);
    for (const seed of [1, 2, 3])
      writeFileSync(join(from, `${seed}.png`), await png(100 + 10 * seed, 90, seed));
    const made = await createDataset({
      folder: join(folder, 'set'),
      from: [from],
      scale: 3,
      validation: { share: 0.34 },
    });
    return made.folder;
  }

  function pixelsFile(dataset: string): string {
    const [name, ...others] = readdirSync(join(dataset, 'cache'));
    assert.deepEqual(others, []);
    return join(dataset, 'cache', name!);
  }

  /** Whether opening makes the cache anew: the pixel file is dated back before. */
  async function isMadeAnew(dataset: string): Promise<boolean> {
    utimesSync(pixelsFile(dataset), longAgo, longAgo);
    (await openTrainingCache(dataset, 'train')).close();
    return statSync(pixelsFile(dataset)).mtime.getTime() !== longAgo.getTime();
  }

  it('gives aligned crops of every image of a split', async () => {
    const dataset = await makeDataset();
    const names: string[] = [];
    for (const split of ['train', 'validation'] satisfies SplitName[]) {
      const cache = await openTrainingCache(dataset, split);
      assert.equal(cache.scale, 3);
      for (const [index, { name, width, height }] of cache.images.entries()) {
        names.push(name);
        const hr = await readImage(join(dataset, 'hr', `${name}.png`));
        const lr = await readImage(join(dataset, 'lr', `${name}.png`));
        assert.deepEqual([width, height], [hr.width, hr.height]);
        const last = { x: lr.width - 16, y: lr.height - 16 };
        for (const { x, y } of [{ x: 0, y: 0 }, { x: 5, y: 9 }, last]) {
          const crop = cache.crop(index, x, y, 16);
          assert.deepEqual(crop.lr, cropImage(lr, x, y, 16, 16).data);
          assert.deepEqual(crop.hr, cropImage(hr, 3 * x, 3 * y, 48, 48).data);
        }
        assert.throws(() => cache.crop(index, last.x + 1, 0, 16), RangeError);
        assert.throws(() => cache.crop(index, 0, -1, 16), RangeError);
      }
      assert.throws(() => cache.crop(cache.images.length, 0, 0, 16), RangeError);
      cache.close();
    }
    assert.deepEqual(names.sort(), ['1', '2', '3']);
  });

  it('is made once, and anew when it is damaged', async () => {
    const dataset = await makeDataset();
    (await openTrainingCache(dataset, 'train')).close();
    assert.equal(await isMadeAnew(dataset), false);

    truncateSync(pixelsFile(dataset), 1000);
    assert.equal(await isMadeAnew(dataset), true);
    assert.deepEqual(readdirSync(dataset).sort(), [
      'cache',
      'dataset.srgan.json',
      'hr',
      'images.jsonl',
      'lr',
    ]);
  });

  it('is made anew, and the old one removed, when the images are others', async () => {
    const dataset = await makeDataset();
    (await openTrainingCache(dataset, 'train')).close();
    const before = pixelsFile(dataset);
    const file = await readDataset(dataset);
    await writeDataset(dataset, withoutContents(await readDatasetFile(dataset)), file.images.slice(0, 2));
    const cache = await openTrainingCache(dataset, 'train');
    cache.close();
    assert.notEqual(pixelsFile(dataset), before);
    assert.deepEqual(
      cache.images.map(({ name }) => name),
      file.images.flatMap(({ name, split }, index) => (index < 2 && split === 'train' ? [name] : [])),
    );
  });

  it('may be made by several at a time', async () => {
    const dataset = await makeDataset();
    const caches = await Promise.all([1, 2, 3].map(() => openTrainingCache(dataset, 'train')));
    const crops = caches.map((cache) => cache.crop(0, 1, 2, 10));
    assert.deepEqual(crops[1], crops[0]);
    assert.deepEqual(crops[2], crops[0]);
    for (const cache of caches) cache.close();
    assert.deepEqual(readdirSync(dataset).sort(), [
      'cache',
      'dataset.srgan.json',
      'hr',
      'images.jsonl',
      'lr',
    ]);
  });

  it('is not made of an image that has changed', async () => {
    const dataset = await makeDataset();
    writeFileSync(join(dataset, 'hr', '2.png'), await png(120, 90, 77));
    await assert.rejects(openTrainingCache(dataset, 'train'), {
      name: 'LabError',
      message: /2\.png is not the image that the data set was made with/,
    });
    assert.deepEqual(readdirSync(join(dataset, 'cache')), []);
  });

  it('stops when it is told to, and leaves nothing behind', async () => {
    const dataset = await makeDataset();
    await assert.rejects(openTrainingCache(dataset, 'train', { signal: AbortSignal.abort() }), {
      name: 'AbortError',
    });
    assert.deepEqual(readdirSync(join(dataset, 'cache')), []);
  });

  it('notices that it was cut short while in use', async () => {
    const dataset = await makeDataset();
    const cache = await openTrainingCache(dataset, 'train');
    truncateSync(pixelsFile(dataset), 10);
    assert.throws(() => cache.crop(0, 0, 0, 16), { name: 'LabError', message: /cut short/ });
    cache.close();
  });
});
