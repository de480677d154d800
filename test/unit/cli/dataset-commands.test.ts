/** The commands that change data sets, as a person types them. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readDataset, readDatasetFile } from '../../../src/folders/dataset-folder';
import {
  createDatasetResultSchema,
  failureSchema,
  repairDatasetResultSchema,
} from '../../../src/protocol/progress';
import { runBuiltCli } from '../../support/command-line';
import { png } from '../../support/image-files';
import { temporaryFolders } from '../../support/temporary-folder';
import { plant } from '../../support/trees';

describe('data sets on the command line', () => {
  const makeFolder = temporaryFolders();

  async function photographs(): Promise<{ folder: string; from: string; out: string }> {
    const folder = makeFolder();
    const from = join(folder, 'from');
    await plant(from, {
      'a.png': png(130, 120, 1),
      'b.png': png(130, 120, 2),
      'drafts/c.png': png(130, 120, 3),
      'val/d.png': png(130, 120, 4),
    });
    return { folder, from, out: join(folder, 'out') };
  }

  async function run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runBuiltCli(['dataset', ...args, '--progress', 'none']);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  it('takes every part of a recipe, changes it, and says what was done', async () => {
    const { from, out } = await photographs();
    const patterns = ['--exclude', 'drafts', '--validation-folder', 'val'];
    const cut = ['--sub-images', '64', '--step', '32', '--threshold', '8'];
    const made = await run('create', out, '--from', from, '--scale', '2', ...patterns, ...cut, '--json');
    const result = createDatasetResultSchema.parse(JSON.parse(made));
    assert.deepEqual([result.images, result.changes.made], [{ train: 18, validation: 9 }, 27]);
    const { exclude, validation, subImages } = await readDatasetFile(out);
    assert.deepEqual([exclude, validation], [['drafts'], { by: 'folder', folders: ['val'] }]);
    assert.deepEqual(subImages, { size: 64, step: 32, threshold: 8 });

    assert.match(await run('update', out), /^Updated .*\nNo image had to be made or removed\.\n$/);
    const changed = await run('update', out, '--whole-images', '--validation', '0.25', '--seed', '3');
    assert.match(
      changed,
      /^Updated .*: 2 images to train on, 1 for validation\.\n3 images made, 0 kept, 27 removed/,
    );
    const list = join(from, 'list.txt');
    writeFileSync(list, '\uFEFFa.png\r\nval\\d.png\r\n\r\nval/e.png');
    const told = await run('update', out, '--validation-list', list, '--step', '48', '--sub-images', '96');
    const { images, ...header } = await readDataset(out);
    assert.deepEqual(header.validation, { by: 'list', sources: ['a.png', 'val/d.png', 'val/e.png'] });
    assert.match(told, /^Named for validation, but not among the sources: val\/e\.png\.$/m);
    assert.deepEqual(header.subImages, { size: 96, step: 48, threshold: 0 });
    assert.deepEqual(
      [...new Set(images.map(({ source, split }) => `${source} ${split}`))],
      ['a.png validation', 'b.png train', 'val/d.png validation'],
    );
  });

  it('names a hundred files that it cannot use, and says where the others are listed', async () => {
    const { from, out } = await photographs();
    const bad = Array.from(
      { length: 103 },
      (_, index) => [`bad/${index}.png`, Buffer.from('no image')] as const,
    );
    await plant(from, Object.fromEntries(bad));
    const lines = (await run('create', out, '--from', from, '--scale', '2')).trim().split('\n');
    assert.equal(lines.filter((line) => line.startsWith(`  ${join(from, 'bad')}`)).length, 99);
    assert.equal(lines.at(-1), '  and 4 more, at the end of images.jsonl');
    assert.equal((await readDataset(out)).omitted.length, 103);
  });

  it('keeps the seed of a degradation that is changed in part', async () => {
    const { from, out } = await photographs();
    await run('create', out, '--from', from, '--scale', '2', '--degradation', 'real-esrgan', '--seed', '9');
    const before = (await readDatasetFile(out)).degradation;
    assert.equal(before.seed, 9);
    await run('update', out, '--kernel', 'lanczos3');
    assert.deepEqual((await readDatasetFile(out)).degradation, { ...before, kernel: 'lanczos3' });
    await run('update', out, '--seed', '10');
    assert.deepEqual((await readDatasetFile(out)).degradation, { ...before, kernel: 'lanczos3', seed: 10 });
  });

  it('leaves out, puts back, repairs, and says what cannot be repaired', async () => {
    const { from, out } = await photographs();
    await run('create', out, '--from', from, '--scale', '2');
    assert.match(await run('leave-out', out, 'a', 'val/d.png'), /0 images made, 2 kept, 2 removed\./);
    assert.match(await run('leave-out', out, '--undo'), /2 images made, 2 kept, 0 removed\./);
    rmSync(join(out, 'lr', 'a.png'));
    const check = await runBuiltCli(['dataset', 'check', out]);
    assert.equal(check.code, 1);
    assert.match(
      check.stdout,
      /1 problem in 8 files:\n.*a\.png: The file is missing\.\nMend it .*dataset repair/,
    );
    assert.match(await run('repair', out), /^Mended 1 file of .*:\n.*a\.png: made again from .*a\.png\n$/);
    assert.match(await run('repair', out), /nothing had to be mended/);
    rmSync(join(out, 'lr', 'a.png'));
    rmSync(join(from, 'a.png'));
    const failed = await runBuiltCli(['dataset', 'repair', out, '--json']);
    assert.equal(failed.code, 1);
    const { ok, problems } = repairDatasetResultSchema.parse(JSON.parse(failed.stdout));
    assert.deepEqual([ok, problems.map(({ file }) => file)], [false, [join(out, 'lr', 'a.png')]]);
  });

  it('refuses options that do not go together, and a list that is empty', async () => {
    const { folder, from, out } = await photographs();
    const refuse = async (message: RegExp, ...args: string[]): Promise<void> => {
      const { code, stdout, stderr } = await runBuiltCli(['dataset', ...args, '--json']);
      const told = stdout === '' ? stderr : failureSchema.parse(JSON.parse(stdout)).error;
      assert.match(told, message);
      assert.notEqual(code, 0);
    };
    const create = ['create', out, '--from', from];
    await refuse(/cannot be used with/, ...create, '--validation', '0.2', '--validation-folder', 'val');
    await refuse(/need --sub-images/, ...create, '--step', '10');
    await refuse(/multiples of 4/, ...create, '--sub-images', '101');
    await refuse(/pattern.*leads out/, ...create, '--include', '../x');
    writeFileSync(join(folder, 'empty.txt'), '\n');
    await refuse(/lists nothing/, ...create, '--validation-list', join(folder, 'empty.txt'));
    await refuse(/dataset\.srgan\.json/, 'update', out);
  });
});
