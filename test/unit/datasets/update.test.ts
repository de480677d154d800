/** A data set that is brought up to date is the one that would be made anew, and no more is made again than has changed. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import {
  createDataset,
  updateDataset,
  type CreateDatasetOptions,
  type DatasetResult,
} from '../../../src/datasets/create';
import { readDataset } from '../../../src/folders/dataset-folder';
import { DATASET_FILE, IMAGES_FILE } from '../../../src/protocol/dataset-file';
import { presetStages } from '../../../src/protocol/degradation-presets';
import { assertAsNew, whole } from '../../support/dataset-trees';
import { jpeg, png } from '../../support/image-files';
import { temporaryFolders } from '../../support/temporary-folder';
import { filesBelow, plant, readStamps } from '../../support/trees';

describe('bringing a data set up to date', () => {
  const makeFolder = temporaryFolders();

  interface Place {
    from: string;
    out: string;
    options: CreateDatasetOptions;
    made: DatasetResult;
  }

  /** A data set of five images in two folders, and a file that is none. */
  async function made(options: Partial<CreateDatasetOptions> = {}): Promise<Place> {
    const folder = makeFolder();
    const [from, out] = [join(folder, 'from'), join(folder, 'out')];
    await plant(from, {
      'a.png': png(60, 64, 1),
      'b.png': png(60, 64, 2),
      'c.jpg': jpeg(60, 64, 3),
      'x/d.png': png(60, 64, 4),
      'x/e.png': png(60, 64, 5),
      'bad.png': 'text',
    });
    const all: CreateDatasetOptions = { folder: out, from: [from], scale: 2, workers: 1, ...options };
    return { from, out, options: all, made: await createDataset(all) };
  }

  /** The files that were written or replaced, and those that are gone, since then. */
  function changesSince(before: Map<string, string>, folder: string): { written: string[]; gone: string[] } {
    const after = readStamps(folder);
    return {
      written: [...after].filter(([path, stamp]) => before.get(path) !== stamp).map(([path]) => path),
      gone: [...before.keys()].filter((path) => !after.has(path)),
    };
  }

  it('writes nothing when nothing has changed', async () => {
    const { out, made: first } = await made();
    assert.deepEqual(first.changes, { made: 5, kept: 0, renamed: 0, removed: 0 });
    const before = readStamps(out);
    const { file, changes } = await updateDataset(out);
    assert.deepEqual(changes, { made: 0, kept: 5, renamed: 0, removed: 0 });
    assert.deepEqual(changesSince(before, out), { written: [], gone: [] });
    assert.deepEqual(file, first.file);
  });

  it('removes a picture that is none of its own, and counts it once', async () => {
    const { out } = await made();
    await plant(join(out, 'hr'), { 'stray.png': png(8, 8) });
    const { changes } = await updateDataset(out);
    assert.deepEqual(changes, { made: 0, kept: 5, renamed: 0, removed: 1 });
  });

  it('makes again only what was added or changed, and removes what is gone', async () => {
    const { from, out, options } = await made();
    const before = readStamps(out);
    await plant(from, { 'a.png': png(64, 60, 6), 'new/f.png': png(60, 64, 7), 'bad.png': png(60, 64, 8) });
    rmSync(join(from, 'b.png'));
    const { changes } = await updateDataset(out);
    assert.deepEqual(changes, { made: 3, kept: 3, renamed: 0, removed: 1 });
    const { written, gone } = changesSince(before, out);
    assert.deepEqual(written, [
      DATASET_FILE,
      ...['hr/a.png', 'hr/bad.png', 'hr/new-f.png'],
      IMAGES_FILE,
      ...['lr/a.png', 'lr/bad.png', 'lr/new-f.png'],
    ]);
    assert.deepEqual(gone, ['hr/b.png', 'lr/b.png']);
    await assertAsNew(out, options);
  });

  it('knows files again that were renamed, also those that changed names with others', async () => {
    const { from, out, options } = await made();
    renameSync(join(from, 'a.png'), join(from, 'tmp'));
    renameSync(join(from, 'b.png'), join(from, 'a.png'));
    renameSync(join(from, 'tmp'), join(from, 'b.png'));
    renameSync(join(from, 'x'), join(from, 'deep'));
    const { changes } = await updateDataset(out);
    assert.deepEqual(changes, { made: 0, kept: 5, renamed: 4, removed: 0 });
    await assertAsNew(out, options);
  });

  it('keeps everything when the source folder has moved', async () => {
    const { from, out, options } = await made();
    const moved = `${from}-moved`;
    renameSync(from, moved);
    await assert.rejects(updateDataset(out), { name: 'LabError', message: /does not exist/ });
    await readDataset(out);
    const { changes } = await updateDataset(out, { from: [moved] });
    assert.deepEqual(changes, { made: 0, kept: 5, renamed: 0, removed: 0 });
    await assertAsNew(out, { ...options, from: [moved] });
  });

  it('does not take an empty folder for the end of all images', async () => {
    const { from, out } = await made();
    rmSync(from, { recursive: true });
    mkdirSync(from);
    await assert.rejects(updateDataset(out), { name: 'LabError', message: /no images in/ });
    assert.equal((await readDataset(out)).images.length, 5);
  });

  it('follows a change of the recipe, and keeps what that does not touch', async () => {
    const { out, options } = await made();
    const steps: [Partial<CreateDatasetOptions>, { made: number; kept: number; removed: number }][] = [
      [{ validation: { by: 'folder', folders: ['x'] } }, { made: 0, kept: 5, removed: 0 }],
      [{ exclude: ['*.jpg'] }, { made: 0, kept: 4, removed: 1 }],
      [{ degradation: { stages: presetStages('real-esrgan'), seed: 4 } }, { made: 4, kept: 0, removed: 0 }],
      [
        { degradation: {}, exclude: [], name: 'other' },
        { made: 5, kept: 0, removed: 0 },
      ],
      [{ subImages: { size: 48, step: 8 } }, { made: 45, kept: 0, removed: 5 }],
      [{ subImages: null }, { made: 5, kept: 0, removed: 45 }],
    ];
    let all: Omit<CreateDatasetOptions, 'folder'> = options;
    for (const [change, expected] of steps) {
      const { changes } = await updateDataset(out, { ...change, workers: 2 });
      assert.deepEqual(changes, { ...expected, renamed: 0 }, JSON.stringify(change));
      all = { ...all, ...change };
      rmSync(`${out}-anew`, { recursive: true, force: true });
      await assertAsNew(out, all);
    }
  });

  it('is what `create` does with a data set of the same recipe, and refuses with another', async () => {
    const { from, options } = await made();
    await plant(from, { 'f.png': png(60, 64, 9) });
    const { changes, file } = await whole(createDataset(options));
    assert.deepEqual(changes, { made: 1, kept: 5, renamed: 0, removed: 0 });
    assert.equal(file.images.length, 6);
    await assert.rejects(createDataset({ ...options, scale: 3 }), {
      name: 'LabError',
      message: /made in another way.*dataset update/,
    });
  });

  it('rewrites format 1', async () => {
    const { from, out, options } = await made();
    const { images, omitted, ...header } = await readDataset(out);
    const { include: _, exclude: __, leftOut: ___, contents: ____, ...rest } = header;
    const old = {
      ...rest,
      format: 1,
      validation: { share: 0.1, seed: 0 },
      images: images.map(({ kind: _, measures: __, ...fields }) => fields),
      omitted: omitted.map(({ kind: _, ...fields }) => fields),
    };
    rmSync(join(out, IMAGES_FILE));
    writeFileSync(join(out, DATASET_FILE), JSON.stringify(old));
    await plant(from, { 'f.png': png(60, 64, 9) });
    const { changes } = await updateDataset(out);
    assert.equal(changes.made, 6, 'its images were not measured');
    await assertAsNew(out, options);
  });

  it('makes a damaged picture again, and trusts no damaged list', async () => {
    const { out, options } = await made();
    writeFileSync(join(out, 'lr', 'a.png'), 'damaged');
    assert.equal((await updateDataset(out)).changes.made, 1);
    const list = join(out, IMAGES_FILE);
    writeFileSync(list, readFileSync(list, 'utf8').replace('"sourceWidth":60', '"sourceWidth":61'));
    assert.equal((await updateDataset(out)).changes.made, 5);
    rmSync(list);
    assert.equal((await updateDataset(out)).changes.made, 5);
    await assertAsNew(out, options);
  });

  it('does not take itself for a source', async () => {
    const { from } = await made();
    const out = join(from, 'sets', 'out');
    const options: CreateDatasetOptions = { folder: out, from: [from], scale: 2, workers: 1 };
    const first = await whole(createDataset(options));
    assert.equal(first.file.images.length, 5);
    const again = await whole(updateDataset(out));
    assert.deepEqual(again.file, first.file);
    assert.deepEqual(again.changes, { made: 0, kept: 5, renamed: 0, removed: 0 });
  });

  it('gives files of equal content images of their own', async () => {
    const { from, out, options } = await made();
    cpSync(join(from, 'a.png'), join(from, 'copy.png'));
    rmSync(join(from, 'b.png'));
    const { changes } = await updateDataset(out);
    assert.deepEqual(changes, { made: 0, kept: 5, renamed: 1, removed: 1 });
    await assertAsNew(out, options);
    writeFileSync(join(out, 'hr', 'a.png'), '');
    assert.notEqual(readFileSync(join(out, 'hr', 'copy.png')).length, 0, 'no link to the other');
  });

  it('removes what is left of writers that were killed', async () => {
    const { out } = await made();
    await plant(out, {
      'hr/.a.png.123.partial': 'half',
      '.images.jsonl.123.partial': 'half',
      'hr/old.png': 'x',
    });
    const before = filesBelow(out);
    await updateDataset(out);
    assert.deepEqual(
      before.filter((path) => !filesBelow(out).includes(path)),
      ['.images.jsonl.123.partial', 'hr/.a.png.123.partial', 'hr/old.png'],
    );
  });
});
