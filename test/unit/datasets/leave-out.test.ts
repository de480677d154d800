/** Leaving images out by hand: the others stay as they are, and everything can be taken back. */
import assert from 'node:assert/strict';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { createDataset, updateDataset, type CreateDatasetOptions } from '../../../src/datasets/create';
import { leaveOut } from '../../../src/datasets/leave-out';
import { placeSpelling } from '../../../src/protocol/dataset-file';
import { assertAsNew, whole } from '../../support/dataset-trees';
import { png } from '../../support/image-files';
import { temporaryFolders } from '../../support/temporary-folder';
import { plant } from '../../support/trees';

describe('leaving images out by hand', () => {
  const makeFolder = temporaryFolders();

  async function made(options: Partial<CreateDatasetOptions> = {}): Promise<CreateDatasetOptions> {
    const folder = makeFolder();
    const from = join(folder, 'from');
    await plant(from, {
      'a.png': png(64, 64, 1),
      'b.png': png(64, 64, 2),
      'x/a.png': png(64, 64, 3),
      'x a.png': png(64, 64, 4),
    });
    const all: CreateDatasetOptions = {
      ...{ folder: join(folder, 'out'), from: [from], scale: 2, workers: 1 },
      ...options,
    };
    await createDataset(all);
    return all;
  }

  it('takes images out by name or source, and puts them back', async () => {
    const options = await made();
    const { folder } = options;
    const { file, changes } = await whole(leaveOut(folder, ['b', 'x/a.png'], { undo: false }));
    assert.deepEqual(changes, { made: 0, kept: 2, renamed: 0, removed: 2 });
    assert.deepEqual(file.leftOut, [
      { root: 0, source: 'b.png' },
      { root: 0, source: 'x/a.png' },
    ]);
    // Its name stays, although the other image that wants it is out.
    assert.deepEqual(
      file.images.map(({ name }) => name),
      ['a', 'x-a-2'],
    );
    assert.equal(existsSync(join(folder, 'hr', 'b.png')), false);
    assert.equal((await updateDataset(folder)).changes.made, 0);

    const back = await leaveOut(folder, ['b.png'], { undo: true });
    assert.deepEqual(back.changes, { made: 1, kept: 2, renamed: 0, removed: 0 });
    await leaveOut(folder, [], { undo: true });
    await assertAsNew(folder, options);
  });

  it('does not read the images that stay', async () => {
    const options = await made();
    rmSync(join(options.folder, 'lr', 'a.png'));
    const { changes } = await leaveOut(options.folder, ['b'], { undo: false });
    assert.deepEqual(changes, { made: 0, kept: 3, renamed: 0, removed: 1 });
  });

  it('takes out single sub-images, or all of a source', async () => {
    const options = await made({ subImages: { size: 48, step: 16 } });
    const { folder } = options;
    const { file } = await whole(leaveOut(folder, ['a.s002', 'b'], { undo: false }));
    assert.deepEqual(file.leftOut, [
      { root: 0, source: 'a.png', crop: { left: 16, top: 0 } },
      { root: 0, source: 'b.png' },
    ]);
    const names = file.images.map(({ name }) => name);
    assert.deepEqual(names.slice(0, 3), ['a.s001', 'a.s003', 'a.s004']);
    assert.equal(names.length, 3 * 4 - 1);
    const again = await leaveOut(folder, ['a.s002', 'b.png', 'a.png@16,0'], { undo: false });
    assert.deepEqual([again.file.leftOut, again.changes.removed], [file.leftOut, 0]);
    assert.equal((await updateDataset(folder)).changes.made, 0);
    const { file: without } = await leaveOut(folder, ['a.png'], { undo: false });
    assert.deepEqual(
      without.leftOut.map(({ source, crop }) => [source, crop]),
      [
        ['a.png', undefined],
        ['b.png', undefined],
      ],
    );
    await leaveOut(folder, ['a.png', 'b.png'], { undo: true });
    await assertAsNew(folder, options);
  });

  it('puts back a single sub-image, by the name that it had or by its place', async () => {
    const options = await made({ subImages: { size: 48, step: 16 } });
    const { folder } = options;
    await leaveOut(folder, ['a.s001', 'a.s003', 'a.s004', 'b.s002'], { undo: false });
    const placesOf = async (...names: string[]): Promise<string[]> =>
      (await leaveOut(folder, names, { undo: true })).file.leftOut.map(({ source, crop }) =>
        placeSpelling(source, crop!),
      );
    assert.deepEqual(await placesOf('a.s003'), ['a.png@0,0', 'a.png@16,16', 'b.png@16,0']);
    assert.deepEqual(await placesOf('a.png@16,16'), ['a.png@0,0', 'b.png@16,0']);
    assert.deepEqual(await placesOf('b'), ['a.png@0,0']);
    await assert.rejects(
      leaveOut(folder, ['a.s002'], { undo: true }),
      /knows no image and no source a\.s002/,
    );
    await leaveOut(folder, [], { undo: true });
    await assertAsNew(folder, options);
  });

  it('refuses what it does not know, and to take out everything', async () => {
    const { folder } = await made();
    const unknown = { name: 'LabError', message: /knows no image and no source c/ };
    await assert.rejects(leaveOut(folder, ['c'], { undo: false }), unknown);
    await assert.rejects(leaveOut(folder, ['c'], { undo: true }), unknown);
    await assert.rejects(leaveOut(folder, [], { undo: false }), {
      name: 'LabError',
      message: /Name the images/,
    });
    await assert.rejects(leaveOut(folder, ['a', 'b', 'x/a.png', 'x a.png'], { undo: false }), {
      name: 'LabError',
      message: /4 images were left out by hand/,
    });
    assert.equal((await updateDataset(folder)).changes.kept, 4);
  });

  it('follows its folder when that moves, or is named in another order', async () => {
    const options = await made();
    const { folder } = options;
    const from = options.from[0]!;
    const second = `${from}-second`;
    await plant(second, { 'b.png': png(64, 64, 9) });
    await leaveOut(folder, ['b'], { undo: false });
    const { file } = await whole(updateDataset(folder, { from: [second, from] }));
    assert.deepEqual(file.leftOut, [{ root: 1, source: 'b.png' }]);
    assert.deepEqual(
      file.images.filter(({ source }) => source === 'b.png').map(({ root }) => root),
      [0],
    );
    renameSync(from, `${from}-moved`);
    const moved = await updateDataset(folder, { from: [second, `${from}-moved`] });
    assert.deepEqual([moved.file.leftOut, moved.changes.made], [file.leftOut, 0]);
    assert.deepEqual((await updateDataset(folder, { from: [second] })).file.leftOut, []);
  });
});
