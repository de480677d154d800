/** The statistics of a verdict, against tables and by hand. */
import assert from 'node:assert/strict';
import { compareSeries, describeComparisons } from '../../../src/training/transfer/compare-methods';
import { holm, pairedTest, verdictOf } from '../../../src/training/transfer/statistics/paired';
import { pausing } from '../../../src/training/transfer/pause';
import { principalPlane } from '../../../src/training/transfer/statistics/principal-components';
import { estimate, twoSidedP, twoSidedQuantile } from '../../../src/training/transfer/statistics/student';
import type { CurveSeries, TransferMethod } from '../../../src/protocol/transfer';

const near = (actual: number, expected: number, tolerance: number): void => {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} and ${expected}`);
};

describe('statistics of transfer', () => {
  it('Student’s t has the quantiles of the tables', () => {
    for (const [degrees, quantile] of [
      [1, 12.7062047],
      [2, 4.30265273],
      [4, 2.77644511],
      [30, 2.04227246],
      [1000, 1.9623391],
    ] as const) {
      near(twoSidedQuantile(0.05, degrees), quantile, 1e-6);
      near(twoSidedP(quantile, degrees), 0.05, 1e-8);
    }
    near(twoSidedP(3, 1), 1 - (2 / Math.PI) * Math.atan(3), 1e-12);
    assert.equal(twoSidedP(0, 5), 1);
  });

  it('an interval is t times the standard error; one seed has none', () => {
    const { mean, interval } = estimate([0.5, 0.6, 0.7]);
    near(mean, 0.6, 1e-12);
    near(interval![1] - mean, (4.30265273 * 0.1) / Math.sqrt(3), 1e-8);
    assert.equal(estimate([0.5]).interval, null);
  });

  it('the paired test over images is the paired t-test where there is one seed', () => {
    const subject = [true, true, true, false, true, true, false, true];
    const baseline = [false, true, false, false, false, true, true, true];
    const images = subject.map((_, i) => i);
    const { difference, pSeeds, pImages } = pairedTest([{ images, subject, baseline }]);
    // Differences 1 0 1 0 1 0 −1 0: mean 1/4, variance 1/2, t = 0.25 / √(0.5 / 8) = 1.
    near(difference, 0.25, 1e-12);
    assert.equal(pSeeds, null);
    near(pImages, twoSidedP(1, 7), 1e-12);
  });

  it('an image that several seeds test counts once', () => {
    const answers = {
      images: [0, 1, 2, 3],
      subject: [true, true, true, false],
      baseline: [false, true, false, true],
    };
    const once = pairedTest([answers]);
    const thrice = pairedTest([answers, answers, answers]);
    near(thrice.pImages, once.pImages, 1e-12);
    // Seeds that agree wholly leave no doubt of their own.
    assert.equal(thrice.pSeeds, 0);
  });

  it('no difference is none, however sure; Holm’s correction keeps the order', () => {
    const same = { images: [0, 1], subject: [true, false], baseline: [true, false] };
    assert.deepEqual(pairedTest([same, same]), { difference: 0, pSeeds: 1, pImages: 1 });
    assert.deepEqual(
      holm([0.01, 0.04, 0.03, 0.005]).map((p) => Math.round(p * 1000) / 1000),
      [0.03, 0.06, 0.06, 0.02],
    );
    assert.equal(verdictOf(0.1, 0.049), 'better');
    assert.equal(verdictOf(-0.1, 0.049), 'worse');
    assert.equal(verdictOf(0.1, 0.05), 'not distinguishable');
    assert.equal(verdictOf(0.1, null), 'not distinguishable');
  });

  it('the verdict in words names what was better, by how much, and where nothing can be said', () => {
    const labels = Array.from({ length: 40 }, (_, i) => i % 2);
    const images = labels.map((_, i) => i);
    const seeds = [0, 1, 2, 3, 4];
    const tests = seeds.map((seed) => ({ seed, images }));
    const series = (
      method: TransferMethod,
      wrong: (image: number, few: boolean, seed: number) => boolean,
    ): CurveSeries => ({
      key: method,
      method,
      description: method,
      points: [1, null].map((count) => ({
        labels: count,
        images: count ?? 20,
        accuracy: { mean: 0, interval: null },
        seeds: seeds.map((seed) => ({
          seed,
          accuracy: 0,
          validation: 0,
          predictions: images.map((i) => (wrong(i, count === 1, seed) ? 1 - labels[i]! : labels[i]!)),
        })),
      })),
    });
    const all = [
      series('discriminator', (i, few) => few && i < 4),
      // As bad as D with one label; wrong on half of the images, a few others each seed, with all.
      series('random', (i, few, seed) => (few ? i < 4 : (i + seed) % 8 < 4)),
    ];
    const comparisons = compareSeries(all, tests, labels);
    assert.deepEqual(
      comparisons.map(({ labels: count, verdict }) => [count, verdict]),
      [
        [1, 'not distinguishable'],
        [null, 'better'],
      ],
    );
    assert.deepEqual(describeComparisons(comparisons, all), [
      'discriminator against random: better with all labels (by 50.0 points); not distinguishable with 1 label a class.',
    ]);
  });

  it('the plane of a map is that of the greatest variances', async () => {
    const data = new Float32Array(40 * 5);
    for (let row = 0; row < 40; row++) {
      data[row * 5 + 3] = 10 * Math.cos(row);
      data[row * 5 + 1] = 3 * Math.sin(2.3 * row);
      data[row * 5] = 0.1 * Math.sin(5 * row);
    }
    const plane = await principalPlane({ rows: 40, columns: 5, data }, pausing());
    const spread = (axis: 0 | 1): number =>
      Math.sqrt(plane.reduce((sum, point) => sum + point[axis] ** 2, 0) / 40);
    near(spread(0), 10 / Math.SQRT2, 0.6);
    near(spread(1), 3 / Math.SQRT2, 0.3);
  });
});
