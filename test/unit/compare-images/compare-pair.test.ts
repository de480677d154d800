/** Pairs of pictures in memory: laid over each other, scored, mapped. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { luma } from '../../../src/imaging/colour';
import {
  alignPair,
  drawMap,
  mapPair,
  type AlignedPair,
  type PairChoice,
} from '../../../src/imaging/compare-pair';
import { cropImage } from '../../../src/imaging/image';
import { imresize } from '../../../src/imaging/imresize';
import { cropBorder } from '../../../src/imaging/metrics';
import type { ProtocolScores } from '../../../src/imaging/protocols';
import { scoreByProtocol } from '../../../src/imaging/score-by-protocol';
import { ssim, ssimMap } from '../../../src/imaging/ssim';
import { similarityOfPixel, similarityToWord } from '../../../src/protocol/similarity-map';
import { makeImage } from '../../support/pictures';

const [a, b] = [makeImage(43, 31, 1), makeImage(43, 31, 2)];

function scorePair({ reference, image }: AlignedPair, { protocol, border }: PairChoice): ProtocolScores {
  return scoreByProtocol(image, reference, protocol, border);
}

function meanOf(data: Float64Array): number {
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}

describe('Map of SSIM', () => {
  it('has SSIM for its mean, and is 10 columns and rows smaller', () => {
    const map = ssimMap(luma(a), luma(b));
    assert.deepEqual([map.width, map.height, map.data.length], [33, 21, 33 * 21]);
    assert.ok(Math.abs(meanOf(map.data) - ssim(luma(a), luma(b))) < 1e-14);
  });

  it('has at each position the SSIM of the window there alone', () => {
    const map = ssimMap(luma(a), luma(b));
    for (const [x, y] of [
      [0, 0],
      [7, 3],
      [32, 20],
    ] as const) {
      const window = (image: typeof a) => luma(cropImage(image, x, y, 11, 11));
      assert.ok(Math.abs(map.data[y * map.width + x]! - ssim(window(a), window(b))) < 1e-12);
    }
  });

  it('refuses what SSIM refuses', () => {
    assert.throws(() => ssimMap(luma(a), luma(makeImage(43, 30))), /Sizes differ/);
    assert.throws(() => ssimMap(luma(makeImage(10, 10)), luma(makeImage(10, 10))), /at least 11×11/);
  });
});

describe('A pair of pictures', () => {
  const choice = { protocol: 'y', border: 2, enlarge: true } as const;

  it('of one size is scored as it is', () => {
    const pair = alignPair(a, b, false);
    assert.ok(pair);
    assert.deepEqual(scorePair(pair, choice), scoreByProtocol(b, a, 'y', 2));
  });

  it('of which one was cut is compared where both are', () => {
    const pair = alignPair(a, cropImage(a, 0, 0, 40, 28), false);
    assert.ok(pair);
    assert.deepEqual([pair.reference.width, pair.reference.height], [40, 28]);
    assert.equal(scorePair(pair, choice).psnr, Infinity);
  });

  it('of which one is LR is compared with its bicubic enlargement, or not at all', () => {
    const hr = makeImage(48, 32, 5);
    const lr = imresize(hr, 1 / 4);
    const pair = alignPair(hr, lr, true);
    assert.ok(pair);
    assert.deepEqual(scorePair(pair, choice), scoreByProtocol(imresize(lr, 4), hr, 'y', 2));
    assert.equal(alignPair(hr, lr, false), null);
  });

  it('is mapped on the planes of its protocol', () => {
    const pair = alignPair(a, b, false);
    assert.ok(pair);
    const onY = mapPair(pair, choice);
    const onChannels = mapPair(pair, { ...choice, protocol: 'rgb' });
    assert.ok(Math.abs(meanOf(onY.data) - scorePair(pair, choice).ssim) < 1e-14);
    const rgb = scorePair(pair, { ...choice, protocol: 'rgb' }).ssim;
    assert.ok(Math.abs(meanOf(onChannels.data) - rgb) < 1e-14);
    // The SRGAN protocol's own SSIM has a window that grows; its map is Wang's on Y, as is said.
    assert.deepEqual(mapPair(pair, { ...choice, protocol: 'srgan' }), onY);
  });

  it('has a map that is drawn as large as itself, and marks where there is a value', () => {
    const map = ssimMap(cropBorder(luma(a), 2), cropBorder(luma(b), 2));
    const { width, height, data } = drawMap(map, 2);
    assert.deepEqual([width, height], [43, 31]);
    const told = Array.from({ length: 43 * 31 }, (_, at) =>
      similarityOfPixel(data[3 * at]!, data[3 * at + 1]!, data[3 * at + 2]!),
    );
    const inside = told.flatMap((value, at) => (value === null ? [] : [{ value, at }]));
    assert.equal(inside.length, map.data.length);
    assert.deepEqual([inside[0]?.at, inside.at(-1)?.at], [7 * 43 + 7, 23 * 43 + 35]);
    for (const [index, { value }] of inside.entries()) assert.ok(Math.abs(value - map.data[index]!) < 2e-5);
  });
});

describe('SSIM in two bytes', () => {
  it('keeps its ends, and what is beyond them', () => {
    for (const [index, word] of [
      [-1, 0],
      [1, 65_535],
      [1.1, 65_535],
    ] as const)
      assert.equal(similarityToWord(index), word);
    assert.equal(similarityOfPixel(255, 255, 255), 1);
    assert.equal(similarityOfPixel(0, 0, 255), -1);
    assert.equal(similarityOfPixel(0, 0, 0), null);
  });
});
