import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { luma, roundPlane, type Plane } from '../../../src/imaging/colour';
import { cropToMultiple, type RgbImage } from '../../../src/imaging/image';
import { imresize, imresizeReal } from '../../../src/imaging/imresize';
import { cropBorder, minimumSide, scoreImages, scorePlanes } from '../../../src/imaging/metrics';
import { psnr } from '../../../src/imaging/psnr';
import { ssim } from '../../../src/imaging/ssim';
import { ssimDaala } from '../../../src/imaging/ssim-daala';
import { loadImage, makeImage } from '../../support/pictures';
import { sharedData } from '../../support/shared-data';

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function pixel(...rgb: readonly [number, number, number]): RgbImage {
  return { width: 1, height: 1, data: Uint8Array.from(rgb) };
}

/** Wang's SSIM straight from its definition: every window by itself, centred moments, no separability. */
function ssimByDefinition(a: Plane, b: Plane): number {
  const gaussian = Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 ** 2)));
  const total = gaussian.reduce((sum, weight) => sum + weight, 0) ** 2;
  const indices: number[] = [];
  for (let top = 0; top + 11 <= a.height; top++) {
    for (let left = 0; left + 11 <= a.width; left++) {
      const samples = Array.from({ length: 121 }, (_, i) => {
        const [dy, dx] = [Math.floor(i / 11), i % 11];
        const at = (top + dy) * a.width + left + dx;
        return { weight: (gaussian[dy]! * gaussian[dx]!) / total, x: a.data[at]!, y: b.data[at]! };
      });
      const average = (value: (sample: { x: number; y: number }) => number): number =>
        samples.reduce((sum, sample) => sum + sample.weight * value(sample), 0);
      const [meanX, meanY] = [average(({ x }) => x), average(({ y }) => y)];
      const varianceX = average(({ x }) => (x - meanX) ** 2);
      const varianceY = average(({ y }) => (y - meanY) ** 2);
      const covariance = average(({ x, y }) => (x - meanX) * (y - meanY));
      const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
      indices.push(
        ((2 * meanX * meanY + c1) * (2 * covariance + c2)) /
          ((meanX ** 2 + meanY ** 2 + c1) * (varianceX + varianceY + c2)),
      );
    }
  }
  return mean(indices);
}

describe('Y', () => {
  it('is that of BT.601 in studio range', () => {
    const y = (...rgb: [number, number, number]): number => luma(pixel(...rgb)).data[0]!;
    assert.ok(Math.abs(y(255, 0, 0) - 81.481) < 1e-9);
    assert.ok(Math.abs(y(0, 255, 0) - 144.553) < 1e-9);
    assert.ok(Math.abs(y(0, 0, 255) - 40.966) < 1e-9);
    assert.ok(Math.abs(y(255, 255, 255) - 235) < 1e-9);
    assert.equal(y(0, 0, 0), 16);
    assert.ok(Math.abs(y(128, 128, 128) - 125.9294) < 5e-5);
  });
});

describe('PSNR', () => {
  it('is that of a known error', () => {
    const a = { width: 4, height: 4, data: new Float64Array(16).fill(100) };
    const b = { ...a, data: new Float64Array(16).fill(110) };
    assert.ok(Math.abs(psnr(a, b) - 20 * Math.log10(255 / 10)) < 1e-12);
  });

  it('is infinite for equal images and refuses unequal sizes', () => {
    const plane = luma(makeImage(8, 8));
    assert.equal(psnr(plane, plane), Number.POSITIVE_INFINITY);
    assert.throws(() => psnr(plane, luma(makeImage(8, 7))), /8×8 and 8×7/);
  });
});

describe('SSIM', () => {
  it('equals its definition', () => {
    const [a, b] = [luma(makeImage(19, 14, 1)), luma(makeImage(19, 14, 2))];
    assert.ok(Math.abs(ssim(a, b) - ssimByDefinition(a, b)) < 1e-12);
  });

  it('is 1 for equal images and refuses those smaller than its window', () => {
    const plane = luma(makeImage(16, 12));
    assert.ok(Math.abs(ssim(plane, plane) - 1) < 1e-12);
    assert.ok(Math.abs(ssimDaala(plane, plane) - 1) < 1e-12);
    const small = luma(makeImage(16, 10));
    assert.throws(() => ssim(small, small), /at least 11×11/);
  });
});

/** Daala's SSIM straight from its description: every position by itself, with the part of the window that lies in the image. */
function daalaByDefinition(a: Plane, b: Plane): number {
  const { width, height } = a;
  const sigma = (1.5 * height) / 256;
  const density = (d: number): number =>
    Math.exp(-(d * d) / (2 * sigma * sigma)) / (Math.sqrt(2 * Math.PI) * sigma);
  const side = (d: number): number => Math.floor(256 * density(d) + 0.5);
  // Weights that round to nothing end the window.
  let reach = 0;
  while (side(reach + 1) > 0) reach++;
  const sides = Array.from({ length: reach }, (_, i) => side(i + 1));
  const weights = [256 - 2 * sides.reduce((sum, weight) => sum + weight, 0), ...sides];
  let [sum, total] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [weight, meanA, meanB, squares, product] = [0, 0, 0, 0, 0];
      for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) {
        for (let column = Math.max(0, x - reach); column <= Math.min(width - 1, x + reach); column++) {
          const w = weights[Math.abs(row - y)]! * weights[Math.abs(column - x)]!;
          const [valueA, valueB] = [a.data[row * width + column]!, b.data[row * width + column]!];
          weight += w;
          meanA += w * valueA;
          meanB += w * valueB;
          squares += w * (valueA * valueA + valueB * valueB);
          product += w * valueA * valueB;
        }
      }
      const [mA, mB] = [meanA / weight, meanB / weight];
      const [c1, c2] = [2.55 ** 2, 7.65 ** 2];
      const structure = (2 * (product / weight - mA * mB) + c2) / (squares / weight - mA * mA - mB * mB + c2);
      sum += (weight * structure * (2 * mA * mB + c1)) / (mA * mA + mB * mB + c1);
      total += weight;
    }
  }
  return sum / total;
}

describe('SSIM of the Daala codec', () => {
  it('equals its definition, at heights with windows of several widths', () => {
    for (const [width, height] of [
      [9, 130],
      [21, 256],
      [40, 600],
    ] as const) {
      const [a, b] = [1, 2].map((seed) => roundPlane(luma(makeImage(width, height, seed)))) as [Plane, Plane];
      const [found, expected] = [ssimDaala(a, b), daalaByDefinition(a, b)];
      assert.ok(Math.abs(found - expected) < 1e-12, `${width}×${height}: ${found}, ${expected}`);
    }
  });
});

describe('scoring', () => {
  it('ignores the border', () => {
    const hr = makeImage(40, 30);
    const sr = { ...hr, data: hr.data.slice() };
    sr.data.fill(0, 0, 4 * 40 * 3);
    assert.equal(scoreImages(sr, hr, { border: 4 }).psnr, Number.POSITIVE_INFINITY);
    assert.ok(scoreImages(sr, hr, { border: 3 }).psnr < 40);
    assert.throws(() => cropBorder(luma(hr), 15), /Nothing is left/);
    assert.equal(minimumSide(4), 19);
  });

  it('gives the published figures of bicubic interpolation on Set5, ×4', async function () {
    const folder = sharedData(this, 'set5', 'HR');
    const results = [];
    for (const file of readdirSync(folder)) {
      const hr = cropToMultiple(await loadImage(join(folder, file)), 4);
      const sr = imresize(imresize(hr, 1 / 4), 4);
      const [a, b] = [sr, hr].map((image) => cropBorder(roundPlane(luma(image)), 4)) as [Plane, Plane];
      results.push({ ...scoreImages(sr, hr, { border: 4 }), daala: ssimDaala(a, b) });
    }
    assert.equal(mean(results.map((result) => result.psnr)).toFixed(4), '28.4314');
    assert.equal(mean(results.map((result) => result.ssim)).toFixed(4), '0.8113');
    assert.equal(mean(results.map((result) => result.daala)).toFixed(4), '0.8202');
  });

  for (const [scale, expectedPsnr, expectedSsim] of [
    [2, '33.66', '0.9299'],
    [3, '30.39', '0.8682'],
    [4, '28.42', '0.8104'],
  ] as const) {
    it(`gives the figures of the SRCNN protocol on Set5, ×${scale}`, async function () {
      const folder = sharedData(this, 'set5', 'HR');
      const results = [];
      for (const file of readdirSync(folder)) {
        const hr = roundPlane(luma(cropToMultiple(await loadImage(join(folder, file)), scale)));
        const sr = imresizeReal(imresizeReal({ ...hr, channels: 1 }, 1 / scale), scale);
        results.push(scorePlanes(roundPlane(sr), hr, { border: scale }));
      }
      assert.equal(mean(results.map((result) => result.psnr)).toFixed(2), expectedPsnr);
      assert.equal(mean(results.map((result) => result.ssim)).toFixed(4), expectedSsim);
    });
  }
});
