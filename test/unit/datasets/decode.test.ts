import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import { decodeImage } from '../../../src/datasets/decode';
import { encodePng } from '../../../src/datasets/encode';
import { wrapAsTiff } from '../../../src/datasets/formats/tiff';
import { readImage, writePng } from '../../../src/datasets/images';
import {
  alphaPng,
  cmykJpeg,
  greyPng,
  jpeg,
  picture,
  png,
  png16,
  truncatedJpeg,
} from '../../support/image-files';
import { adobeRgb, greyInSrgb, greyProfile, inSrgb, rgbProfile } from '../../support/icc-profiles';
import { lehmer } from '../../support/lehmer';
import { hugeFiles } from '../../support/huge-files';
import { makeImage } from '../../support/pictures';
import { pngFile } from '../../support/png-files';
import { temporaryFolders } from '../../support/temporary-folder';

/** Large enough for a JPEG’s colours to be near; the mean difference of two images. */
function meanDifference(a: Uint8Array, b: Uint8Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

/** A TIFF whose samples say of themselves that they are YCbCr. */
function bareYCbCr(): Buffer {
  const file = wrapAsTiff({ width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(99) });
  const [tags, photometric] = [10, 262];
  let entry = tags;
  while (file.readUInt16LE(entry) !== photometric) entry += 12;
  file.writeUInt16LE(6, entry + 8);
  return file;
}

describe('decoding', () => {
  const makeFolder = temporaryFolders();

  it('gives back the pixels of a PNG', async () => {
    const image = makeImage(37, 21);
    const { image: decoded, notes } = await decodeImage(await encodePng(image));
    assert.deepEqual(decoded, image);
    assert.deepEqual(notes, []);
  });

  it('writes the same bytes for the same pixels', async () => {
    const image = makeImage(64, 48);
    assert.deepEqual(await encodePng(image), await encodePng({ ...image, data: image.data.slice() }));
  });

  it('turns an image as its EXIF data say', async () => {
    const file = await picture(40, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { image, notes } = await decodeImage(file);
    assert.deepEqual([image.width, image.height], [20, 40]);
    assert.deepEqual(notes, ['turned as its EXIF data say']);
  });

  it('makes grey RGB', async () => {
    const { image, notes } = await decodeImage(await greyPng(16, 16));
    assert.equal(image.data.length, 16 * 16 * 3);
    for (let i = 0; i < image.data.length; i += 3) assert.equal(image.data[i], image.data[i + 2]);
    assert.deepEqual(notes, ['grey made RGB']);
  });

  it('rounds 16 bits to the nearest of 8', async () => {
    const samples = Uint16Array.from({ length: 16 * 16 * 3 }, (_, i) => (i * 857) % 65536);
    samples.set([65535, 128, 129, 385, 386, 0]);
    const { image, notes } = await decodeImage(await png16(16, 16, samples));
    assert.deepEqual([...image.data.subarray(0, 6)], [255, 0, 1, 1, 2, 0]);
    assert.deepEqual(
      image.data,
      Uint8Array.from(samples, (value) => Math.round(value / 257)),
    );
    assert.deepEqual(notes, ['16 bits a channel rounded to 8']);
  });

  it('lays transparency on white, in 8 and in 16 bits', async () => {
    const { image, notes } = await decodeImage(await alphaPng(8, 8));
    const original = makeImage(8, 8);
    for (let channel = 0; channel < 3; channel++) {
      const expected = (original.data[channel]! * 128 + 255 * 127) / 255;
      assert.ok(Math.abs(image.data[channel]! - expected) <= 1);
      assert.equal(image.data[7 * 3 + channel], original.data[7 * 3 + channel], 'opaque pixels stay');
    }
    assert.deepEqual(notes, ['transparency laid on white']);

    const clear = new Uint16Array(4 * 4 * 4);
    const transparent = (await decodeImage(await png16(4, 4, clear))).image;
    assert.ok(transparent.data.every((value) => value === 255));
  });

  it('converts CMYK', async () => {
    const { image, notes } = await decodeImage(await cmykJpeg(64, 64));
    assert.ok(meanDifference(image.data, makeImage(64, 64).data) < 40);
    assert.deepEqual(notes, ['colours converted from CMYK to sRGB']);
  });

  it('converts an embedded profile, but leaves sRGB as it is', async () => {
    const wide = await picture(32, 32).withIccProfile('p3').png().toBuffer();
    assert.match((await decodeImage(wide)).notes.join(), /colours converted from .*P3.* to sRGB/);
    const plain = await picture(32, 32).withIccProfile('srgb').png().toBuffer();
    assert.deepEqual(await decodeImage(plain), { image: makeImage(32, 32), notes: [] });
  });

  describe('with a profile', () => {
    const colours = [12, 60, 200, 255, 255, 255, 30, 30, 30, 180, 140, 90, 0, 0, 0, 120, 130, 110];
    const greys = Array.from({ length: 18 }, (_, i) => i * 15);
    const rgb = rgbProfile('Adobe RGB (1998)', adobeRgb, 2.2);
    const grey = greyProfile('Gray Gamma 1.8', 1.8);
    for (const bits of [8, 16] as const) {
      const scale = bits === 8 ? 1 : 257;
      const size = { width: 6, height: 1, bits };

      it(`converts colours of ${bits} bits`, async () => {
        const samples = colours.map((value) => value * scale);
        const { image, notes } = await decodeImage(pngFile({ ...size, type: 'rgb', samples, profile: rgb }));
        assert.ok(notes.includes('colours converted from Adobe RGB (1998) to sRGB'), notes.join());
        for (let i = 0; i < colours.length; i += 3) {
          const expected = inSrgb(colours.slice(i, i + 3), adobeRgb, 2.2);
          for (const [channel, value] of expected.entries())
            assert.ok(Math.abs(image.data[i + channel]! - value) <= 1, `${i}: ${expected.join()}`);
        }
      });

      it(`converts grey of ${bits} bits, with opacity and without`, async () => {
        const opaque = pngFile({
          ...size,
          width: 18,
          type: 'grey',
          samples: greys.map((v) => v * scale),
          profile: grey,
        });
        const alpha = greys.flatMap((value) => [value * scale, 255 * scale]);
        const clear = pngFile({ ...size, width: 18, type: 'grey-alpha', samples: alpha, profile: grey });
        for (const file of [opaque, clear]) {
          const { image, notes } = await decodeImage(file);
          assert.ok(notes.includes('colours converted from Gray Gamma 1.8 to sRGB'), notes.join());
          assert.ok(notes.includes('grey made RGB'));
          for (const [i, value] of greys.entries()) {
            const expected = greyInSrgb(value, 1.8);
            for (const sample of image.data.subarray(3 * i, 3 * i + 3))
              assert.ok(Math.abs(sample - expected) <= 1, `${value}: ${sample}, not ${expected}`);
          }
        }
      });
    }

    it('says so when it is damaged or of another kind of image', async () => {
      const data = Uint8Array.from(colours);
      const damaged = Buffer.from(rgb).fill(7, 132);
      for (const profile of [damaged, grey]) {
        const { image, notes } = await decodeImage(
          wrapAsTiff({ width: 6, height: 1, channels: 3, data, profile }),
        );
        assert.deepEqual([...image.data], colours);
        assert.deepEqual(notes, ['its colour profile is damaged or does not fit, so it was taken for sRGB']);
      }
    });

    it('turns, converts and lays on white in one go', async () => {
      const samples = [200, 100, 50, 128, 200, 100, 50, 255].map((value) => value * 257);
      const file = pngFile({
        width: 2,
        height: 1,
        bits: 16,
        type: 'rgb-alpha',
        samples,
        profile: rgb,
        orientation: 6,
      });
      const { image, notes } = await decodeImage(file);
      assert.deepEqual([image.width, image.height], [1, 2]);
      const expected = inSrgb([200, 100, 50], adobeRgb, 2.2);
      for (const [i, value] of expected.entries()) {
        assert.ok(Math.abs(image.data[i]! - (255 + (128 / 255) * (value - 255))) <= 1);
        assert.ok(Math.abs(image.data[3 + i]! - value) <= 1);
      }
      assert.equal(notes.length, 4, notes.join());
    });
  });

  it('takes the first frame of an animation', async () => {
    const frames = await Promise.all([1, 2].map((seed) => png(32, 32, seed)));
    const animation = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    const { image, notes } = await decodeImage(animation);
    assert.deepEqual(image, makeImage(32, 32, 1));
    assert.deepEqual(notes, ['first of 2 pages or frames']);
  });

  it('looks up the colours of a palette', async () => {
    const image = makeImage(16, 16);
    for (let i = 0; i < image.data.length; i++) image.data[i] = image.data[i]! < 100 ? 17 : 230;
    const raw = { width: 16, height: 16, channels: 3 } as const;
    const file = await sharp(image.data, { raw }).png({ palette: true, colours: 8, dither: 0 }).toBuffer();
    assert.equal((await sharp(file).metadata()).isPalette, true);
    const { image: decoded, notes } = await decodeImage(file);
    assert.deepEqual(decoded, image);
    assert.deepEqual(notes, []);
  });

  for (const format of ['jpeg', 'webp', 'avif', 'tiff', 'gif'] as const) {
    it(`reads ${format}`, async () => {
      const { image } = await decodeImage(
        await picture(48, 40).toFormat(format, { quality: 100 }).toBuffer(),
      );
      assert.deepEqual([image.width, image.height], [48, 40]);
      assert.ok(meanDifference(image.data, makeImage(48, 40).data) < 20);
    });
  }

  describe('of bad files', () => {
    const floats = Float32Array.from({ length: 8 * 8 * 3 }, (_, i) => i / 192);
    const cases: [string, () => Promise<Buffer> | Buffer, RegExp][] = [
      ['an empty file', () => Buffer.alloc(0), /is empty/],
      ['text', () => Buffer.from('This is no picture.\n'), /not an image.*PNG, JPEG/],
      ['a truncated JPEG', () => truncatedJpeg(200, 150), /damaged or cut short/],
      ['a truncated PNG', async () => (await png(200, 150)).subarray(0, 3000), /damaged or cut short/],
      [
        'the head of a JPEG',
        async () => (await jpeg(64, 64)).subarray(0, 20),
        /not an image, or a damaged one/,
      ],
      [
        'SVG',
        () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
        /content is SVG/,
      ],
      [
        'floating-point samples',
        () =>
          sharp(floats, { raw: { width: 8, height: 8, channels: 3 } })
            .toColourspace('scrgb')
            .tiff({ compression: 'none' })
            .toBuffer(),
        /type float/,
      ],
      ['luma and chroma that are not in JPEG', bareYCbCr, /YCbCr colours.*Save it as RGB/],
    ];
    for (const [what, make, message] of cases) {
      it(`says what is wrong with ${what}`, async () => {
        await assert.rejects(decodeImage(await make()), { name: 'LabError', message });
      });
    }

    it('says of an image that is too large how large it is, before memory is taken for it', async () => {
      const before = process.resourceUsage().maxRSS;
      for (const [format, file] of await hugeFiles()) {
        await assert.rejects(
          decodeImage(file),
          { name: 'LabError', message: /more than 268 million/ },
          format,
        );
      }
      assert.ok(process.resourceUsage().maxRSS - before < 300_000, 'less than 300 MB were taken');
    });

    it('reads or refuses whatever a damaged disk makes of an image', async () => {
      const random = lehmer(42);
      for (const format of ['jpeg', 'png', 'webp', 'tiff', 'avif', 'gif'] as const) {
        const whole = await picture(60, 50).withIccProfile('p3').toFormat(format).toBuffer();
        for (let trial = 0; trial < 15; trial++) {
          const damaged = Buffer.from(whole);
          const start = random(damaged.length);
          damaged.fill(random(256), start, Math.min(damaged.length, start + 1 + random(60)));
          const file = trial % 3 === 0 ? damaged.subarray(0, random(damaged.length)) : damaged;
          await decodeImage(file).catch((error: unknown) => {
            assert.equal(error instanceof Error && error.name, 'LabError', `${format}, trial ${trial}`);
          });
        }
      }
    });

    it('names the file', async () => {
      const path = join(makeFolder(), 'two\nlines #1.png');
      writeFileSync(path, 'text');
      await assert.rejects(readImage(path), (error: Error) =>
        error.message.startsWith(`${path}: This is not`),
      );
      await assert.rejects(readImage(join(path, 'x')), { name: 'LabError' });
      await assert.rejects(readImage(`${path}.no`), { name: 'LabError', message: /no does not exist/ });
    });
  });

  it('writes and reads a file', async () => {
    const path = join(makeFolder(), 'image.png');
    const image = makeImage(12, 7);
    await writePng(path, image);
    assert.deepEqual(await readImage(path), image);
  });
});
