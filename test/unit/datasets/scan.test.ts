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

  describe('with patterns', () => {
    const files = ['1.png', '2.JPG', 'holiday/3.jpg', 'holiday/raw/4.jpg', 'a/holiday/5.png', 'work/6.jpg'];
    const cases: [include: string[] | undefined, exclude: string[], expected: string[]][] = [
      [
        undefined,
        [],
        ['1.png', '2.JPG', 'a/holiday/5.png', 'holiday/3.jpg', 'holiday/raw/4.jpg', 'work/6.jpg'],
      ],
      [['*.jpg'], [], ['2.JPG', 'holiday/3.jpg', 'holiday/raw/4.jpg', 'work/6.jpg']],
      [
        ['./*.{png,jpg}'],
        [],
        ['1.png', '2.JPG', 'a/holiday/5.png', 'holiday/3.jpg', 'holiday/raw/4.jpg', 'work/6.jpg'],
      ],
      [['/*.{png,jpg}'], [], ['1.png', '2.JPG']],
      [['holiday'], [], ['a/holiday/5.png', 'holiday/3.jpg', 'holiday/raw/4.jpg']],
      [['/Holiday/'], [], ['holiday/3.jpg', 'holiday/raw/4.jpg']],
      [['holiday/*'], [], ['holiday/3.jpg']],
      [['*/*.jpg', '1.png'], ['work'], ['1.png', 'holiday/3.jpg']],
      [undefined, ['raw/', '*.png'], ['2.JPG', 'holiday/3.jpg', 'work/6.jpg']],
      [undefined, ['holiday/**'], ['1.png', '2.JPG', 'a/holiday/5.png', 'work/6.jpg']],
      [undefined, ['**/holiday/**', 'work/6.*'], ['1.png', '2.JPG']],
      [[], [], []],
    ];
    for (const [include, exclude, expected] of cases) {
      it(`takes ${include?.join(' ') ?? 'all'}, but not ${exclude.join(' ') || 'nothing'}`, async () => {
        const folder = makeFolder();
        plant(folder, ...files);
        assert.deepEqual(sources(await scanFolders([folder], { include, exclude })), expected);
      });
    }

    it('says nothing of what is not wanted, and does not read excluded folders', async () => {
      const folder = makeFolder();
      plant(folder, '1.png', 'out/2.heic', 'out/3.png', '4.heic', 'notes.txt');
      symlinkSync('gone.png', join(folder, '5.png'));
      const without = await scanFolders([folder], { exclude: ['out', '4.*', '5.*'] });
      assert.deepEqual(
        without.candidates.map(({ root, source, path }) => ({ root, source, path })),
        [{ root: 0, source: '1.png', path: join(folder, '1.png') }],
      );
      const { omitted, otherFiles, unwantedImages } = without;
      assert.deepEqual(
        { omitted, otherFiles, unwantedImages },
        { omitted: [], otherFiles: 1, unwantedImages: 1 },
      );
      const only = await scanFolders([folder], { include: ['out/*'] });
      assert.deepEqual(sources(only), ['out/3.png']);
      assert.deepEqual(
        only.omitted.map(({ source }) => source),
        ['out/2.heic'],
      );
    });

    it('means by a name that name, whatever its letters', async () => {
      const folder = makeFolder();
      const odd = [
        'Summer (2019)',
        'a+b$c^d',
        'x|y',
        '@2x',
        '#1, 100%',
        'two\nlines',
        `it's`,
        'Gru\u0308\u00dfe',
      ];
      plant(folder, 'other/1.png', ...odd.map((name) => `${name}/1.png`));
      for (const name of odd) {
        const typed = name.normalize('NFC');
        for (const pattern of [typed, `/${typed}/*.png`, `**/${typed}/**`]) {
          const found = sources(await scanFolders([folder], { include: [pattern] }));
          assert.deepEqual(found, [`${name}/1.png`], pattern);
        }
      }
      const others = sources(await scanFolders([folder], { exclude: odd }));
      assert.deepEqual(others, ['other/1.png']);
    });

    it('applies them to each root by itself', async () => {
      const folder = makeFolder();
      plant(folder, 'a/1.png', 'a/raw/2.png');
      const roots = [join(folder, 'a'), join(folder, 'a', 'raw')];
      const { candidates, omitted } = await scanFolders(roots, { exclude: ['raw'] });
      assert.deepEqual(
        candidates.map(({ root, source }) => [root, source]),
        [
          [0, '1.png'],
          [1, '2.png'],
        ],
      );
      assert.deepEqual(omitted, []);
    });

    for (const [pattern, message] of [
      ['', /is empty/],
      ['./', /is empty/],
      ['!*.png', /begins with “!”/],
      ['../other/**', /leads out of the source folder/],
      ['C:/photos/**', /leads out of the source folder/],
    ] as const) {
      it(`refuses “${pattern}”`, async () => {
        const folder = makeFolder();
        await assert.rejects(scanFolders([folder], { include: [pattern] }), { name: 'LabError', message });
        await assert.rejects(scanFolders([folder], { exclude: [pattern] }), { name: 'LabError', message });
      });
    }
  });

  it('stops at an abort', async () => {
    const folder = makeFolder();
    await assert.rejects(scanFolders([folder], {}, AbortSignal.abort()), { name: 'AbortError' });
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
    plant(folder, 'scan.tga', 'phone.HEIC');
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
