/**
 * Mean-subtracted contrast-normalised coefficients (D. L. Ruderman, "The statistics of natural images", Network 5, 1994):
 * each pixel less the local mean, over the local standard deviation plus one. In good photographs they look Gaussian;
 * blur, noise and blocks each bend them in a way of their own.
 */
import type { Plane } from '../colour';

export interface Mscn {
  /** (I − μ) / (σ + 1), for I in grey levels of [0, 255]. */
  readonly coefficients: Plane;
  /** σ: how sharp the picture is at each place. */
  readonly deviations: Plane;
}

const RADIUS = 3;
const SIGMA = 7 / 6;
/** Keeps flat parts from being divided by nothing, in grey levels. */
const STABILISER = 1;

const weights = (() => {
  const raw = Array.from({ length: 2 * RADIUS + 1 }, (_, at) =>
    Math.exp(-((at - RADIUS) ** 2) / (2 * SIGMA ** 2)),
  );
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return Float64Array.from(raw, (weight) => weight / sum);
})();

/** Under a 7×7 Gaussian window of σ = 7/6; beyond the border the last pixel is repeated. */
export function computeMscn(plane: Plane): Mscn {
  const { width, height, data } = plane;
  const means = blur(data, width, height);
  const squares = blur(
    data.map((value) => value * value),
    width,
    height,
  );
  const deviations = squares;
  const coefficients = means;
  for (let at = 0; at < data.length; at++) {
    const mean = means[at]!;
    const deviation = Math.sqrt(Math.abs(squares[at]! - mean * mean));
    deviations[at] = deviation;
    coefficients[at] = (data[at]! - mean) / (deviation + STABILISER);
  }
  return {
    coefficients: { width, height, data: coefficients },
    deviations: { width, height, data: deviations },
  };
}

/** Rows, then columns. */
function blur(data: Float64Array, width: number, height: number): Float64Array {
  const across = new Float64Array(data.length);
  const padded = new Float64Array(width + 2 * RADIUS);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    padded.fill(row[0]!, 0, RADIUS);
    padded.set(row, RADIUS);
    padded.fill(row[width - 1]!, RADIUS + width);
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++) sum += weights[tap]! * padded[x + tap]!;
      across[y * width + x] = sum;
    }
  }
  const down = new Float64Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let tap = 0; tap < weights.length; tap++) {
      const from = Math.min(height - 1, Math.max(0, y + tap - RADIUS)) * width;
      const weight = weights[tap]!;
      for (let x = 0; x < width; x++) down[y * width + x]! += weight * across[from + x]!;
    }
  }
  return down;
}
