import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { luma, type Plane } from '../../../../src/imaging/colour';
import { imresize } from '../../../../src/imaging/imresize';
import { createFft, transformPlane } from '../../../../src/imaging/spectrum/fft';
import { powerAt, radialSpectrum } from '../../../../src/imaging/spectrum/radial-spectrum';
import { randomStream } from '../../../../src/random/random-stream';
import { makeImage } from '../../../support/pictures';

function noise(width: number, height: number, sigma: number): Plane {
  const random = randomStream(3, 'spectrum');
  return {
    width,
    height,
    data: Float64Array.from({ length: width * height }, () => sigma * random.normal()),
  };
}

describe('the fast Fourier transform', () => {
  it('is the discrete one, as its definition says', () => {
    for (const length of [1, 2, 8, 64]) {
      const random = randomStream(length, 'fft');
      const [real, imaginary] = [0, 1].map(() => Float64Array.from({ length }, () => random.normal())) as [
        Float64Array,
        Float64Array,
      ];
      const [r, i] = [real.slice(), imaginary.slice()];
      createFft(length).transform(r, i);
      for (let k = 0; k < length; k++) {
        let [sumReal, sumImaginary] = [0, 0];
        for (let n = 0; n < length; n++) {
          const angle = (-2 * Math.PI * k * n) / length;
          sumReal += real[n]! * Math.cos(angle) - imaginary[n]! * Math.sin(angle);
          sumImaginary += real[n]! * Math.sin(angle) + imaginary[n]! * Math.cos(angle);
        }
        assert.ok(Math.abs(r[k]! - sumReal) < 1e-11 && Math.abs(i[k]! - sumImaginary) < 1e-11);
      }
    }
  });

  it('takes powers of two only, and as many numbers as it was made for', () => {
    assert.throws(() => createFft(12), RangeError);
    assert.throws(() => {
      createFft(8).transform(new Float64Array(4), new Float64Array(4));
    }, RangeError);
  });

  it('of a plane goes along rows and columns', () => {
    const [width, height] = [8, 4];
    const real = Float64Array.from({ length: width * height }, (_, at) => {
      return Math.cos(2 * Math.PI * ((3 * (at % width)) / width + Math.floor(at / width) / height));
    });
    const imaginary = new Float64Array(width * height);
    transformPlane({ width, height, real, imaginary });
    const peaks = [...real.keys()].filter((at) => Math.hypot(real[at]!, imaginary[at]!) > 1e-9);
    assert.deepEqual(peaks, [1 * width + 3, 3 * width + 5]);
  });
});

describe('the radial spectrum', () => {
  it('of one window is what the definition gives', () => {
    const side = 16;
    const plane = noise(side, side, 5);
    const { frequencies, power } = radialSpectrum(plane);
    const window = Array.from({ length: side }, (_, n) => Math.sin((Math.PI * (n + 0.5)) / side) ** 2);
    const cells = [...plane.data.keys()].map((at) => ({ x: at % side, y: Math.floor(at / side) }));
    const weights = cells.map(({ x, y }) => window[x]! * window[y]!);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mean = weights.reduce((sum, weight, at) => sum + weight * plane.data[at]!, 0) / total;
    const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
    const rings = new Map<number, number[]>();
    for (let v = -side / 2 + 1; v <= side / 2; v++) {
      for (let u = -side / 2 + 1; u <= side / 2; u++) {
        let [real, imaginary] = [0, 0];
        for (const [at, { x, y }] of cells.entries()) {
          const value = (plane.data[at]! - mean) * weights[at]!;
          const angle = (2 * Math.PI * (u * x + v * y)) / side;
          real += value * Math.cos(angle);
          imaginary -= value * Math.sin(angle);
        }
        const ring = Math.round(Math.sqrt(u * u + v * v));
        rings.set(ring, [...(rings.get(ring) ?? []), (real ** 2 + imaginary ** 2) / squares]);
      }
    }
    assert.equal(power.length, side / 2);
    for (const [index, value] of power.entries()) {
      const ring = rings.get(index + 1)!;
      const expected = ring.reduce((sum, density) => sum + density, 0) / ring.length;
      assert.ok(Math.abs(value / expected - 1) < 1e-10);
      assert.equal(frequencies[index], (index + 1) / side);
    }
  });

  it('of white noise is its variance at every frequency', () => {
    const { power } = radialSpectrum(noise(512, 512, 7), 64);
    for (const value of power.slice(2)) assert.ok(Math.abs(value / 49 - 1) < 0.25, String(value));
    const mean = power.slice(2).reduce((sum, value) => sum + value, 0) / (power.length - 2);
    assert.ok(Math.abs(mean / 49 - 1) < 0.02);
  });

  it('of a wave stands at its frequency', () => {
    const wave = (x: number, y: number): number => 20 * Math.sin(2 * Math.PI * (0.12 * x + 0.16 * y));
    const data = Float64Array.from({ length: 128 * 128 }, (_, at) => wave(at % 128, Math.floor(at / 128)));
    const { frequencies, power } = radialSpectrum({ width: 128, height: 128, data });
    const strongest = power.indexOf(Math.max(...power));
    assert.ok(Math.abs(frequencies[strongest]! - 0.2) < 1 / 128);
  });

  it('of a reduced picture is that of the picture below its own limit, in units of the larger pixels', () => {
    const hr = makeImage(512, 512);
    const lr = imresize(hr, 0.25, { convention: 'double' });
    const [fine, coarse] = [radialSpectrum(luma(hr), 256), radialSpectrum(luma(lr), 64)];
    for (const frequency of [0.02, 0.03, 0.04]) {
      const ratio = (16 * powerAt(coarse, 4 * frequency)!) / powerAt(fine, frequency)!;
      assert.ok(Math.abs(ratio - 1) < 0.3, `${frequency}: ${ratio}`);
    }
  });

  it('is known between its ends only', () => {
    const spectrum = { frequencies: Float64Array.of(0.1, 0.2, 0.4), power: Float64Array.of(100, 25, 6.25) };
    assert.equal(powerAt(spectrum, 0.05), undefined);
    assert.equal(powerAt(spectrum, 0.45), undefined);
    assert.ok(Math.abs(powerAt(spectrum, 0.1)! - 100) < 1e-9);
    assert.ok(Math.abs(powerAt(spectrum, 0.3)! - 1 / 0.09) < 1e-9);
  });

  it('refuses windows that do not fit', () => {
    assert.throws(() => radialSpectrum(noise(40, 60, 1), 64), RangeError);
    assert.throws(() => radialSpectrum(noise(60, 60, 1), 48), RangeError);
  });
});
