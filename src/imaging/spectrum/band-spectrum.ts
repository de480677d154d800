/**
 * Spectra of several pictures as one short list, to be logged and drawn: mean power in a few bands of equal width, and how
 * much of it lies in fine detail.
 */
import type { Plane } from '../colour';
import { largestWindow, radialSpectrum, type RadialSpectrum } from './radial-spectrum';

/** At most so many bands. */
export const BANDS = 64;

/** Half of Nyquist, in cycles a pixel: what lies above is fine detail, which ×2 shrinking takes away. */
export const HALF_NYQUIST = 0.25;

/** Mean spectrum of planes, all under windows of one size, the largest that fits into each of them. */
export function meanSpectrum(planes: readonly Plane[]): RadialSpectrum {
  const side = Math.min(...planes.map(largestWindow));
  const spectra = planes.map((plane) => radialSpectrum(plane, side));
  const { frequencies } = spectra[0]!;
  const power = frequencies.map(
    (_, ring) => spectra.reduce((sum, each) => sum + each.power[ring]!, 0) / spectra.length,
  );
  return { frequencies, power };
}

/** Neighbouring rings together, so that at most `BANDS` remain; each weighs as much as its area. */
export function toBands({ frequencies, power }: RadialSpectrum): RadialSpectrum {
  const width = Math.ceil(frequencies.length / BANDS);
  if (width === 1) return { frequencies, power };
  const bands = Array.from({ length: Math.ceil(frequencies.length / width) }, (_, band) => {
    const rings = [...frequencies.keys()].slice(band * width, (band + 1) * width);
    const area = rings.reduce((sum, ring) => sum + frequencies[ring]!, 0);
    return {
      frequency: area / rings.length,
      power: rings.reduce((sum, ring) => sum + frequencies[ring]! * power[ring]!, 0) / area,
    };
  });
  return {
    frequencies: Float64Array.from(bands, ({ frequency }) => frequency),
    power: Float64Array.from(bands, (band) => band.power),
  };
}

/** Variance that lies above a frequency, up to Nyquist, in the plane's unit squared: power times area, over the rings. */
export function varianceAbove({ frequencies, power }: RadialSpectrum, frequency: number): number {
  const width = frequencies[0]!;
  return frequencies.reduce(
    (sum, middle, ring) => (middle > frequency ? sum + power[ring]! * 2 * Math.PI * middle * width : sum),
    0,
  );
}
