import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import { compressAsJpeg, encodeJpeg } from '../../../src/datasets/jpeg';
import { createImage } from '../../../src/imaging/image';
import { makeImage } from '../../support/pictures';

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

describe('JPEG as a degradation', () => {
  const image = makeImage(61, 47);

  it('is baseline, with chroma at half resolution at any quality', async () => {
    for (const quality of [1, 50, 95, 100]) {
      const { format, chromaSubsampling, isProgressive } = await sharp(
        await encodeJpeg(image, quality),
      ).metadata();
      assert.deepEqual([format, chromaSubsampling, isProgressive], ['jpeg', '4:2:0', false]);
    }
  });

  it('keeps the size, and less of the image the lower the quality', async () => {
    const losses: number[] = [];
    for (const quality of [100, 80, 50, 20, 5]) {
      const { width, height, data } = await compressAsJpeg(image, quality);
      assert.deepEqual([width, height], [61, 47]);
      losses.push(meanDifference(data, image.data));
    }
    assert.deepEqual(
      losses,
      losses.toSorted((a, b) => a - b),
    );
    assert.ok(losses[0]! > 0);
  });

  it('gives the same pixels again', async () => {
    assert.deepEqual(await compressAsJpeg(image, 40), await compressAsJpeg(image, 40));
  });

  it('says what it cannot hold', async () => {
    await assert.rejects(encodeJpeg(createImage(65_501, 1), 90), {
      name: 'LabError',
      message: /65501×1: no side may be longer than 65500/,
    });
  });
});
