import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import { createDataset, type CreateDatasetOptions } from '../../../src/datasets/create';
import { defaultDegradation } from '../../../src/datasets/degrade';
import { readImage } from '../../../src/datasets/images';
import { readDataset } from '../../../src/folders/dataset-folder';
import { cropToMultiple } from '../../../src/imaging/image';
import { imresize } from '../../../src/imaging/imresize';
import type { DatasetFile } from '../../../src/protocol/dataset-file';
import { presetStages } from '../../../src/protocol/degradation-presets';
import type { Progress } from '../../../src/protocol/progress';
import { whole } from '../../support/dataset-trees';
import { alphaPng, cmykJpeg, greyPng, jpeg, png, png16, truncatedJpeg } from '../../support/image-files';
import { loadImage } from '../../support/pictures';
import { sharedData } from '../../support/shared-data';
import { temporaryFolders } from '../../support/temporary-folder';
import { asOrdinaryUser } from '../../support/ordinary-user';
import { onSmallDisk } from '../../support/small-disk';
import { plant, readTree } from '../../support/trees';

/** Everything that the file says but when and where. */
function lasting({ created: _, roots: __, ...rest }: DatasetFile): Omit<DatasetFile, 'created' | 'roots'> {
  return rest;
}

describe('creating a data set', () => {
  const makeFolder = temporaryFolders();

  /** A place for sources and one for the result. */
  function places(): { from: string; out: string } {
    const folder = makeFolder();
    mkdirSync(join(folder, 'from'));
    return { from: join(folder, 'from'), out: join(folder, 'out') };
  }

  /** Nothing but the sources may be there after a failure. */
  function assertNothingLeft({ out }: { out: string }, ...others: string[]): void {
    assert.deepEqual(readdirSync(dirname(out)).sort(), ['from', ...others].sort());
  }

  it('makes aligned pairs and says everything about them', async () => {
    const { from, out } = places();
    await plant(from, { 'b.png': png(130, 121, 1), 'a/c.jpg': jpeg(200, 96, 2), 'notes.txt': 'text' });
    const { folder, file } = await whole(createDataset({ folder: out, from: [from], scale: 4 }));
    assert.equal(folder, out);
    assert.deepEqual(await readDataset(out), file);
    assert.equal(file.name, 'out');
    assert.deepEqual(file.roots, [from]);
    assert.deepEqual(file.omitted, []);
    assert.deepEqual(
      file.images.map(({ name, source, width, height, sourceWidth, sourceHeight }) => [
        name,
        source,
        width,
        height,
        sourceWidth,
        sourceHeight,
      ]),
      [
        ['a-c', 'a/c.jpg', 200, 96, 200, 96],
        ['b', 'b.png', 128, 120, 130, 121],
      ],
    );
    assert.deepEqual(file.images[1]!.notes, ['cut from 130×121 at the right and bottom to a multiple of 4']);
    assert.deepEqual(file.images.map(({ split }) => split).sort(), ['train', 'validation']);

    const hr = await readImage(join(out, 'hr', 'b.png'));
    assert.deepEqual(hr, cropToMultiple(await readImage(join(from, 'b.png')), 4));
    const lr = await readImage(join(out, 'lr', 'b.png'));
    assert.deepEqual(lr, imresize(hr, 1 / 4, { convention: 'uint8-symmetric' }));
  });

  it('makes the published LR images of Set5', async function () {
    const set5 = sharedData(this, 'set5');
    const out = join(makeFolder(), 'set5');
    const { file } = await whole(createDataset({ folder: out, from: [join(set5, 'HR')], scale: 3 }));
    assert.equal(file.images.length, 5);
    for (const { name } of file.images) {
      const expected = await loadImage(join(set5, 'LR_bicubic', 'X3', `${name}x3.png`));
      assert.deepEqual(await loadImage(join(out, 'lr', `${name}.png`)), expected, name);
    }
  });

  it('gives the same bytes whatever the number of workers', async () => {
    const { from, out } = places();
    const seeds = [1, 2, 3, 4, 5, 6];
    await plant(from, Object.fromEntries(seeds.map((seed) => [`${seed}.png`, png(97 + seed, 100, seed)])));
    const make = (folder: string, workers: number): Promise<{ file: DatasetFile }> =>
      createDataset({
        folder,
        from: [from],
        scale: 2,
        workers,
        name: 'same',
        validation: { share: 0.3, seed: 5 },
      });
    const one = await make(out, 1);
    const three = await make(`${out}3`, 3);
    assert.deepEqual(lasting(three.file), lasting(one.file));
    for (const kind of ['hr', 'lr']) {
      assert.deepEqual(readTree(join(`${out}3`, kind)), readTree(join(out, kind)));
    }
  });

  it('degrades each image by its content and the seed alone, on one thread or three, under any name', async () => {
    const { from, out } = places();
    const seeds = [1, 2, 3, 4];
    await plant(from, Object.fromEntries(seeds.map((seed) => [`${seed}.png`, png(97 + seed, 100, seed)])));
    const stages = presetStages('real-esrgan');
    const make = (folder: string, workers: number, seed: number): Promise<{ file: DatasetFile }> =>
      createDataset({ folder, from: [from], scale: 4, workers, name: 'same', degradation: { stages, seed } });
    const one = await make(out, 1, 9);
    assert.deepEqual(one.file.degradation, { ...defaultDegradation, stages, seed: 9 });
    const { images: _, ...header } = await readDataset(out);
    assert.deepEqual(header, one.file);
    const three = await make(`${out}3`, 3, 9);
    assert.deepEqual(lasting(three.file), lasting(one.file));
    assert.deepEqual(readTree(join(`${out}3`, 'lr')), readTree(join(out, 'lr')));

    renameSync(join(from, '1.png'), join(from, 'other name.png'));
    rmSync(join(from, '2.png'));
    await make(`${out}-renamed`, 2, 9);
    const lrOf = (folder: string, name: string): Buffer => readFileSync(join(folder, 'lr', `${name}.png`));
    assert.deepEqual(lrOf(`${out}-renamed`, 'other-name'), lrOf(out, '1'));
    assert.deepEqual(lrOf(`${out}-renamed`, '4'), lrOf(out, '4'));
    await make(`${out}-seed`, 2, 10);
    assert.notDeepEqual(lrOf(`${out}-seed`, '4'), lrOf(out, '4'));
  });

  it('takes odd files and leaves out bad ones, with the reason', async () => {
    const { from, out } = places();
    const sixteen = Uint16Array.from({ length: 100 * 100 * 3 }, (_, i) => (i * 31) % 65536);
    await plant(from, {
      'cmyk.jpg': cmykJpeg(100, 100),
      '16 bit.png': png16(100, 100, sixteen),
      'grey.png': greyPng(101, 99),
      'alpha.png': alphaPng(100, 100),
      'odd size.png': png(103, 97),
      'text.png': 'This is text.',
      'empty.png': '',
      'cut.jpg': truncatedJpeg(300, 200),
      'dot.png': png(1, 1),
      'narrow.png': png(400, 40),
      'old.bmp': 'BM',
      [`it's "quoted" #1.png`]: png(96, 96, 3),
      'Grüße 日本.png': png(96, 96, 4),
      'two\nlines.png': png(96, 96, 5),
    });
    symlinkSync(from, join(from, 'loop'));
    const { file } = await whole(createDataset({ folder: out, from: [from], scale: 4 }));
    const notes = Object.fromEntries(file.images.map((image) => [image.source, image.notes.join()]));
    assert.match(notes['cmyk.jpg']!, /CMYK/);
    assert.match(notes['16 bit.png']!, /16 bits/);
    assert.match(notes['grey.png']!, /grey made RGB,cut from 101×99/);
    assert.match(notes['alpha.png']!, /white/);
    assert.match(notes['odd size.png']!, /cut from 103×97/);
    assert.equal(file.images.length, 8);

    const reasons = Object.fromEntries(file.omitted.map(({ source, reason }) => [source, reason]));
    assert.deepEqual(Object.keys(reasons).sort(), [
      'cut.jpg',
      'dot.png',
      'empty.png',
      'loop',
      'narrow.png',
      'old.bmp',
      'text.png',
    ]);
    assert.match(reasons['text.png']!, /not an image/);
    assert.match(reasons['cut.jpg']!, /damaged or cut short/);
    assert.match(reasons['dot.png']!, /too small: 1×1.*at least 96×96/);
    assert.match(reasons['narrow.png']!, /too small: 400×40/);
    for (const { name, width, height } of file.images) {
      assert.deepEqual([width % 4, height % 4], [0, 0]);
      const lr = await readImage(join(out, 'lr', `${name}.png`));
      assert.deepEqual([lr.width, lr.height], [width / 4, height / 4]);
    }
  });

  it('reports progress up to the last image', async () => {
    const { from, out } = places();
    await plant(from, { '1.png': png(64, 64), '2.png': png(64, 64, 2), '3.png': 'text' });
    const reports: Progress[] = [];
    const onProgress = (progress: Progress): void => void reports.push(progress);
    await createDataset({ folder: out, from: [from], scale: 2 }, { onProgress });
    assert.deepEqual(
      reports.map(({ done, total }) => [done, total]),
      [
        [0, 0],
        [1, 3],
        [2, 3],
        [3, 3],
      ],
    );
    assert.equal(reports.at(-1)!.secondsLeft, 0);
  });

  it('leaves nothing behind when it is cancelled before the first image', async () => {
    const { from, out } = places();
    await plant(from, { '1.png': png(200, 200) });
    const options = { folder: join(out, 'deep', 'er'), from: [from], scale: 2 } as const;
    await assert.rejects(createDataset(options, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    assertNothingLeft({ out });
  });

  it('keeps what was made when it is cancelled, and goes on from it', async () => {
    const { from, out } = places();
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    await plant(from, Object.fromEntries(seeds.map((seed) => [`${seed}.png`, png(200, 200, seed)])));
    const controller = new AbortController();
    const onProgress = ({ done }: Progress): void => {
      if (done === 2) controller.abort();
    };
    const options = { folder: join(out, 'deep', 'er'), from: [from], scale: 2, workers: 2 } as const;
    const making = createDataset(options, { onProgress, signal: controller.signal });
    await assert.rejects(making, {
      name: 'LabError',
      message: /^Interrupted\. Continue with `srgan-lab dataset update .*`; what was made is kept\.$/,
    });
    await assert.rejects(readDataset(options.folder), { name: 'LabError', message: /is not complete/ });
    const { changes, file } = await createDataset(options);
    assert.ok(changes.kept >= 2 && changes.made > 0);
    assert.equal(changes.kept + changes.made, 8);
    const whole = await createDataset({ ...options, folder: join(out, 'whole'), name: 'er' });
    assert.deepEqual(lasting(file), lasting(whole.file));
    assert.deepEqual(
      [...readTree(options.folder)].filter(([path]) => path !== 'dataset.srgan.json'),
      [...readTree(whole.folder)].filter(([path]) => path !== 'dataset.srgan.json'),
    );
  });

  it('says what was left out when nothing is usable', async () => {
    const place = places();
    await plant(place.from, { 'text.png': 'text', 'dot.png': png(1, 1), 'notes.txt': 'x' });
    await assert.rejects(
      createDataset({ folder: place.out, from: [place.from], scale: 4 }),
      (error: Error) => {
        assert.equal(error.name, 'LabError');
        assert.match(error.message, /no usable image/);
        assert.match(error.message, /dot\.png: It is too small/);
        assert.match(error.message, /text\.png: This is not an image/);
        assert.match(error.message, /1 file.* of other kinds/);
        return true;
      },
    );
    assertNothingLeft(place);
  });

  it('says so when there are no images', async () => {
    const place = places();
    const options = { folder: place.out, from: [place.from], scale: 4 } as const;
    await assert.rejects(createDataset(options), { name: 'LabError', message: /no images in/ });
    await plant(place.from, { 'a.txt': '', 'b.txt': '' });
    await assert.rejects(createDataset(options), { name: 'LabError', message: /2 files.* of other kinds/ });
    await plant(place.from, { 'a.png': png(64, 64) });
    await assert.rejects(createDataset({ ...options, exclude: ['*.png'] }), {
      name: 'LabError',
      message: /1 image there is left out by the .* patterns\. Change the patterns/,
    });
    assertNothingLeft(place);
  });

  it('refuses a target that holds something, and takes an empty one', async () => {
    const place = places();
    await plant(place.from, { '1.png': png(64, 64) });
    const options: CreateDatasetOptions = { folder: place.out, from: [place.from], scale: 2 };
    await plant(place.out, { 'precious.txt': 'keep' });
    await assert.rejects(createDataset(options), { name: 'LabError', message: /exists and is not empty/ });
    assert.deepEqual(readdirSync(place.out), ['precious.txt']);
    assertNothingLeft(place, 'out');
    const file = join(place.out, 'precious.txt');
    await assert.rejects(createDataset({ ...options, folder: file }), {
      name: 'LabError',
      message: /is a file/,
    });

    rmSync(file);
    const made = await whole(createDataset(options));
    assert.equal(made.file.images.length, 1);
    assert.equal(made.file.images[0]!.split, 'train', 'one image is not held out');
  });

  it('refuses a share or a scale that makes no sense', async () => {
    const { from, out } = places();
    await plant(from, { '1.png': png(64, 64) });
    const make = (share: number): Promise<unknown> =>
      createDataset({ folder: out, from: [from], scale: 2, validation: { share } });
    await assert.rejects(make(1), { name: 'LabError', message: /validation\.share/ });
    await assert.rejects(make(Number.NaN), { name: 'LabError' });
  });

  it('says so when the target is read-only', async function () {
    const place = places();
    await plant(place.from, { '1.png': png(64, 64) });
    chmodSync(dirname(place.out), 0o555);
    await asOrdinaryUser(this, async () => {
      await assert.rejects(createDataset({ folder: place.out, from: [place.from], scale: 2 }), {
        name: 'LabError',
        message: `Could not make ${place.out}. You may not write there. Choose another place or change its permissions.`,
      });
    });
    chmodSync(dirname(place.out), 0o755);
    assertNothingLeft(place);
  });

  it('says so when the target is full', async function () {
    const place = places();
    await plant(place.from, { '1.png': png(400, 400) });
    await onSmallDisk(this, makeFolder(), async (disk) => {
      const out = join(disk, 'out');
      await assert.rejects(createDataset({ folder: out, from: [place.from], scale: 2 }), (error: Error) => {
        assert.equal(error.name, 'LabError');
        assert.ok(error.message.startsWith(`Could not write ${join(out, 'hr', '1.png')}. The disk is full.`));
        return true;
      });
      assert.deepEqual(readdirSync(disk), []);
    });
  });
});
