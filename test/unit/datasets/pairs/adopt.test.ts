import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import { checkDataset } from '../../../../src/datasets/check';
import { updateDataset } from '../../../../src/datasets/create';
import { readImage, writePng } from '../../../../src/datasets/images';
import { adoptDataset } from '../../../../src/datasets/pairs/adopt';
import { cropImage, type RgbImage } from '../../../../src/imaging/image';
import { imresize } from '../../../../src/imaging/imresize';
import { whole } from '../../../support/dataset-trees';
import { deadLeaves } from '../../../support/dead-leaves';
import { sharedData } from '../../../support/shared-data';
import { temporaryFolders } from '../../../support/temporary-folder';

/** As `imresize` does, of an image that lies `pixels` HR pixels further right. */
function shifted(hr: RgbImage, pixels: number): RgbImage {
  const cut = cropImage(hr, 0, 0, hr.width - pixels, hr.height);
  const moved = { ...hr, data: new Uint8Array(hr.data.length) };
  for (let y = 0; y < hr.height; y++) {
    const row = cut.data.subarray(y * cut.width * 3, (y + 1) * cut.width * 3);
    moved.data.set(row, (y * hr.width + pixels) * 3);
  }
  return imresize(moved, 0.25, { convention: 'uint8-symmetric' });
}

describe('adopting pairs', () => {
  const folder = temporaryFolders();

  async function folders(images: Record<string, RgbImage>): Promise<string> {
    const made = folder();
    for (const [name, image] of Object.entries(images)) {
      await mkdir(join(made, name, '..'), { recursive: true });
      await writePng(join(made, name), image);
    }
    return made;
  }

  const lowered = (hr: RgbImage): RgbImage => imresize(hr, 0.25, { convention: 'uint8-symmetric' });

  it('takes over the pixels, and says how LR was made and what fits badly', async () => {
    const pictures = [1, 2, 3, 4, 5].map((seed) => deadLeaves(240, 200, seed));
    const [a, b, c, d, e] = pictures as [RgbImage, RgbImage, RgbImage, RgbImage, RgbImage];
    const from = await folders({
      'HR/a.png': a,
      'HR/b.png': b,
      'HR/moved.png': c,
      'HR/other-kernel.png': d,
      'HR/other-picture.png': e,
      'HR/alone.png': a,
      'LR/X4/ax4.png': lowered(a),
      'LR/X4/bx4.png': lowered(b),
      'LR/X4/movedx4.png': shifted(c, 1),
      'LR/X4/other-kernelx4.png': imresize(d, 0.25, { kernel: 'box', convention: 'double' }),
      'LR/X4/other-picturex4.png': lowered(deadLeaves(240, 200, 9)),
      'LR/X4/nobodyx4.png': lowered(a),
    });
    const made = await whole(
      adoptDataset({
        folder: join(from, 'set'),
        hr: [join(from, 'HR')],
        lr: [join(from, 'LR')],
        workers: 2,
      }),
    );
    const { file, problems } = made;
    assert.equal(file.scale, 4);
    assert.deepEqual(file.degradation, { kernel: 'bicubic', convention: 'uint8-symmetric', antialias: true });
    const pairOf = (name: string): NonNullable<(typeof file.images)[number]['pair']> =>
      file.images.find((image) => image.name === name)!.pair!;
    assert.deepEqual(
      { ...pairOf('a'), lrSourceSha256: '', shift: pairOf('a').shift.map(Math.round) },
      {
        lrRoot: 0,
        lrSource: 'X4/ax4.png',
        lrSourceSha256: '',
        shift: [0, 0],
        kernel: 'bicubic',
        convention: 'uint8-symmetric',
        exact: true,
        psnr: null,
      },
    );
    const moved = pairOf('moved');
    assert.ok(
      Math.abs(moved.shift[0] - 0.25) < 0.02 && Math.abs(moved.shift[1]) < 0.02,
      moved.shift.join(' '),
    );
    assert.equal(moved.kernel, 'bicubic');
    assert.equal(moved.exact, false);
    assert.deepEqual(
      [pairOf('other-kernel').kernel, pairOf('other-kernel').convention, pairOf('other-kernel').exact],
      ['box', 'double', true],
    );
    const told = new Map(problems.map(({ name, problem }) => [name, problem]));
    assert.deepEqual([...told.keys()].sort(), ['moved', 'other-kernel', 'other-picture']);
    assert.match(told.get('moved')!, /0\.2[345]\d* LR pixels to the right/);
    assert.match(told.get('other-kernel')!, /box/);
    assert.match(told.get('other-picture')!, /does not seem to show/);
    assert.deepEqual(
      file.omitted.map(({ source, reason }) => `${source}: ${reason}`),
      ['../LR/X4/nobodyx4.png: No HR image has its name.', 'alone.png: No LR image has its name.'],
    );
    const lr = await readImage(join(from, 'set', 'lr', 'moved.png'));
    assert.deepEqual(lr, await readImage(join(from, 'LR', 'X4', 'movedx4.png')));
    assert.equal((await checkDataset(join(from, 'set'))).ok, true);
  });

  it('goes with its sources when it is updated, LR images as well', async () => {
    const [a, b] = [deadLeaves(200, 160, 1), deadLeaves(200, 160, 2)];
    const from = await folders({
      'hr/a.png': a,
      'hr/b.png': b,
      'lr/a.png': lowered(a),
      'lr/b.png': lowered(b),
    });
    const set = join(from, 'set');
    await adoptDataset({ folder: set, hr: [join(from, 'hr')], lr: [join(from, 'lr')] });
    assert.deepEqual((await updateDataset(set)).changes, { made: 0, kept: 2, renamed: 0, removed: 0 });
    await writePng(
      join(from, 'lr', 'b.png'),
      imresize(b, 0.25, { kernel: 'bilinear', convention: 'double' }),
    );
    const { file, changes } = await whole(updateDataset(set));
    assert.deepEqual(changes, { made: 1, kept: 1, renamed: 0, removed: 0 });
    assert.equal(file.images.find(({ name }) => name === 'b')!.pair!.kernel, 'bilinear');
  });

  it('cuts sizes that nearly fit, leaves out those that do not, and finds the scale', async () => {
    const hr = deadLeaves(203, 161, 1);
    const from = await folders({
      // MATLAB rounds up.
      'all/up_HR.png': hr,
      'all/up_LR.png': imresize(hr, 0.5, { convention: 'uint8-symmetric' }),
      'all/cut_HR.png': hr,
      'all/cut_LR.png': imresize(cropImage(hr, 0, 0, 202, 160), 0.5, { convention: 'uint8-symmetric' }),
      'all/unfit_HR.png': hr,
      'all/unfit_LR.png': deadLeaves(60, 60),
    });
    const { file } = await whole(
      adoptDataset({
        folder: join(from, 'set'),
        hr: [join(from, 'all')],
        lr: [join(from, 'all')],
      }),
    );
    assert.equal(file.scale, 2);
    assert.deepEqual(
      file.images.map(({ source, width, height, pair }) => [source, width, height, pair!.exact]),
      [
        ['cut_HR.png', 202, 160, true],
        ['up_HR.png', 202, 160, true],
      ],
    );
    assert.match(file.images[1]!.notes.join(), /LR cut from 102×81/);
    assert.match(file.omitted[0]!.reason, /sizes do not fit: HR is 203×161, LR 60×60/);
  });

  it('says what to do where nothing matches, or several scales do', async () => {
    const hr = deadLeaves(240, 200, 1);
    const from = await folders({
      'hr/a.png': hr,
      'lr/X2/ax2.png': imresize(hr, 0.5),
      'lr/X4/ax4.png': imresize(hr, 0.25),
      'elsewhere/b.png': imresize(hr, 0.25),
    });
    const adopt = (lr: string, scale?: 2): Promise<unknown> =>
      adoptDataset({ folder: join(from, 'set'), hr: [join(from, 'hr')], lr: [join(from, lr)], scale });
    await assert.rejects(adopt('lr'), /several scales: ×2, ×4\. Say with --scale/);
    await assert.rejects(adopt('elsewhere'), /was found to fit an LR image/);
    await assert.rejects(adopt('elsewhere', 2), /a\.png: No LR image has its name/);
    await adopt('lr', 2);
  });

  for (const [set, hr, lr, scale, convention] of [
    ['set5', 'HR', 'LR_bicubic', 3, 'uint8-symmetric'],
    ['set5', 'HR', 'LR_bicubic', 8, 'double'],
    ['set5-clamped', 'x4', 'x4', 4, 'uint8-clamped'],
  ] as const) {
    it(`recognises how ${set} was made at ×${scale}`, async function () {
      const data = sharedData(this, set);
      const { file, problems } = await whole(
        adoptDataset({
          folder: join(folder(), 'set'),
          hr: [join(data, hr)],
          lr: [join(data, lr)],
          scale,
        }),
      );
      assert.equal(file.images.length, 5);
      assert.deepEqual(problems, []);
      for (const { pair } of file.images) {
        assert.deepEqual([pair!.kernel, pair!.convention, pair!.exact], ['bicubic', convention, true]);
        assert.ok(Math.hypot(...pair!.shift) < 0.005);
      }
    });
  }

  it('measures shifts of photographs through JPEG', async function () {
    const hr = await readImage(sharedData(this, 'kodak', 'kodim05.png'));
    const from = await folders({ 'hr/a.png': hr });
    const { width, height, data } = shifted(hr, 2);
    await mkdir(join(from, 'lr'));
    await sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 75 })
      .toFile(join(from, 'lr', 'a.jpg'));
    const { file } = await whole(
      adoptDataset({
        folder: join(from, 'set'),
        hr: [join(from, 'hr')],
        lr: [join(from, 'lr')],
        validation: { by: 'image', share: 0, seed: 0 },
      }),
    );
    const [dx, dy] = file.images[0]!.pair!.shift;
    assert.ok(Math.abs(dx - 0.5) < 0.02 && Math.abs(dy) < 0.02, `${dx} ${dy}`);
  });
});
