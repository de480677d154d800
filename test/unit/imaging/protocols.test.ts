import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { luma } from '../../../src/imaging/colour';
import { scoreImages } from '../../../src/imaging/metrics';
import { msSsim } from '../../../src/imaging/ms-ssim';
import { scoreByProtocol } from '../../../src/imaging/score-by-protocol';
import type { RgbImage } from '../../../src/imaging/image';
import { makeImage } from '../../support/pictures';

/** The image with a made-up one mixed in. */
function mixed(image: RgbImage, share: number, seed: number): RgbImage {
  const other = makeImage(image.width, image.height, seed);
  const data = image.data.map((value, i) => Math.round((1 - share) * value + share * other.data[i]!));
  return { ...image, data };
}

describe('multi-scale SSIM', () => {
  it('is that of TensorFlow, which computes in single precision and pads odd sides', () => {
    const a = makeImage(200, 190, 1);
    const b = mixed(a, 0.3, 2);
    const ofTensorFlow = 0.98532337;
    assert.ok(Math.abs(msSsim(luma(a), luma(b)) - ofTensorFlow) < 2e-5);
  });

  it('is 1 for equal images, 0 for opposite ones, and refuses those too small for five scales', () => {
    const plane = luma(makeImage(176, 180));
    assert.ok(Math.abs(msSsim(plane, plane) - 1) < 1e-12);
    const opposite = { ...plane, data: plane.data.map((value) => 255 - value) };
    assert.equal(msSsim(plane, opposite), 0);
    const small = luma(makeImage(175, 300));
    assert.throws(() => msSsim(small, small), /at least 176×176/);
  });
});

describe('a protocol', () => {
  const hr = makeImage(64, 48, 3);
  const sr = mixed(hr, 0.4, 4);

  it('y is the score of validations', () => {
    const { psnr, ssim, msSsim: scales } = scoreByProtocol(sr, hr, 'y', 4);
    assert.deepEqual({ psnr, ssim }, scoreImages(sr, hr, { border: 4 }));
    assert.equal(scales, null);
  });

  it('srgan has the PSNR of y and another SSIM', () => {
    const [y, srgan] = [scoreByProtocol(sr, hr, 'y', 4), scoreByProtocol(sr, hr, 'srgan', 4)];
    assert.equal(srgan.psnr, y.psnr);
    assert.notEqual(srgan.ssim, y.ssim);
  });

  it('rgb has the PSNR of all samples together', () => {
    let sum = 0;
    for (let i = 0; i < hr.data.length; i++) sum += (sr.data[i]! - hr.data[i]!) ** 2;
    const expected = 10 * Math.log10((255 * 255 * hr.data.length) / sum);
    assert.ok(Math.abs(scoreByProtocol(sr, hr, 'rgb', 0).psnr - expected) < 1e-9);
    assert.equal(scoreByProtocol(hr, hr, 'rgb', 0).psnr, Number.POSITIVE_INFINITY);
  });

  it('has MS-SSIM where the image is large enough without its border', () => {
    const large = makeImage(184, 184);
    assert.equal(typeof scoreByProtocol(large, large, 'y', 4).msSsim, 'number');
    assert.equal(scoreByProtocol(large, large, 'y', 5).msSsim, null);
  });
});
