import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { pairFiles, scorePairs } from '../../../src/cli/score-files';
import { writePng } from '../../../src/datasets/images';
import { cropToMultiple } from '../../../src/imaging/image';
import { imresize } from '../../../src/imaging/imresize';
import { scoreImages } from '../../../src/imaging/metrics';
import { scoreByProtocol } from '../../../src/imaging/score-by-protocol';
import { makeImage } from '../../support/pictures';
import { temporaryFolders } from '../../support/temporary-folder';

describe('comparing files', () => {
  const makeFolder = temporaryFolders();

  /** Empty files: only their names matter. */
  function folderOf(...files: string[]): string {
    const folder = join(makeFolder(), 'images');
    mkdirSync(folder);
    for (const file of files) writeFileSync(join(folder, file), '');
    return folder;
  }

  it('pairs the images of two folders by name', async () => {
    const hr = folderOf('10.png', '2.png', 'only-hr.png', 'b.tiff', 'notes.txt', '.hidden.png');
    const sr = folderOf('2.jpg', '10x4.png', 'b_x4.png', 'only-sr.png');
    const { pairs, unmatched } = await pairFiles(hr, sr, 4);
    assert.deepEqual(pairs, [
      { name: '2', hr: join(hr, '2.png'), sr: join(sr, '2.jpg') },
      { name: '10', hr: join(hr, '10.png'), sr: join(sr, '10x4.png') },
      { name: 'b', hr: join(hr, 'b.tiff'), sr: join(sr, 'b_x4.png') },
    ]);
    assert.deepEqual(unmatched, [join(hr, 'only-hr.png'), join(sr, 'only-sr.png')]);
    assert.equal((await pairFiles(hr, sr)).pairs.length, 1);
  });

  it('says what does not fit', async () => {
    const [hr, sr] = [folderOf('a.png'), folderOf('b.png')];
    await assert.rejects(pairFiles(hr, sr), { name: 'LabError', message: /has the name of one/ });
    await assert.rejects(pairFiles(hr, join(sr, 'b.png')), {
      name: 'LabError',
      message: /two files or two folders/,
    });
    await assert.rejects(pairFiles(join(hr, 'x'), sr), { name: 'LabError' });
  });

  it('cuts HR to a multiple of the scale and leaves out the border', async () => {
    const folder = makeFolder();
    const paths = { name: 'p', hr: join(folder, 'hr.png'), sr: join(folder, 'sr.png') };
    const hr = makeImage(53, 41);
    const cut = cropToMultiple(hr, 4);
    const sr = imresize(imresize(cut, 1 / 4), 4);
    await writePng(paths.hr, hr);
    await writePng(paths.sr, sr);
    const pairing = { pairs: [paths], unmatched: [] };
    const { images, mean } = await scorePairs(pairing, { protocol: 'y', border: 4, scale: 4 }, {});
    assert.deepEqual(images, [{ name: 'p', ...scoreImages(sr, cut, { border: 4 }), msSsim: null }]);
    assert.equal(mean.psnr, images[0]!.psnr);
    await assert.rejects(scorePairs(pairing, { protocol: 'y', border: 0, scale: undefined }, {}), {
      message: /is 52×40, but .* is 53×41/,
    });
    await assert.rejects(scorePairs(pairing, { protocol: 'rgb', border: 15, scale: 4 }, {}), {
      name: 'LabError',
      message: /11×11/,
    });
  });

  it('scores large pairs on threads, to the bits of one', async () => {
    const folder = makeFolder();
    const pairs = await Promise.all(
      [1, 2].map(async (seed) => {
        const [sr, hr] = [makeImage(1601, 1403, seed), makeImage(1601, 1403, seed + 2)];
        const pair = {
          name: `${seed}`,
          sr: join(folder, `sr-${seed}.png`),
          hr: join(folder, `hr-${seed}.png`),
        };
        await writePng(pair.sr, sr);
        await writePng(pair.hr, hr);
        return { pair, expected: scoreByProtocol(sr, hr, 'y', 4) };
      }),
    );
    const pairing = { pairs: pairs.map(({ pair }) => pair), unmatched: [] };
    const { images } = await scorePairs(pairing, { protocol: 'y', border: 4, scale: undefined }, {});
    assert.deepEqual(
      images,
      pairs.map(({ pair: { name }, expected }) => ({ name, ...expected })),
    );
  });

  it('names the first of two files that cannot be read', async () => {
    const folder = folderOf('sr.png', 'hr.png');
    const pair = { name: 'p', sr: join(folder, 'sr.png'), hr: join(folder, 'hr.png') };
    const pairing = { pairs: [pair], unmatched: [] };
    await assert.rejects(scorePairs(pairing, { protocol: 'y', border: 0, scale: undefined }, {}), {
      name: 'LabError',
      message: /sr\.png: The file is empty/,
    });
  });
});
