/** NIQE: its parts against what is known of them, the whole on real photographs and against another implementation's features. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import type { RgbImage } from '../../../../src/imaging/image';
import { imresize } from '../../../../src/imaging/imresize';
import { fitAggd } from '../../../../src/imaging/niqe/aggd';
import { BLOCK, blockFeatures, blocksOf, FEATURES } from '../../../../src/imaging/niqe/block-features';
import { gamma } from '../../../../src/imaging/niqe/gamma';
import { computeMscn } from '../../../../src/imaging/niqe/mscn';
import { fitGaussian, gaussianDistance, greyLevels, niqe } from '../../../../src/imaging/niqe/niqe';
import { fitPristineModel, pristineBlocks } from '../../../../src/imaging/niqe/pristine';
import { eigen, pseudoInverse } from '../../../../src/imaging/niqe/symmetric-matrix';
import { randomStream } from '../../../../src/random/random-stream';
import { drawPicture } from '../../../support/micro-run';
import { loadImage } from '../../../support/pictures';
import { sharedData } from '../../../support/shared-data';

function close(actual: number, expected: number, tolerance: number, what = ''): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what} ${actual} is not ${expected} ± ${tolerance}`);
}

/** Samples of an AGGD: |x| is β·G^(1/α) for G from a gamma distribution with shape 1/α, and a side is taken as often as its scale. */
function aggdSamples(shape: number, left: number, right: number, count: number): Float64Array {
  const random = randomStream(11, `aggd ${shape} ${left} ${right}`);
  return Float64Array.from({ length: count }, () => {
    const size = gammaSample(1 / shape, random) ** (1 / shape);
    return random.uniform() < left / (left + right) ? -left * size : right * size;
  });
}

/** Marsaglia and Tsang 2000; shapes below 1 through the one above. */
function gammaSample(shape: number, random: ReturnType<typeof randomStream>): number {
  if (shape < 1) return gammaSample(shape + 1, random) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

describe('the gamma function', () => {
  it('has its known values', () => {
    close(gamma(0.5), Math.sqrt(Math.PI), 1e-14);
    for (let n = 1, factorial = 1; n < 15; factorial *= n, n++)
      close(gamma(n) / factorial, 1, 1e-13, `Γ(${n})`);
    for (const x of [0.1, 0.37, 1.5, 7.25])
      close(gamma(x + 1) / (x * gamma(x)), 1, 1e-13, `recurrence at ${x}`);
    assert.throws(() => gamma(0), RangeError);
  });
});

describe('the asymmetric generalised Gaussian', () => {
  for (const [shape, left, right] of [
    [2, 1, 1],
    [1, 0.5, 1],
    [0.6, 2, 1],
    [4, 1, 1.5],
  ] as const) {
    it(`is recovered from its samples: shape ${shape}, scales ${left} and ${right}`, () => {
      const fit = fitAggd(aggdSamples(shape, left, right, 200_000))!;
      close(fit.shape, shape, 0.03 * shape, 'shape');
      close(fit.left, left, 0.03 * left, 'left scale');
      close(fit.right, right, 0.03 * right, 'right scale');
      close(fit.mean, ((right - left) * gamma(2 / shape)) / gamma(1 / shape), 0.02, 'mean');
    });
  }

  it('of normal numbers is Gaussian: shape 2, scales √2 σ', () => {
    const random = randomStream(5, 'normal');
    const fit = fitAggd(Float64Array.from({ length: 200_000 }, () => 3 * random.normal()))!;
    close(fit.shape, 2, 0.03);
    close(fit.left, 3 * Math.SQRT2, 0.05);
  });

  it('does not exist where nothing is on one side of zero', () => {
    assert.equal(fitAggd(new Float64Array(100)), null);
    assert.equal(fitAggd(Float64Array.of(1, 2, 3)), null);
  });
});

describe('MSCN coefficients', () => {
  it('of a flat plane are zero, and of a step have the contrast in them', () => {
    const flat = computeMscn({ width: 9, height: 9, data: new Float64Array(81).fill(77) });
    assert.ok(flat.coefficients.data.every((value) => Math.abs(value) < 1e-9));
    const data = Float64Array.from({ length: 81 }, (_, at) => (at % 9 < 4 ? 10 : 200));
    const { coefficients, deviations } = computeMscn({ width: 9, height: 9, data });
    // Far from the step there is nothing; beside it half a window is on the other side.
    close(deviations.data[0]!, 0, 1e-4);
    assert.ok(deviations.data[4]! > 80 && coefficients.data[4]! > 0.5 && coefficients.data[3]! < -0.5);
  });
});

describe('symmetric matrices', () => {
  const size = 6;
  const random = randomStream(2, 'matrix');
  const factor = Float64Array.from({ length: size * size }, () => random.normal());
  const product = (rank: number): Float64Array =>
    Float64Array.from({ length: size * size }, (_, at) => {
      const [row, column] = [Math.floor(at / size), at % size];
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += factor[row * size + k]! * factor[column * size + k]!;
      return sum;
    });
  const times = (a: Float64Array, b: Float64Array): Float64Array =>
    Float64Array.from({ length: size * size }, (_, at) => {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += a[Math.floor(at / size) * size + k]! * b[k * size + (at % size)]!;
      return sum;
    });

  it('have eigenvalues whose vectors they stretch', () => {
    const matrix = product(size);
    const { values, vectors } = eigen(matrix, size);
    const stretched = times(matrix, vectors);
    for (let at = 0; at < size * size; at++) close(stretched[at]!, vectors[at]! * values[at % size]!, 1e-12);
  });

  it('have an inverse, and a pseudo-inverse that obeys Penrose where they are singular', () => {
    const regular = product(size);
    const identity = times(regular, pseudoInverse(regular, size));
    identity.forEach((value, at) => {
      close(value, at % (size + 1) === 0 ? 1 : 0, 1e-9);
    });
    const singular = product(3);
    const inverse = pseudoInverse(singular, size);
    times(times(singular, inverse), singular).forEach((value, at) => {
      close(value, singular[at]!, 1e-10);
    });
    times(times(inverse, singular), inverse).forEach((value, at) => {
      close(value, inverse[at]!, 1e-9);
    });
  });
});

describe('features of blocks', () => {
  it('are 36 a whole block, the same wherever the block lies, and not of what is left over', () => {
    const image = drawPicture(2 * BLOCK + 50, BLOCK + 20, 2);
    assert.equal(blocksOf(image), 2);
    const blocks = blockFeatures(greyLevels(image));
    assert.equal(blocks.length, 2);
    assert.ok(
      blocks.every(({ features }) => features.length === FEATURES && features.every(Number.isFinite)),
    );
    const narrower = { ...image, width: 2 * BLOCK, data: new Uint8Array(2 * BLOCK * image.height * 3) };
    for (let y = 0; y < image.height; y++)
      narrower.data.set(
        image.data.subarray(y * image.width * 3, (y * image.width + 2 * BLOCK) * 3),
        y * 2 * BLOCK * 3,
      );
    assert.deepEqual(blockFeatures(greyLevels(narrower)), blocks);
  });

  it('of a flat block do not exist', () => {
    const image = { width: BLOCK, height: BLOCK, data: new Uint8Array(BLOCK * BLOCK * 3).fill(90) };
    assert.deepEqual(blockFeatures(greyLevels(image)), []);
  });

  it('of the negative are the same but for signs: left and right change places', () => {
    const image = drawPicture(BLOCK, BLOCK, 2);
    const negative = { ...image, data: image.data.map((value) => 255 - value) };
    const [[a], [b]] = [image, negative].map((each) => blockFeatures(greyLevels(each))) as [
      ReturnType<typeof blockFeatures>,
      ReturnType<typeof blockFeatures>,
    ];
    // Coefficients change their sign, which leaves the mean of both scales; products do not change at all.
    a!.features.forEach((value, at) => {
      close(b!.features[at]!, value, 2e-2 * Math.max(1, Math.abs(value)), `feature ${at}`);
    });
  });
});

describe('NIQE', function () {
  this.timeout(120_000);

  const jpeg = async ({ width, height, data }: RgbImage, quality: number): Promise<RgbImage> => {
    const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg({ quality })
      .toBuffer();
    const raw = await sharp(bytes).raw().toBuffer();
    return { width, height, data: new Uint8Array(raw) };
  };
  const blurred = (image: RgbImage): RgbImage =>
    imresize(imresize(image, 0.25), { width: image.width, height: image.height });
  const noisy = (image: RgbImage, sigma: number): RgbImage => {
    const random = randomStream(4, 'noise');
    return {
      ...image,
      data: image.data.map((value) =>
        Math.min(255, Math.max(0, Math.round(value + sigma * random.normal()))),
      ),
    };
  };

  it('puts photographs before their blurred, noisy and compressed copies, and worse copies after better ones', async function () {
    const file = (number: number): string =>
      sharedData(this, 'kodak', `kodim${String(number).padStart(2, '0')}.png`);
    const blocks = [];
    for (const number of [1, 2, 4, 6, 7, 9, 10, 11, 12, 13, 14, 15]) {
      blocks.push(...pristineBlocks(await loadImage(file(number))));
    }
    const pristine = fitPristineModel(blocks)!;
    assert.equal(pristine.sharpShare < 0.75, blocks.filter(({ share }) => share > 0.75).length < 360);
    for (const number of [5, 8, 19, 23, 24]) {
      const image = await loadImage(file(number));
      const score = (each: RgbImage): number => niqe(each, pristine)!;
      const own = score(image);
      assert.ok(own < 6, `kodim${number}: ${own}`);
      const [blur, light, heavy] = [score(blurred(image)), score(noisy(image, 5)), score(noisy(image, 20))];
      const [good, poor] = [score(await jpeg(image, 40)), score(await jpeg(image, 8))];
      assert.ok(own < blur, `blur of kodim${number}: ${own}, ${blur}`);
      // A little noise is in photographs as well.
      assert.ok(own < heavy && light < heavy, `noise in kodim${number}: ${own}, ${light}, ${heavy}`);
      assert.ok(good < poor && own < poor, `JPEG of kodim${number}: ${own}, ${good}, ${poor}`);
    }
  });

  it('hardly changes when a picture is mirrored', async function () {
    const image = await loadImage(sharedData(this, 'kodak', 'kodim08.png'));
    const blocks = [];
    for (const number of ['01', '05', '13', '22']) {
      blocks.push(...pristineBlocks(await loadImage(sharedData(this, 'kodak', `kodim${number}.png`))));
    }
    const pristine = fitPristineModel(blocks)!;
    const mirrored = { ...image, data: new Uint8Array(image.data.length) };
    for (let at = 0; at < image.width * image.height; at++) {
      const x = at % image.width;
      const from = (at - x + image.width - 1 - x) * 3;
      mirrored.data.set(image.data.subarray(from, from + 3), at * 3);
    }
    close(niqe(mirrored, pristine)! / niqe(image, pristine)!, 1, 0.15);
  });

  it('agrees with BasicSR 1.4.2, whose scores are those of the authors’ release', async function () {
    const image = await loadImage(sharedData(this, 'kodak', 'kodim01.png'));
    const blocks = blockFeatures(greyLevels(image));
    assert.equal(blocks.length, 40);
    for (const [at, expected] of Object.entries(basicsrMeans)) {
      const mean = blocks.reduce((sum, { features }) => sum + features[Number(at)]!, 0) / blocks.length;
      close(mean, expected, 1e-9, `mean of feature ${at}`);
    }
  });

  it('is zero between equal Gaussians, symmetric, and needs four blocks', () => {
    const random = randomStream(9, 'gaussians');
    const draw = (shift: number): Float64Array[] =>
      Array.from({ length: 80 }, () =>
        Float64Array.from({ length: FEATURES }, () => shift + random.normal()),
      );
    const [a, b] = [fitGaussian(draw(0)), fitGaussian(draw(1))];
    close(gaussianDistance(a, a), 0, 1e-9);
    close(gaussianDistance(a, b), gaussianDistance(b, a), 1e-9);
    // A shift of one standard deviation in each of 36 independent dimensions is a distance of 6.
    close(gaussianDistance(a, b), 6, 2.5);
    assert.equal(niqe(drawPicture(191, 191, 1), a), null);
    assert.notEqual(niqe(drawPicture(192, 192, 1), a), null);
    assert.equal(fitPristineModel(pristineBlocks(drawPicture(192, 192, 1))), null);
  });
});

/** Means over the 40 blocks of kodim01, by feature; computed with BasicSR 1.4.2 (`basicsr/metrics/niqe.py`). */
const basicsrMeans: Readonly<Record<number, number>> = {
  0: 2.7900750000000025,
  1: 1.0420424272259023,
  2: 0.8683750000000006,
  3: 0.11746048219686148,
  4: 0.18532902872472315,
  5: 0.28048662343297925,
  9: 0.2606328052144775,
  13: 0.234950455969898,
  17: 0.2018178154966595,
  18: 3.0870500000000023,
  19: 1.0570483820795498,
  20: 0.8331250000000008,
  21: 0.1074388220734972,
  26: 0.24710060593320632,
  34: 0.3131399272609042,
  35: 0.2136225401686497,
};
