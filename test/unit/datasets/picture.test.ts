import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import sharp, { type Sharp } from 'sharp';
import { readPicture, writePicture } from '../../../src/datasets/picture';
import { pictureFormats } from '../../../src/protocol/picture-formats';
import { imresize, imresizeSamples } from '../../../src/imaging/imresize';
import { bmpFile, bmpRows } from '../../support/bmp-files';
import { png16 } from '../../support/image-files';
import { makeImage } from '../../support/pictures';
import { temporaryFolders } from '../../support/temporary-folder';

const [width, height] = [30, 20];

/** A small picture as sharp's input, RGB or RGBA. */
function drawn(channels: 3 | 4 = 3): Sharp {
  const { data } = makeImage(width, height, 5);
  const rgba = Buffer.alloc(width * height * channels, 255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    rgba.set(data.subarray(3 * pixel, 3 * pixel + 3), channels * pixel);
    if (channels === 4) rgba[4 * pixel + 3] = (pixel * 7) % 256;
  }
  return sharp(rgba, { raw: { width, height, channels } });
}

/** The samples of a file as they are, whatever its profile says. */
function samplesOf(path: string): Promise<Buffer> {
  return sharp(path, { ignoreIcc: true }).raw().toBuffer();
}

describe('a picture that becomes another file', () => {
  const makeFolder = temporaryFolders();

  function fileOf(name: string, bytes: Uint8Array): string {
    const path = join(makeFolder(), name);
    writeFileSync(path, bytes);
    return path;
  }

  it('keeps the colours of its own space, the profile and the EXIF data, and is upright', async () => {
    const exif = { IFD0: { Artist: 'Ann', Copyright: 'CC0' } };
    const turned = drawn().withIccProfile('p3').withExif(exif).withMetadata({ orientation: 6 });
    const source = fileOf(
      'p3.png',
      await turned.withExif(exif).withMetadata({ orientation: 6 }).png().toBuffer(),
    );
    const picture = await readPicture(source);
    assert.deepEqual([picture.image.width, picture.image.height], [height, width]);
    assert.equal(picture.opacity, undefined);

    const out = join(makeFolder(), 'out.png');
    const image = imresize(picture.image, 2);
    await writePicture(out, { ...picture, image }, 'png', 95);
    assert.deepEqual(await samplesOf(out), Buffer.from(image.data));
    const [before, after] = [await sharp(source).metadata(), await sharp(out).metadata()];
    assert.deepEqual(after.icc, before.icc);
    assert.ok(after.exif?.includes('Ann') && after.exif.includes('CC0'));
    assert.equal(after.orientation ?? 1, 1);
  });

  it('keeps opacity, and the colours under it', async () => {
    const source = fileOf('glass.png', await drawn(4).png().toBuffer());
    const picture = await readPicture(source);
    const raw = await samplesOf(source);
    assert.deepEqual(
      [...picture.opacity!.data],
      [...raw].filter((_, i) => i % 4 === 3),
    );
    assert.deepEqual(
      [...picture.image.data],
      [...raw].filter((_, i) => i % 4 !== 3),
    );
    const image = imresize(picture.image, 2);
    const opacity = imresizeSamples(picture.opacity!, 2);
    for (const format of ['png', 'tiff'] as const) {
      const out = join(makeFolder(), `out.${format}`);
      await writePicture(out, { ...picture, image, opacity }, format, 95);
      const back = await readPicture(out);
      assert.deepEqual(back.image.data, image.data, format);
      assert.deepEqual(back.opacity?.data, opacity.data, format);
    }
    const flat = join(makeFolder(), 'flat.jpg');
    await writePicture(flat, { ...picture, image, opacity }, 'jpeg', 100);
    const { data } = (await readPicture(flat)).image;
    const clear = opacity.data.indexOf(0);
    for (const channel of [0, 1, 2]) assert.ok(data[3 * clear + channel]! > 230, 'what is clear is white');
  });

  it('is written in every format', async () => {
    const picture = await readPicture(fileOf('a.jpg', await drawn().jpeg().toBuffer()));
    for (const format of pictureFormats) {
      const out = join(makeFolder(), `out.${format}`);
      await writePicture(out, picture, format, 90);
      const header = await sharp(out).metadata();
      assert.deepEqual([header.width, header.height], [width, height], format);
      assert.equal(header.format, format === 'avif' ? 'heif' : format);
    }
  });

  it('keeps EXIF, XMP and the colour profile in every format, but TIFF has no EXIF', async () => {
    const described = drawn()
      .withIccProfile('p3')
      .withExif({ IFD0: { Artist: 'Ada' } })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>');
    const picture = await readPicture(fileOf('a.jpg', await described.jpeg().toBuffer()));
    for (const format of pictureFormats) {
      const out = join(makeFolder(), `out.${format}`);
      await writePicture(out, picture, format, 90);
      const { exif, xmp, icc } = await sharp(out).metadata();
      assert.ok(xmp?.includes('xmpmeta') === true && icc !== undefined, format);
      assert.equal(exif?.includes('Ada') ?? false, format !== 'tiff', format);
    }
  });

  it('may be grey with opacity, of 16 bits, CMYK, or a BMP', async () => {
    const grey = await readPicture(fileOf('g.png', await drawn(4).toColourspace('b-w').png().toBuffer()));
    assert.equal(grey.opacity?.data.length, width * height);
    assert.equal(grey.origin.ownColours, false);
    const samples = Uint16Array.from(makeImage(width, height, 5).data, (value) => 257 * value);
    const deep = await readPicture(fileOf('w.png', await png16(width, height, samples)));
    assert.deepEqual(deep.image.data, makeImage(width, height, 5).data);
    assert.deepEqual(deep.notes, ['16 bits a channel rounded to 8']);
    const cmyk = await readPicture(fileOf('c.jpg', await drawn().toColourspace('cmyk').jpeg().toBuffer()));
    const bmp = bmpFile({ width: 2, height: 1, bits: 24, pixels: bmpRows(2, 24, [0x102030, 0xfffefd]) });
    for (const picture of [grey, deep, cmyk, await readPicture(fileOf('b.bmp', bmp))]) {
      const out = join(makeFolder(), 'out.png');
      await writePicture(out, picture, 'png', 95);
      assert.deepEqual((await readPicture(out)).image.data, picture.image.data);
    }
  });

  it('says what is wrong with a file, and what a format cannot hold', async () => {
    await assert.rejects(readPicture(fileOf('empty.png', Buffer.alloc(0))), /empty\.png: The file is empty/);
    await assert.rejects(readPicture(fileOf('text.png', Buffer.from('text'))), /text\.png: This is not/);
    const picture = await readPicture(fileOf('a.png', await drawn().png().toBuffer()));
    const image = imresize(picture.image, { width: 16_384, height: 1 });
    await assert.rejects(
      writePicture(join(makeFolder(), 'wide.webp'), { ...picture, image }, 'webp', 90),
      /would be 16384×1, and WEBP holds at most 16383/,
    );
  });
});
