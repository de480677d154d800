import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import { readImageFile } from '../../../src/datasets/images';
import { scanFolders, type ScanResult } from '../../../src/datasets/scan';
import { asOrdinaryUser } from '../../support/ordinary-user';
import { temporaryFolders } from '../../support/temporary-folder';

/** Makes files, whose content does not matter to a scan. */
function plant(folder: string, ...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), file);
  }
}

function sources({ candidates }: ScanResult): string[] {
  return candidates.map(({ source }) => source);
}

describe('scanning source folders', () => {
  const makeFolder = temporaryFolders();

  it('finds images in natural order and counts other files', async () => {
    const folder = makeFolder();
    plant(folder, '10.png', '2.PNG', 'b/1.jpg', 'a/3.webp', 'notes.txt', 'a/readme', 'a/4.tiff');
    const result = await scanFolders([folder]);
    assert.deepEqual(sources(result), ['2.PNG', '10.png', 'a/3.webp', 'a/4.tiff', 'b/1.jpg']);
    assert.equal(result.otherFiles, 2);
    assert.deepEqual(result.omitted, []);
  });

  it('skips hidden files and folders', async () => {
    const folder = makeFolder();
    plant(folder, '.hidden.png', '.cache/1.png', '._1.jpg', '1.jpg');
    assert.deepEqual(sources(await scanFolders([folder])), ['1.jpg']);
  });

  it('takes names with spaces, quotes, hash, Unicode and newlines', async () => {
    const folder = makeFolder();
    const names = [`it's "me".png`, 'a b.png', '#1.png', 'Grüße 日本.png', 'two\nlines.png', '100%.png'];
    plant(folder, ...names);
    assert.deepEqual(new Set(sources(await scanFolders([folder]))), new Set(names));
  });

  it('ends in a symlink loop, and reports it', async () => {
    const folder = makeFolder();
    plant(folder, 'a/1.png');
    symlinkSync(folder, join(folder, 'a', 'loop'));
    symlinkSync('self', join(folder, 'self'));
    symlinkSync('self.png', join(folder, 'self.png'));
    const result = await scanFolders([folder]);
    assert.deepEqual(sources(result), ['a/1.png']);
    assert.deepEqual(
      result.omitted.map(({ source }) => source),
      ['a/loop', 'self.png'],
    );
    assert.match(result.omitted[0]!.reason, /read before/);
    assert.match(result.omitted[1]!.reason, /leads back to itself/);
  });

  it('takes a file once, whatever the ways to it', async () => {
    const folder = makeFolder();
    plant(folder, 'a/1.png', 'b/2.png');
    symlinkSync(join('..', 'a', '1.png'), join(folder, 'b', '3.png'));
    symlinkSync(join('..', 'gone.png'), join(folder, 'b', '4.png'));
    const result = await scanFolders([folder, join(folder, 'b')]);
    assert.deepEqual(sources(result), ['a/1.png', 'b/2.png']);
    const reasons = Object.fromEntries(
      result.omitted.map(({ root, source, reason }) => [`${root}:${source}`, reason]),
    );
    assert.match(reasons['0:b/3.png']!, /same file as/);
    assert.match(reasons['0:b/4.png']!, /its target is gone/);
    assert.match(reasons['1:.']!, /read before/);
  });

  it('reports formats that cannot be read', async () => {
    const folder = makeFolder();
    plant(folder, 'scan.bmp', 'phone.HEIC');
    const result = await scanFolders([folder]);
    assert.deepEqual(result.candidates, []);
    assert.equal(result.omitted.length, 2);
    assert.match(result.omitted[0]!.reason, /Convert/);
  });

  it('does not take data sets and runs for photographs', async () => {
    const folder = makeFolder();
    plant(
      folder,
      '1.png',
      'set/dataset.srgan.json',
      'set/hr/2.png',
      'run/run.srgan.json',
      'run/samples/3.png',
    );
    const result = await scanFolders([folder]);
    assert.deepEqual(sources(result), ['1.png']);
    assert.deepEqual(
      result.omitted.map(({ source }) => source),
      ['run', 'set'],
    );
    await assert.rejects(scanFolders([join(folder, 'set')]), /is itself a data set.*hr/);
  });

  it('leaves out folders and files that may not be read', async function () {
    const folder = makeFolder();
    plant(folder, '1.png', 'mine.png', 'private/2.png');
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'mine.png'), 0);
    chmodSync(join(folder, 'private'), 0);
    await asOrdinaryUser(this, async () => {
      const result = await scanFolders([folder]);
      assert.deepEqual(sources(result), ['1.png', 'mine.png']);
      assert.deepEqual(
        result.omitted.map(({ source, reason }) => [source, reason]),
        [['private', 'You may not read this folder. Change its permissions.']],
      );
      await assert.rejects(readImageFile(join(folder, 'mine.png')), {
        name: 'LabError',
        message: /You may not read .*mine\.png/,
      });
    });
    chmodSync(join(folder, 'private'), 0o755);
  });

  it('refuses a root that is missing or a file', async () => {
    const folder = makeFolder();
    plant(folder, '1.png');
    await assert.rejects(scanFolders([join(folder, 'no')]), { name: 'LabError', message: /does not exist/ });
    await assert.rejects(scanFolders([join(folder, '1.png')]), {
      name: 'LabError',
      message: /is not a folder/,
    });
  });
});
