import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, it } from 'mocha';
import { checkDataset } from '../../../src/datasets/check';
import { createDataset } from '../../../src/datasets/create';
import { png } from '../../support/image-files';
import { temporaryFolders } from '../../support/temporary-folder';

describe('checking a data set', () => {
  const makeFolder = temporaryFolders();

  async function makeDataset(): Promise<string> {
    const folder = makeFolder();
    const from = join(folder, 'from');
    mkdirSync(from);
    for (const seed of [1, 2, 3]) writeFileSync(join(from, `${seed}.png`), await png(64, 64, seed));
    return (await createDataset({ folder: join(folder, 'set'), from: [from], scale: 2 })).folder;
  }

  it('finds nothing in a fresh one', async () => {
    const folder = await makeDataset();
    assert.deepEqual(await checkDataset(folder), { folder, ok: true, checked: 6, problems: [] });
  });

  it('names every missing, changed and corrupt file', async () => {
    const folder = await makeDataset();
    rmSync(join(folder, 'hr', '1.png'));
    writeFileSync(join(folder, 'lr', '1.png'), readFileSync(join(folder, 'lr', '2.png')));
    writeFileSync(join(folder, 'hr', '2.png'), await png(66, 64));
    const cut = readFileSync(join(folder, 'hr', '3.png'));
    writeFileSync(join(folder, 'hr', '3.png'), cut.subarray(0, cut.length / 2));
    rmSync(join(folder, 'lr', '3.png'));
    mkdirSync(join(folder, 'lr', '3.png'));
    const { ok, problems } = await checkDataset(folder);
    assert.equal(ok, false);
    const found = problems.map(({ file, problem }) => [
      `${basename(dirname(file))}/${basename(file)}`,
      problem,
    ]);
    assert.deepEqual(
      found.map(([file]) => file),
      ['hr/1.png', 'lr/1.png', 'hr/2.png', 'hr/3.png', 'lr/3.png'],
    );
    const expected = [
      /is missing/,
      /has changed since/,
      /is 66×64 instead of 64×64/,
      /^The image is damaged or cut short\.$/,
      /not a file/,
    ];
    for (const [index, pattern] of expected.entries()) assert.match(found[index]![1]!, pattern);
  });

  it('names files as they are found from anywhere', async () => {
    const folder = await makeDataset();
    rmSync(join(folder, 'lr', '1.png'));
    const { problems } = await checkDataset(relative(process.cwd(), folder));
    assert.deepEqual(problems, [{ file: join(folder, 'lr', '1.png'), problem: 'The file is missing.' }]);
  });

  it('refuses a folder that is no data set', async () => {
    await assert.rejects(checkDataset(makeFolder()), { name: 'LabError', message: /dataset\.srgan\.json/ });
  });
});
