/** Mending a data set from its sources: what can be mended is as it was, and of the rest it is said why not. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, it } from 'mocha';
import { checkDataset } from '../../../src/datasets/check';
import { createDataset, type CreateDatasetOptions } from '../../../src/datasets/create';
import { encodePng } from '../../../src/datasets/encode';
import { adoptDataset } from '../../../src/datasets/pairs/adopt';
import { repairDataset } from '../../../src/datasets/repair';
import { readDatasetFile, withoutContents, writeDatasetFile } from '../../../src/folders/dataset-folder';
import { imresize } from '../../../src/imaging/imresize';
import { IMAGES_FILE } from '../../../src/protocol/dataset-file';
import { assertSameTree } from '../../support/dataset-trees';
import { png } from '../../support/image-files';
import { makeImage } from '../../support/pictures';
import { temporaryFolders } from '../../support/temporary-folder';
import { plant, readStamps } from '../../support/trees';

describe('repairing a data set', () => {
  const makeFolder = temporaryFolders();

  /** A data set, and a copy of it as it was made. */
  async function made(
    options: Partial<CreateDatasetOptions> = {},
  ): Promise<{ from: string; out: string; copy: string }> {
    const folder = makeFolder();
    const [from, out, copy] = [join(folder, 'from'), join(folder, 'out'), join(folder, 'copy')];
    const seeds = [1, 2, 3, 4];
    await plant(from, Object.fromEntries(seeds.map((seed) => [`${seed}.png`, png(64, 64, seed)])));
    await createDataset({ folder: out, from: [from], scale: 2, workers: 1, ...options });
    cpSync(out, copy, { recursive: true });
    return { from, out, copy };
  }

  const told = (out: string, all: readonly { file: string }[]): string[] =>
    all.map(({ file }) => relative(out, file)).sort();

  it('makes missing, changed and corrupt files again, and touches no others', async () => {
    const { out, copy } = await made();
    const before = readStamps(out);
    rmSync(join(out, 'hr', '1.png'));
    writeFileSync(join(out, 'lr', '1.png'), 'text');
    writeFileSync(join(out, 'lr', '3.png'), readFileSync(join(out, 'lr', '2.png')));
    rmSync(join(out, 'hr', '4.png'));
    mkdirSync(join(out, 'hr', '4.png'));
    writeFileSync(join(out, 'hr', 'stray.png'), 'text');
    const damaged = ['hr/1.png', 'hr/4.png', 'hr/stray.png', 'lr/1.png', 'lr/3.png'];
    assert.deepEqual(told(out, (await checkDataset(out)).problems), damaged);

    const { ok, repaired, problems } = await repairDataset(out);
    assert.deepEqual([ok, problems, told(out, repaired)], [true, [], damaged]);
    assertSameTree(out, copy);
    assert.equal((await checkDataset(out)).ok, true);
    const after = readStamps(out);
    const untouched = [...before.keys()].filter((path) => before.get(path) === after.get(path));
    assert.deepEqual(untouched, ['dataset.srgan.json', 'hr/2.png', 'images.jsonl', 'lr/2.png']);
  });

  it('says that a source is gone or has changed, and mends the others', async () => {
    const { from, out } = await made();
    for (const name of ['1', '2', '3']) rmSync(join(out, 'lr', `${name}.png`));
    rmSync(join(from, '1.png'));
    await plant(from, { '2.png': png(64, 64, 22) });
    const { ok, repaired, problems } = await repairDataset(out);
    assert.equal(ok, false);
    assert.deepEqual(told(out, repaired), ['lr/3.png']);
    assert.deepEqual(told(out, problems), ['lr/1.png', 'lr/2.png']);
    assert.match(problems[0]!.problem, /1\.png is gone or cannot be read\. Put it back/);
    assert.match(problems[1]!.problem, /2\.png has changed since.*Update the data set/);
  });

  it('takes LR images over again that were adopted', async () => {
    const folder = makeFolder();
    const [hr, lr, out] = [join(folder, 'hr'), join(folder, 'lr'), join(folder, 'out')];
    for (const seed of [1, 2]) {
      const picture = makeImage(96, 96, seed);
      await plant(hr, { [`${seed}.png`]: encodePng(picture) });
      await plant(lr, { [`${seed}x2.png`]: encodePng(imresize(picture, 1 / 2, { kernel: 'box' })) });
    }
    await adoptDataset({ folder: out, hr: [hr], lr: [lr], workers: 1 });
    cpSync(out, join(folder, 'copy'), { recursive: true });
    rmSync(join(out, 'lr', '1.png'));
    rmSync(join(out, 'hr', '2.png'));
    const mended = await repairDataset(out);
    assert.deepEqual([mended.ok, told(out, mended.repaired)], [true, ['hr/2.png', 'lr/1.png']]);
    assertSameTree(out, join(folder, 'copy'));

    rmSync(join(out, 'lr', '1.png'));
    rmSync(join(out, 'lr', '2.png'));
    rmSync(join(lr, '1x2.png'));
    await plant(lr, { '2x2.png': encodePng(makeImage(48, 48, 3)) });
    const { repaired, problems } = await repairDataset(out);
    assert.deepEqual([repaired, told(out, problems)], [[], ['lr/1.png', 'lr/2.png']]);
    assert.match(problems[0]!.problem, /1x2\.png is gone or cannot be read/);
    assert.match(problems[1]!.problem, /2x2\.png has changed since/);
  });

  it('mends single sub-images', async () => {
    const { out, copy } = await made({ subImages: { size: 48, step: 16 } });
    rmSync(join(out, 'hr', '2.s003.png'));
    writeFileSync(join(out, 'lr', '2.s001.png'), '');
    const before = readStamps(out);
    const { ok, repaired } = await repairDataset(out);
    assert.deepEqual([ok, told(out, repaired)], [true, ['hr/2.s003.png', 'lr/2.s001.png']]);
    assert.equal(readStamps(out).get('hr/2.s002.png'), before.get('hr/2.s002.png'));
    assertSameTree(out, copy);
  });

  it('makes a damaged or missing list again, with the images', async () => {
    const { from, out, copy } = await made();
    const list = join(out, IMAGES_FILE);
    writeFileSync(list, readFileSync(list, 'utf8').slice(0, -20));
    const { problems } = await checkDataset(out);
    assert.deepEqual(told(out, problems), [IMAGES_FILE]);
    const mended = await repairDataset(out);
    assert.match(mended.repaired[0]!.repair, /it is what it was/);
    assertSameTree(out, copy);
    rmSync(list);
    rmSync(join(from, '1.png'));
    assert.match((await repairDataset(out)).repaired[0]!.repair, /have changed since/);
    assert.equal((await checkDataset(out)).ok, true);
  });

  it('writes a summary anew that does not fit the list', async () => {
    const { out, copy } = await made();
    const header = await readDatasetFile(out);
    await writeDatasetFile(out, { ...header, contents: { ...header.contents!, train: 77 } });
    assert.match((await checkDataset(out)).problems[0]!.problem, /summary of the contents/);
    assert.equal((await repairDataset(out)).ok, true);
    assertSameTree(out, copy);
  });

  it('leaves files alone that nobody of the lab wrote, and says so', async () => {
    const { out } = await made();
    writeFileSync(join(out, 'hr', 'notes.txt'), 'mine');
    const { ok, problems } = await repairDataset(out);
    assert.equal(ok, false);
    assert.match(problems[0]!.problem, /Move it elsewhere, or delete it/);
    assert.equal(readFileSync(join(out, 'hr', 'notes.txt'), 'utf8'), 'mine');
  });

  it('sends an incomplete data set to update', async () => {
    const { out } = await made();
    await writeDatasetFile(out, withoutContents(await readDatasetFile(out)));
    assert.match((await checkDataset(out)).problems[0]!.problem, /not complete.*dataset update/);
    await assert.rejects(repairDataset(out), { name: 'LabError', message: /not complete.*dataset update/ });
  });
});
