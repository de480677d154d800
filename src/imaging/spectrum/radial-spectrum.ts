/**
 * How the contrast of a picture is spread over frequencies, whatever their direction: its power spectral density, by
 * P. D. Welch's method ("The use of fast Fourier transform for the estimation of power spectra", IEEE Trans. Audio and
 * Electroacoustics 15(2), 1967) and averaged over rings.
 */
import type { Plane } from '../colour';
import { transformPlane } from './fft';

export interface RadialSpectrum {
  /** Middle of each ring in cycles a pixel, rising, at most 0.5. The first is one cycle a window: the mean is left out. */
  frequencies: Float64Array;
  /**
   * Mean of each ring's power spectral density, in squares of the plane's unit per (cycle a pixel)²: integrated over the
   * frequency plane it is the variance.
   */
  power: Float64Array;
}

/** Windows are of at most so many pixels a side. */
export const LARGEST_WINDOW = 256;

/** At most so many windows a side, spread evenly. */
const WINDOWS = 3;

/**
 * The spectrum of a plane. Squares of `side` pixels (default: the largest power of two that fits, up to 256) are taken evenly
 * from it, at most 3×3, without their mean and under a Hann window; their squared transforms are averaged, then
 * over rings that are 1 / `side` cycles a pixel wide. Throws a `RangeError` if `side` is no power of two or does not fit.
 */
export function radialSpectrum(plane: Plane, side: number = largestWindow(plane)): RadialSpectrum {
  if (side < 2 || side > plane.width || side > plane.height)
    throw new RangeError(`A window of ${side} does not fit into ${plane.width}×${plane.height}.`);
  const density = new Float64Array(side * side);
  const lefts = starts(plane.width, side);
  const tops = starts(plane.height, side);
  for (const top of tops) for (const left of lefts) addPeriodogram(density, plane, left, top, side);
  const count = lefts.length * tops.length;
  return ringMeans(
    density.map((value) => value / count),
    side,
  );
}

/** Largest power of two, up to 256, that fits into the plane. */
export function largestWindow({ width, height }: { width: number; height: number }): number {
  return Math.min(LARGEST_WINDOW, 2 ** Math.floor(Math.log2(Math.min(width, height))));
}

function starts(length: number, side: number): number[] {
  const count = Math.min(WINDOWS, Math.max(1, Math.floor(length / side)));
  return Array.from({ length: count }, (_, index) =>
    count === 1 ? (length - side) >> 1 : Math.round((index * (length - side)) / (count - 1)),
  );
}

function addPeriodogram(density: Float64Array, plane: Plane, left: number, top: number, side: number): void {
  const window = hann(side);
  const real = new Float64Array(side * side);
  const imaginary = new Float64Array(side * side);
  let sum = 0;
  let weights = 0;
  let squares = 0;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const weight = window[x]! * window[y]!;
      sum += weight * plane.data[(top + y) * plane.width + left + x]!;
      weights += weight;
      squares += weight * weight;
    }
  }
  const mean = sum / weights;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const value = plane.data[(top + y) * plane.width + left + x]! - mean;
      real[y * side + x] = value * window[x]! * window[y]!;
    }
  }
  transformPlane({ width: side, height: side, real, imaginary });
  for (let at = 0; at < density.length; at++)
    density[at]! += (real[at]! ** 2 + imaginary[at]! ** 2) / squares;
}

function hann(length: number): Float64Array {
  return Float64Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / length));
}

function ringMeans(density: Float64Array, side: number): RadialSpectrum {
  const rings = side >> 1;
  const power = new Float64Array(rings);
  const counts = new Float64Array(rings);
  for (let v = 0; v < side; v++) {
    for (let u = 0; u < side; u++) {
      const ring = Math.round(Math.hypot(signed(u, side), signed(v, side)));
      // Beyond half a cycle a pixel there are only the corners.
      if (ring < 1 || ring > rings) continue;
      power[ring - 1]! += density[v * side + u]!;
      counts[ring - 1]!++;
    }
  }
  return {
    frequencies: Float64Array.from({ length: rings }, (_, index) => (index + 1) / side),
    power: power.map((sum, index) => sum / counts[index]!),
  };
}

/** Index of the transform as a frequency, negative in its upper half. */
function signed(index: number, side: number): number {
  return index <= side / 2 ? index : index - side;
}

/**
 * Power at other frequencies, by straight lines between the logarithms of both. `undefined` outside of what the spectrum
 * covers.
 */
export function powerAt({ frequencies, power }: RadialSpectrum, frequency: number): number | undefined {
  const tolerance = 1e-9;
  const last = frequencies.length - 1;
  if (frequency < frequencies[0]! - tolerance || frequency > frequencies[last]! + tolerance) return undefined;
  let upper = 1;
  while (upper < last && frequencies[upper]! < frequency) upper++;
  if (last === 0) return power[0]!;
  const [f0, f1] = [Math.log(frequencies[upper - 1]!), Math.log(frequencies[upper]!)];
  const share = (Math.log(frequency) - f0) / (f1 - f0);
  const [p0, p1] = [power[upper - 1]!, power[upper]!];
  if (p0 <= 0 || p1 <= 0) return p0 + share * (p1 - p0);
  return Math.exp(Math.log(p0) + share * (Math.log(p1) - Math.log(p0)));
}
