/** Sub-images: where they lie, what they are called, and what is in them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { createDataset } from '../../../src/datasets/create';
import { readImage } from '../../../src/datasets/images';
import { subImagePlaces } from '../../../src/datasets/sub-images';
import { cropImage, cropToMultiple } from '../../../src/imaging/image';
import { imresize } from '../../../src/imaging/imresize';
import { whole } from '../../support/dataset-trees';
import { png } from '../../support/image-files';
import { temporaryFolders } from '../../support/temporary-folder';
import { plant } from '../../support/trees';

describe('sub-images', () => {
  const makeFolder = temporaryFolders();

  it('lie on a grid, and at the border where more than the threshold is left over', () => {
    const lefts = (width: number, size: number, step: number, threshold: number): number[] =>
      subImagePlaces(width, size, { size, step, threshold }).map(({ left }) => left);
    assert.deepEqual(lefts(100, 40, 20, 0), [0, 20, 40, 60]);
    assert.deepEqual(lefts(110, 40, 20, 0), [0, 20, 40, 60, 70]);
    assert.deepEqual(lefts(110, 40, 20, 9), [0, 20, 40, 60, 70]);
    assert.deepEqual(lefts(110, 40, 20, 10), [0, 20, 40, 60]);
    assert.deepEqual(lefts(100, 40, 50, 0), [0, 50, 60]);
    assert.deepEqual(lefts(40, 40, 20, 0), [0]);
    assert.deepEqual(lefts(39, 40, 20, 0), []);
    // As `extract_subimages` of BasicSR cuts an image of DIV2K: size 480, step 240, threshold 0.
    const places = subImagePlaces(2040, 1356, { size: 480, step: 240, threshold: 0 });
    assert.equal(places.length, 8 * 5);
    assert.deepEqual(places.slice(6, 9), [
      { left: 1440, top: 0 },
      { left: 1560, top: 0 },
      { left: 0, top: 240 },
    ]);
    assert.deepEqual(places.at(-1), { left: 1560, top: 876 });
  });

  it('are cut from the image and from its whole LR image', async () => {
    const folder = makeFolder();
    const [from, out] = [join(folder, 'from'), join(folder, 'out')];
    await plant(from, {
      'large.png': png(203, 150, 1),
      'small.png': png(140, 150, 2),
      'tiny.png': png(110, 150, 3),
    });
    const subImages = { size: 120, step: 60, threshold: 10 };
    const { file } = await whole(
      createDataset({ folder: out, from: [from], scale: 3, subImages, workers: 2 }),
    );
    assert.deepEqual(
      file.images.map(({ name, crop, width, height }) => [name, crop?.left, crop?.top, width, height]),
      [
        ['large.s001', 0, 0, 120, 120],
        ['large.s002', 60, 0, 120, 120],
        ['large.s003', 81, 0, 120, 120],
        ['large.s004', 0, 30, 120, 120],
        ['large.s005', 60, 30, 120, 120],
        ['large.s006', 81, 30, 120, 120],
        ['small.s001', 0, 0, 120, 120],
        ['small.s002', 18, 0, 120, 120],
        ['small.s003', 0, 30, 120, 120],
        ['small.s004', 18, 30, 120, 120],
      ],
    );
    assert.match(file.omitted[0]!.reason, /too small: 110×150 pixels, and a sub-image has 120×120/);
    assert.equal(
      new Set(file.images.slice(0, 6).map(({ split }) => split)).size,
      1,
      'of a file in one split',
    );
    const hr = cropToMultiple(await readImage(join(from, 'large.png')), 3);
    const lr = imresize(hr, 1 / 3, { convention: 'uint8-symmetric' });
    for (const { name, crop } of file.images.slice(0, 6)) {
      const { left, top } = crop!;
      assert.deepEqual(await readImage(join(out, 'hr', `${name}.png`)), cropImage(hr, left, top, 120, 120));
      const part = cropImage(lr, left / 3, top / 3, 40, 40);
      assert.deepEqual(await readImage(join(out, 'lr', `${name}.png`)), part);
    }
  });

  it('must fit the scale', async () => {
    const folder = makeFolder();
    const make = (subImages: { size: number; step?: number }): Promise<unknown> =>
      createDataset({ folder: join(folder, 'out'), from: [folder], scale: 4, subImages });
    await assert.rejects(make({ size: 110 }), { name: 'LabError', message: /multiples of 4/ });
    await assert.rejects(make({ size: 120, step: 50 }), { name: 'LabError', message: /multiples of 4/ });
    await assert.rejects(make({ size: 64 }), {
      name: 'LabError',
      message: /too small: at ×4 they need at least 96/,
    });
  });
});
