import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { FloatImage } from '../../../../src/imaging/degradation/float-image';
import { addGaussianNoise, addPoissonNoise } from '../../../../src/imaging/degradation/noise';
import { randomStream } from '../../../../src/random/random-stream';

const side = 200;

function flat(level: number): FloatImage {
  return { width: side, height: side, channels: 3, data: new Float32Array(side * side * 3).fill(level) };
}

/** Every level in turn, so that the image has 256 of them. */
function allLevels(): FloatImage {
  const image = flat(0);
  return { ...image, data: image.data.map((_, i) => Math.floor(i / 3) % 256) };
}

function statistics(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

/** Six standard deviations of the estimate: passes for any good generator, and fails for a wrong factor. */
function assertStatistics(values: readonly number[], mean: number, variance: number): void {
  const found = statistics(values);
  const meanError = 6 * Math.sqrt(variance / values.length);
  const varianceError = 6 * variance * Math.sqrt(2.2 / values.length);
  assert.ok(Math.abs(found.mean - mean) < meanError, `mean ${found.mean} instead of ${mean}`);
  assert.ok(
    Math.abs(found.variance - variance) < varianceError,
    `variance ${found.variance} instead of ${variance}`,
  );
}

const random = () => randomStream(5, 'noise', 3);

describe('noise', () => {
  it('Gaussian: mean 0, the variance that is asked for, no dependence between channels', () => {
    const { data } = addGaussianNoise(flat(128), 12, { grey: false, random: random() });
    assertStatistics(Array.from(data), 128, 144);
    const differences = Array.from({ length: side * side }, (_, i) => data[3 * i]! - data[3 * i + 1]!);
    assertStatistics(differences, 0, 2 * 144);
  });

  it('grey: the same in all channels', () => {
    const gaussian = addGaussianNoise(flat(128), 12, { grey: true, random: random() });
    const poisson = addPoissonNoise(flat(128), 2, { grey: true, random: random() });
    for (const { data } of [gaussian, poisson]) {
      for (let i = 0; i < data.length; i += 3)
        assert.deepEqual([data[i], data[i]], [data[i + 1], data[i + 2]]);
    }
    assertStatistics(
      Array.from({ length: side * side }, (_, i) => gaussian.data[3 * i]!),
      128,
      144,
    );
  });

  for (const [scale, level] of [
    [1, 64],
    [1, 160],
    [0.5, 200],
  ] as const) {
    it(`Poisson: at level ${level} the variance of as many photons, times ${scale}²`, () => {
      const image = allLevels();
      // The levels that are measured lie in the middle, where nothing is cut off.
      const measured = image.data.map((value, i) => (i < 30_000 ? value : level));
      const { data } = addPoissonNoise({ ...image, data: measured }, scale, {
        grey: false,
        random: random(),
      });
      const photons = (level / 255) * 256;
      assertStatistics(Array.from(data.subarray(30_000)), level, scale ** 2 * photons * (255 / 256) ** 2);
    });
  }

  it('leaves black black, and holds everything within the range', () => {
    const black = addPoissonNoise(flat(0), 3, { grey: false, random: random() });
    assert.ok(black.data.every((value) => value === 0));
    const white = addGaussianNoise(flat(250), 40, { grey: false, random: random() });
    assert.equal(Math.max(...white.data.subarray(0, 9000)), 255);
    assert.ok(white.data.every((value) => value >= 0 && value <= 255));
  });

  it('depends on the stream alone', () => {
    const make = (seed: number): Float32Array =>
      addPoissonNoise(allLevels(), 1, { grey: false, random: randomStream(seed, 'noise') }).data;
    assert.deepEqual(make(1), make(1));
    assert.notDeepEqual(make(1), make(2));
  });
});
