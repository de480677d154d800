import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'mocha';
import { cropToMultiple, type RgbImage } from '../../../src/imaging/image';
import {
  conventions,
  imresize,
  imresizeReal,
  imresizeSamples,
  type RealImage,
} from '../../../src/imaging/imresize';
import { kernelNames } from '../../../src/imaging/kernels';
import { readMatFile } from '../../support/mat-file';
import { loadImage, makeImage } from '../../support/pictures';
import { sharedData } from '../../support/shared-data';

/** Fails with the number of differing samples, which says more than the first one. */
function assertSamePixels(actual: RgbImage, expected: RgbImage, what: string): void {
  assert.deepEqual([actual.width, actual.height], [expected.width, expected.height], what);
  let differing = 0;
  for (let i = 0; i < expected.data.length; i++) if (actual.data[i] !== expected.data[i]) differing++;
  assert.equal(differing, 0, `${what}: ${differing} of ${expected.data.length} samples differ`);
}

/** 0, 1, 2, … row by row. */
function ramp(side: number): RealImage {
  return {
    width: side,
    height: side,
    channels: 1,
    data: Float64Array.from({ length: side * side }, (_, i) => i),
  };
}

function grid(side: number, values: Record<number, number>): RealImage {
  const data = new Float64Array(side * side);
  for (const [index, value] of Object.entries(values)) data[Number(index)] = value;
  return { width: side, height: side, channels: 1, data };
}

/**
 * Where our weights and MATLAB's are the same numbers. (At other scales some of its cubes are rounded the other way, which
 * moves sums by a unit in the last place.)
 */
const equalToTheBit = new Set([
  'down_down_aa',
  'down_down_noaa',
  'down_down_small_aa',
  'down_down_small_noaa',
  'down_down_x2_aa',
  'down_down_x3_aa',
  'down_down_x4_aa',
  'down_down_x5_aa',
]);

describe('imresize', () => {
  it('shrinks a ramp as MATLAB does', () => {
    const data = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => Math.floor(i / 3));
    const { data: shrunk } = imresize({ width: 16, height: 16, data }, 1 / 4);
    const red = Array.from(shrunk).filter((_, i) => i % 3 === 0);
    assert.deepEqual(red, [23, 27, 31, 35, 89, 93, 97, 101, 154, 158, 162, 166, 220, 224, 228, 232]);
  });

  it('keeps flat images flat, in every kernel and convention, for any size', () => {
    const flat = { width: 7, height: 5, data: new Uint8Array(7 * 5 * 3).fill(201) };
    for (const kernel of kernelNames) {
      for (const convention of conventions) {
        for (const size of [
          { width: 1, height: 1 },
          { width: 3, height: 11 },
          { width: 29, height: 2 },
        ]) {
          const resized = imresize(flat, size, { kernel, convention });
          assert.ok(
            resized.data.every((value) => value === 201),
            `${kernel} ${convention} to ${size.width}×${size.height}`,
          );
        }
      }
    }
  });

  it('decides averages half-way between two grey levels as im2uint8 of an image in [0, 1] does', () => {
    const pairs = Uint8Array.from({ length: 255 * 2 }, (_, i) => (i >> 1) + (i & 1));
    const image = { width: 2, height: 255, channels: 1, data: pairs };
    const size = { width: 1, height: 255 };
    const resized = imresizeSamples(image, size, { kernel: 'box', convention: 'double' });
    const expected = Uint8Array.from({ length: 255 }, (_, level) =>
      Math.floor(((level / 255) * 0.5 + ((level + 1) / 255) * 0.5) * 255 + 0.5),
    );
    assert.deepEqual(resized.data, expected);
    const down = expected.filter((value, level) => value === level).length;
    assert.ok(down > 10, `sums of whole grey levels would all be rounded up; ${down} are rounded down`);
    // Between passes of whole samples there is no other unit.
    const whole = imresizeSamples(image, size, { kernel: 'box', convention: 'uint8-symmetric' });
    assert.ok(whole.data.every((value, level) => value === level + 1));
  });

  it('leaves an image of the same size as it is', () => {
    const image = makeImage(31, 17);
    for (const convention of conventions)
      assertSamePixels(imresize(image, 1, { convention }), image, convention);
  });

  it('rounds sizes up, as MATLAB does for a factor', () => {
    const { width, height } = imresize(makeImage(10, 9), 1 / 4);
    assert.deepEqual([width, height], [3, 3]);
  });

  it('derives a side that is not given from the other one', () => {
    const image = { ...makeImage(10, 7), channels: 3 };
    const { width, height } = imresizeSamples(image, { width: 4 });
    assert.deepEqual([width, height], [4, 3]);
    assert.deepEqual(imresizeSamples(image, { height: 14 }), imresizeSamples(image, 2));
  });

  it('resizes each channel by itself, whatever their number', () => {
    const image = { ...makeImage(19, 13), channels: 3 };
    const whole = imresizeSamples(image, 2 / 3);
    for (const channel of [0, 1, 2]) {
      const grey = { ...image, channels: 1, data: image.data.filter((_, i) => i % 3 === channel) };
      const expected = whole.data.filter((_, i) => i % 3 === channel);
      assert.deepEqual(imresizeSamples(grey, 2 / 3).data, expected);
    }
  });

  it('treats both dimensions alike when the image is transposed', () => {
    const image = makeImage(23, 14);
    const size = { width: 9, height: 31 };
    const straight = imresize(image, size);
    const turned = imresize(transpose(image), { width: size.height, height: size.width });
    assertSamePixels(transpose(turned), straight, 'transposed');
  });

  it('shrinks an image that is smaller than the kernel', () => {
    const image = makeImage(3, 2);
    const { data } = imresize(image, { width: 1, height: 1 });
    assert.equal(data.length, 3);
    const extremes = [Math.min(...image.data), Math.max(...image.data)] as const;
    assert.ok(data.every((value) => value >= extremes[0] && value <= extremes[1]));
  });

  it('refuses a target without pixels', () => {
    for (const size of [
      { width: 0, height: 4 },
      { width: 2.5, height: 4 },
      { width: Number.NaN, height: 4 },
    ]) {
      assert.throws(() => imresize(makeImage(4, 4), size), /cannot be resized/);
    }
  });

  describe('against outputs of MATLAB', () => {
    for (const scale of [2, 3, 4, 8]) {
      it(`equals the published LR images of Set5, ×${scale}`, async function () {
        const folder = sharedData(this, 'set5');
        for (const file of readdirSync(join(folder, 'HR'))) {
          const name = basename(file, '.png');
          const hr = cropToMultiple(await loadImage(join(folder, 'HR', file)), scale);
          const lr = await loadImage(join(folder, 'LR_bicubic', `X${scale}`, `${name}x${scale}.png`));
          const convention = scale === 8 ? 'double' : 'uint8-symmetric';
          assertSamePixels(imresize(hr, 1 / scale, { convention }), lr, name);
        }
      });
    }

    for (const scale of [2, 3, 4]) {
      it(`equals the LR images with clamped borders, ×${scale}`, async function () {
        const folder = sharedData(this, 'set5-clamped', `x${scale}`);
        const pairs = readdirSync(folder).filter((file) => file.endsWith('_HR.png'));
        assert.equal(pairs.length, 5);
        for (const file of pairs) {
          const hr = await loadImage(join(folder, file));
          const lr = await loadImage(join(folder, file.replace('_HR', '_LR')));
          assertSamePixels(imresize(hr, 1 / scale, { convention: 'uint8-clamped' }), lr, file);
        }
      });
    }

    it('equals irregular sizes, in double and in uint8', async function () {
      const folder = sharedData(this, 'matlab-imresize');
      const image = await loadImage(join(folder, 'lena_512x512.png'));
      for (const [name, convention] of [
        ['double', 'double'],
        ['uint8', 'uint8-symmetric'],
      ] as const) {
        const expected = await loadImage(join(folder, `lena_123x234_${name}.png`));
        assertSamePixels(imresize(image, { width: 234, height: 123 }, { convention }), expected, name);
      }
    });

    it('equals real-valued outputs within 1e-12', async function () {
      const folder = sharedData(this, 'matlab-imresize');
      const butterfly = await loadImage(join(folder, 'butterfly.png'));
      const topLeft = grid(4, { 0: 100, 4: 10, 1: 1, 3: 100 });
      const bottomRight = grid(4, { 15: 100, 11: 10, 14: 1, 12: 100 });
      const inputs: Record<string, RealImage> = {
        down_down_aa: ramp(8),
        down_down_noaa: ramp(8),
        down_down_irregular_aa: ramp(8),
        down_down_irregular_noaa: ramp(8),
        down_down_small_aa: ramp(4),
        down_down_small_noaa: ramp(4),
        down_down_x2_aa: ramp(8),
        down_down_x3_aa: ramp(15),
        down_down_x4_aa: ramp(8),
        down_down_x5_aa: ramp(15),
        down_down_butterfly_irregular_aa: { ...butterfly, channels: 3, data: unitRange(butterfly.data) },
        down_down_butterfly_irregular_noaa: { ...butterfly, channels: 3, data: unitRange(butterfly.data) },
        up_up_irregular_aa: ramp(8),
        up_up_irregular_noaa: ramp(8),
        up_up_topleft_noaa: topLeft,
        up_up_bottomright_noaa: bottomRight,
      };
      const files = readdirSync(folder).filter((file) => file.endsWith('.mat'));
      assert.equal(files.length, Object.keys(inputs).length);
      for (const [name, input] of Object.entries(inputs)) {
        const expected = readMatFile(join(folder, `${name}.mat`));
        const factor = /_x(\d)_/.exec(name)?.[1];
        const target = factor === undefined ? expected : 1 / Number(factor);
        const actual = imresizeReal(input, target, { antialias: !name.endsWith('_noaa') });
        assert.equal(actual.data.length, expected.data.length, name);
        const error = actual.data.reduce(
          (largest, value, i) => Math.max(largest, Math.abs(value - expected.data[i]!)),
          0,
        );
        assert.ok(error <= 1e-12, `${name}: largest error ${error}`);
        if (equalToTheBit.has(name)) assert.equal(error, 0, name);
      }
    });
  });
});

function unitRange(bytes: Uint8Array): Float64Array {
  return Float64Array.from(bytes, (value) => value / 255);
}

function transpose({ width, height, data }: RgbImage): RgbImage {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3);
      turned.set(pixel, (x * height + y) * 3);
    }
  }
  return { width: height, height: width, data: turned };
}
