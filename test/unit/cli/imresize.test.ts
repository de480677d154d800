/** `srgan-lab imresize`, on a picture of the tests and on Set5, whose LR images MATLAB made. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readImage, writePng } from '../../../src/datasets/images';
import { bundlePath } from '../../../src/folders/installation';
import { imresize } from '../../../src/imaging/imresize';
import { resizedImageSchema } from '../../../src/protocol/progress';
import { drawPicture } from '../../support/micro-run';
import { sharedData } from '../../support/shared-data';
import { temporaryFolders } from '../../support/temporary-folder';

const lab = (...args: string[]): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, [bundlePath('cli.js'), 'imresize', ...args]);

describe('imresize on the command line', () => {
  const temporary = temporaryFolders();

  it('resizes by a fraction, and to a size with another kernel', async () => {
    const folder = temporary();
    const [source, out] = [join(folder, 'source.png'), join(folder, 'out.png')];
    const picture = drawPicture(50, 40, 1);
    await writePng(source, picture);
    const { stdout } = await lab(source, out, '--scale', '1/3', '--json');
    assert.deepEqual(resizedImageSchema.parse(JSON.parse(stdout)), { file: out, width: 17, height: 14 });
    assert.deepEqual(await readImage(out), imresize(picture, 1 / 3, { convention: 'uint8-symmetric' }));

    await lab(
      source,
      out,
      '--size',
      '33x70',
      '--kernel',
      'lanczos3',
      '--convention',
      'double',
      '--no-antialias',
    );
    const expected = imresize(picture, { width: 33, height: 70 }, { kernel: 'lanczos3', antialias: false });
    assert.deepEqual(await readImage(out), expected);
  });

  it('makes Set5 as MATLAB did', async function () {
    const folder = sharedData(this, 'set5');
    const out = join(temporary(), 'lr.png');
    await lab(join(folder, 'HR', 'baby.png'), out, '--scale', '0.25');
    assert.deepEqual(await readImage(out), await readImage(join(folder, 'LR_bicubic', 'X4', 'babyx4.png')));
  });

  const refused: [string[], RegExp][] = [
    [[], /Say how/],
    [['--scale', '0'], /above 0/],
    [['--scale', '1/0'], /above 0/],
    [['--scale', '1e9'], /too much/],
    [['--size', '0x5'], /640x360/],
    [['--scale', '2', '--size', '5x5'], /cannot be used with/],
  ];
  for (const [options, message] of refused) {
    it(`refuses ${options.join(' ') || 'nothing to do'}`, async () => {
      const source = join(temporary(), 'source.png');
      await writePng(source, drawPicture(20, 20, 0));
      await assert.rejects(lab(source, join(temporary(), 'out.png'), ...options), message);
    });
  }
});
