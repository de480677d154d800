/** Thumbnails: large pictures of every format made small, upright, in the colours that the page will show. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import sharp, { type Sharp } from 'sharp';
import { decodeImage } from '../../../src/datasets/decode';
import { readPicture } from '../../../src/datasets/picture';
import { readThumbnail } from '../../../src/datasets/thumbnail';
import { alphaPng, truncatedJpeg } from '../../support/image-files';
import { claimedPng } from '../../support/png-files';
import { temporaryFolders } from '../../support/temporary-folder';

const [width, height] = [2400, 1800];

/** A ramp in each channel: what is turned, mirrored or of other colours differs everywhere. */
function ramps(channels: 3 | 4 = 3): Sharp {
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      data[at++] = (x * 255) / width;
      data[at++] = (y * 255) / height;
      data[at++] = 128;
      if (channels === 4) data[at++] = x < width / 2 ? 255 : 64;
    }
  }
  return sharp(data, { raw: { width, height, channels } });
}

/** An uncompressed BMP of 24 bits. */
async function bmpOf(pipeline: Sharp): Promise<Buffer> {
  const rgb = await pipeline.raw().toBuffer();
  const file = Buffer.alloc(54 + rgb.length);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(-height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let at = 0; at < rgb.length; at += 3) {
    file[54 + at] = rgb[at + 2]!;
    file[55 + at] = rgb[at + 1]!;
    file[56 + at] = rgb[at]!;
  }
  return file;
}

describe('Thumbnails', function () {
  this.timeout(60_000);
  const temporaryFolder = temporaryFolders();

  async function thumbnailOf(name: string, bytes: Buffer) {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, bytes);
    let decoded = 0;
    const thumbnail = await readThumbnail(path, () => {
      decoded += 1;
      return readPicture(path);
    });
    return { thumbnail, decoded };
  }

  /** Largest difference from the ramps, away from the borders, of the thumbnail in the middle of each of 8×6 parts. */
  async function differenceOf(file: Buffer): Promise<number> {
    const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height], [1600, 1200]);
    let largest = 0;
    for (let y = 100; y < info.height; y += 200) {
      for (let x = 100; x < info.width; x += 200) {
        const expected = [(x * 255) / info.width, (y * 255) / info.height, 128];
        const at = 3 * (y * info.width + x);
        for (const [channel, level] of expected.entries())
          largest = Math.max(largest, Math.abs(data[at + channel]! - level));
      }
    }
    return largest;
  }

  const files: Record<string, () => Promise<Buffer>> = {
    'a.jpg': () => ramps().jpeg({ quality: 95 }).toBuffer(),
    'a.png': () => ramps().png({ compressionLevel: 1 }).toBuffer(),
    'wide.png': () => ramps().toColourspace('rgb16').png({ compressionLevel: 1 }).toBuffer(),
    'a.webp': () => ramps().webp({ quality: 95, effort: 0 }).toBuffer(),
    'a.tif': () => ramps().tiff({ compression: 'none' }).toBuffer(),
    'a.avif': () => ramps().avif({ quality: 90, effort: 0 }).toBuffer(),
    'a.bmp': () => bmpOf(ramps()),
    // Row 0 is the left side of what is in the file: EXIF says how it is turned back.
    'turned.jpg': () => ramps().rotate(270).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer(),
  };
  for (const [name, make] of Object.entries(files)) {
    it(`makes ${name} small: upright, in its colours`, async () => {
      const { thumbnail, decoded } = await thumbnailOf(name, await make());
      assert.equal(thumbnail?.type, 'image/jpeg');
      const difference = await differenceOf(Buffer.from(thumbnail.base64, 'base64'));
      assert.ok(difference <= 4, `differs by ${difference}`);
      assert.equal(decoded, /avif|bmp/.test(name) ? 1 : 0, 'times that all of it was decoded');
    });
  }

  it('keeps opacity', async () => {
    for (const [name, bytes] of [
      ['clear.png', await ramps(4).png({ compressionLevel: 1 }).toBuffer()],
      ['clear.avif', await ramps(4).avif({ quality: 90, effort: 0 }).toBuffer()],
    ] as const) {
      const { thumbnail } = await thumbnailOf(name, bytes);
      assert.equal(thumbnail?.type, 'image/webp');
      const file = Buffer.from(thumbnail.base64, 'base64');
      const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
      assert.equal(info.channels, 4);
      const opacityAt = (x: number): number => data[4 * (600 * info.width + x) + 3]!;
      assert.ok(Math.abs(opacityAt(400) - 255) <= 2 && Math.abs(opacityAt(1200) - 64) <= 2, name);
    }
  });

  it('makes CMYK small in the colours that it is converted to', async () => {
    const cmyk = await ramps().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    const { thumbnail, decoded } = await thumbnailOf('print.jpg', cmyk);
    assert.ok(thumbnail);
    assert.equal(decoded, 1);
    const small = await sharp(Buffer.from(thumbnail.base64, 'base64')).stats();
    const { image } = await decodeImage(cmyk);
    const whole = await sharp(image.data, { raw: { width, height, channels: 3 } }).stats();
    for (const [channel, { mean }] of whole.channels.entries())
      assert.ok(Math.abs(mean - small.channels[channel]!.mean) < 2, String(channel));
  });

  it('makes none of what is small, and says what is no picture, a bomb, or cut short', async () => {
    assert.equal((await thumbnailOf('small.png', await alphaPng(16, 8))).thumbnail, null);
    await assert.rejects(thumbnailOf('text.png', Buffer.from('not an image')), /not an image/);
    await assert.rejects(thumbnailOf('bomb.png', claimedPng(65_535, 65_535)), /more than 268 million/);
    await assert.rejects(thumbnailOf('half.jpg', await truncatedJpeg(width, height)), /cut short/);
  });
});
