/** Scoring in bands: the bits are those of the whole, however many bands there are. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { luma, roundPlane } from '../../../src/imaging/colour';
import { msSsim } from '../../../src/imaging/ms-ssim';
import { channelsOf } from '../../../src/imaging/colour';
import { colourProtocols } from '../../../src/imaging/protocols';
import { scoreByProtocol } from '../../../src/imaging/score-by-protocol';
import { psnr } from '../../../src/imaging/psnr';
import { comparedOf, scoresOf, scoringParts, sumPart } from '../../../src/imaging/scoring-parts';
import { ssim } from '../../../src/imaging/ssim';
import { ssimDaala } from '../../../src/imaging/ssim-daala';
import { makeImage } from '../../support/pictures';

describe('scoring in parts', () => {
  it('gives the same bits, whatever the number of parts, the size and the border', () => {
    for (const [width, height, border] of [
      [11, 11, 0],
      [60, 43, 4],
      [176, 209, 0],
      [197, 333, 0],
      [190, 211, 7],
    ] as const) {
      const [sr, hr] = [makeImage(width, height, 1), makeImage(width, height, 2)];
      for (const protocol of colourProtocols) {
        const whole = scoreByProtocol(sr, hr, protocol, border);
        const compared = comparedOf(sr, hr, protocol, border);
        for (const count of [2, 3, 7, 20, 100]) {
          const parts = scoringParts(compared, count);
          // Made in another order than they are added in.
          const sums = parts
            .toReversed()
            .map((part) => sumPart(part, sr, hr, border))
            .reverse();
          const scores = scoresOf(compared, sums);
          assert.deepEqual(scores, whole, `${width}×${height}, ${protocol}, ${count} parts`);
        }
      }
    }
  });

  it('gives the scores of whole planes', () => {
    const [sr, hr] = [makeImage(180, 200, 1), makeImage(180, 200, 2)];
    const [x, y] = [luma(sr), luma(hr)];
    const ofLuma = { psnr: psnr(x, y), ssim: ssim(x, y), msSsim: msSsim(x, y) };
    assert.deepEqual(scoreByProtocol(sr, hr, 'y', 0), ofLuma);
    assert.deepEqual(scoreByProtocol(sr, hr, 'srgan', 0), {
      ...ofLuma,
      ssim: ssimDaala(roundPlane(x), roundPlane(y)),
    });
    const channels = channelsOf(hr);
    const ssims = channelsOf(sr).map((plane, channel) => ssim(plane, channels[channel]!));
    const mean = ssims.reduce((sum, value) => sum + value, 0) / 3;
    assert.equal(scoreByProtocol(sr, hr, 'rgb', 0).ssim, mean);
  });

  it('divides a plane into bands that lie side by side, from the first row to the last', () => {
    const image = makeImage(20, 100);
    for (const bands of [1, 2, 3, 7]) {
      const parts = scoringParts(comparedOf(image, image, 'srgan', 2), 2 * bands);
      for (const kind of ['scales', 'daala'] as const) {
        const ofKind = parts.filter((part) => part.of === kind);
        assert.ok(ofKind.length <= bands);
        assert.equal(ofKind[0]!.band.from, 0);
        assert.equal(ofKind.at(-1)!.band.to, 96);
        for (const [k, { band }] of ofKind.entries()) {
          assert.ok(band.to > band.from);
          if (k > 0) assert.equal(band.from, ofKind[k - 1]!.band.to);
        }
      }
    }
  });

  it('refuses pictures of different size, and those that are too small', () => {
    const image = makeImage(20, 18);
    assert.throws(() => comparedOf(image, makeImage(20, 17), 'y', 0), /20×18 and 20×17/);
    assert.throws(() => comparedOf(image, image, 'y', 4), /at least 11×11 pixels; there are 12×10/);
    assert.throws(() => comparedOf(image, image, 'y', 9), /Nothing is left/);
  });
});
