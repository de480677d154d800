import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically, writeJsonAtomically } from '../../../src/folders/atomic-write';
import { LabError } from '../../../src/folders/lab-error';
import { temporaryFolders } from '../../support/temporary-folder';

describe('atomic write', () => {
  const folder = temporaryFolders();

  it('replaces a file and leaves nothing beside it', async () => {
    const target = folder();
    writeFileSync(join(target, 'a.json'), 'old');
    await writeJsonAtomically(join(target, 'a.json'), { new: true });
    assert.deepEqual(JSON.parse(readFileSync(join(target, 'a.json'), 'utf8')), { new: true });
    assert.deepEqual(readdirSync(target), ['a.json']);
  });

  it('names the file and the cause when the folder is gone, and leaves nothing', async () => {
    const path = join(folder(), 'gone', 'a.txt');
    await assert.rejects(writeFileAtomically(path, 'x'), (error) => {
      assert.ok(error instanceof LabError);
      assert.match(error.message, /Could not write .*a\.txt\. The folder is gone/);
      return true;
    });
  });

  it('keeps the old file when the new one cannot take its place', async () => {
    const target = folder();
    mkdirSync(join(target, 'occupied'));
    writeFileSync(join(target, 'occupied', 'inside'), 'kept');
    await assert.rejects(writeFileAtomically(join(target, 'occupied'), 'x'), LabError);
    assert.deepEqual(readdirSync(target), ['occupied']);
    assert.equal(readFileSync(join(target, 'occupied', 'inside'), 'utf8'), 'kept');
  });

  it('says that a read-only folder may not be written', async function () {
    if (process.getuid?.() === 0) this.skip();
    const target = folder();
    chmodSync(target, 0o500);
    await assert.rejects(writeFileAtomically(join(target, 'a'), 'x'), /may not write there/);
  });
});
