import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import sharp, { type Sharp } from 'sharp';
import { createImage, cropImage, type RgbImage } from '../../../../src/imaging/image';
import { imresize } from '../../../../src/imaging/imresize';
import { measureImage } from '../../../../src/imaging/measures/measure-image';
import { imageMeasuresSchema, problemsOf } from '../../../../src/protocol/image-measures';
import { randomStream } from '../../../../src/random/random-stream';
import { deadLeaves } from '../../../support/dead-leaves';
import { loadImage } from '../../../support/pictures';
import { sharedData } from '../../../support/shared-data';

function ofOneColour(width: number, height: number, level: number): RgbImage {
  const image = createImage(width, height);
  image.data.fill(level);
  return image;
}

function open({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

async function blurred(image: RgbImage, sigma: number): Promise<RgbImage> {
  return { ...image, data: new Uint8Array(await open(image).blur(sigma).raw().toBuffer()) };
}

/** Compressed, and cut so that the grid of JPEG begins anywhere. */
async function compressed(image: RgbImage, quality: number): Promise<RgbImage> {
  const jpeg = await open(image).jpeg({ quality }).toBuffer();
  const data = new Uint8Array(await sharp(jpeg).raw().toBuffer());
  return cropImage({ ...image, data }, 3, 5, image.width - 8, image.height - 8);
}

/** The same noise in all channels. */
function noisy(image: RgbImage, sigma: number): RgbImage {
  const random = randomStream(7, 'noise');
  const data = new Uint8Array(image.data.length);
  for (let at = 0; at < data.length; at += 3) {
    const noise = sigma * random.normal();
    for (let channel = 0; channel < 3; channel++)
      data[at + channel] = Math.min(255, Math.max(0, Math.round(image.data[at + channel]! + noise)));
  }
  return { ...image, data };
}

function bitsApart(a: string, b: string): number {
  let bits = 0;
  for (let difference = BigInt(`0x${a}`) ^ BigInt(`0x${b}`); difference > 0n; difference >>= 1n)
    bits += Number(difference & 1n);
  return bits;
}

function problems(image: RgbImage): string[] {
  return problemsOf(measureImage(image)).map(({ problem }) => problem);
}

describe('measures of an image', () => {
  const picture = deadLeaves(640, 480);

  it('finds nothing wrong with a sharp, clean picture', () => {
    const measures = measureImage(picture);
    imageMeasuresSchema.parse(measures);
    assert.deepEqual(problemsOf(measures), []);
    assert.ok(measures.sharpness > 0.2, `sharpness ${measures.sharpness}`);
    assert.ok(measures.blockiness < 0.05, `blockiness ${measures.blockiness}`);
    assert.ok(measures.flatness < 0.2, `flatness ${measures.flatness}`);
  });

  it('tells the blur by sharpness, about 0.19 over its deviation', async () => {
    for (const sigma of [1.5, 2, 3, 4]) {
      const { sharpness } = measureImage(await blurred(picture, sigma));
      assert.ok(Math.abs((sharpness * sigma) / 0.187 - 1) < 0.35, `blur ${sigma}: ${sharpness}`);
    }
    assert.deepEqual(problems(await blurred(picture, 3)), ['blurred']);
  });

  it('does not take noise for sharpness', async () => {
    const soft = await blurred(picture, 3);
    const { sharpness, noise } = measureImage(noisy(soft, 10));
    assert.ok(sharpness < 0.12, `sharpness ${sharpness}`);
    assert.ok(Math.abs(noise - 10) < 0.5, `noise ${noise}`);
  });

  it('measures noise to a few per cent, in pictures and without any', () => {
    for (const sigma of [3, 10, 25]) {
      const { noise } = measureImage(noisy(ofOneColour(256, 256, 128), sigma));
      assert.ok(Math.abs(noise / sigma - 1) < 0.05, `${sigma} measured as ${noise}`);
    }
    assert.deepEqual(problems(noisy(deadLeaves(640, 480, 2), 15)), ['noisy']);
  });

  it('finds the grid of JPEG wherever it begins, the more the lower the quality', async () => {
    const values: number[] = [];
    for (const quality of [90, 60, 30, 10])
      values.push(measureImage(await compressed(picture, quality)).blockiness);
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
    );
    assert.ok(values[0]! < 0.3 && values[3]! > 1, values.join(' '));
  });

  it('calls a picture of bars not blocky, though they are 8 pixels apart', () => {
    const bars = createImage(256, 256);
    for (let at = 0; at < bars.data.length; at++)
      bars.data[at] = (Math.floor(at / 3) >> 3) % 2 === 0 ? 60 : 90;
    assert.ok(measureImage(bars).blockiness < 0.1);
  });

  it('counts what has no texture, slopes and noise included', () => {
    const half = createImage(512, 512);
    for (let y = 0; y < 512; y++) {
      for (let x = 0; x < 512; x++) half.data.fill(40 + y / 4, (y * 512 + x) * 3, (y * 512 + x) * 3 + 3);
    }
    assert.ok(measureImage(half).flatness > 0.98);
    assert.ok(measureImage(noisy(half, 8)).flatness > 0.9);
    const detail = deadLeaves(256, 512);
    for (let y = 0; y < 512; y++) half.data.set(detail.data.subarray(y * 768, (y + 1) * 768), y * 512 * 3);
    const { flatness } = measureImage(half);
    assert.ok(Math.abs(flatness - 0.5) < 0.1, `flatness ${flatness}`);
  });

  it('has values for images of one colour and for tiny ones', () => {
    assert.deepEqual(problems(ofOneColour(200, 200, 255)), ['flat', 'blurred']);
    for (const [width, height] of [
      [1, 1],
      [7, 30],
      [33, 17],
      [1000, 20],
    ] as const)
      imageMeasuresSchema.parse(measureImage(deadLeaves(width, height)));
  });

  it('gives copies the same fingerprint and other pictures another one', async () => {
    const { fingerprint } = measureImage(picture);
    const copies = [
      await compressed(picture, 60),
      imresize(picture, 0.5),
      imresize(picture, { width: 500, height: 375 }),
      noisy(picture, 5),
    ];
    for (const copy of copies) assert.ok(bitsApart(fingerprint, measureImage(copy).fingerprint) <= 4);
    for (let seed = 2; seed < 8; seed++)
      assert.ok(bitsApart(fingerprint, measureImage(deadLeaves(640, 480, seed)).fingerprint) > 12);
  });
});

describe('measures of photographs', function () {
  /** Six that differ much: foliage, portraits, water, a wall. */
  function photographs(this: Mocha.Context): Promise<RgbImage[]> {
    const folder = sharedData(this, 'kodak');
    const files = readdirSync(folder).filter((_, index) => index % 4 === 0);
    return Promise.all(files.map((file) => loadImage(join(folder, file))));
  }

  it('are without problems', async function () {
    for (const image of await photographs.call(this)) assert.deepEqual(problems(image), []);
  });

  it('fall in sharpness with every blur, with noise as without', async function () {
    for (const image of await photographs.call(this)) {
      for (const sigma of [0, 5]) {
        const values: number[] = [];
        for (const blur of [1, 2, 4])
          values.push(measureImage(noisy(await blurred(image, blur), sigma)).sharpness);
        assert.ok(values[0]! > values[1]! && values[1]! > values[2]!, values.join(' '));
        assert.ok(values[0]! < measureImage(noisy(image, sigma)).sharpness);
      }
      assert.ok(problems(await blurred(image, 4)).includes('blurred'));
    }
  });

  it('rise with noise, which is measured to a fifth', async function () {
    for (const image of await photographs.call(this)) {
      for (const sigma of [10, 20]) {
        const { noise } = measureImage(noisy(image, sigma));
        assert.ok(Math.abs(noise / sigma - 1) < 0.2, `${sigma} measured as ${noise}`);
      }
      assert.ok(problems(noisy(image, 10)).includes('noisy'));
    }
  });

  it('rise in blockiness as the quality of JPEG falls', async function () {
    for (const image of await photographs.call(this)) {
      const values: number[] = [];
      for (const quality of [95, 75, 40, 20])
        values.push(measureImage(await compressed(image, quality)).blockiness);
      assert.deepEqual(
        values,
        values.toSorted((a, b) => a - b),
      );
      assert.ok(values[0]! < 0.6 && values[3]! > 0.6, values.join(' '));
    }
  });
});
