/**
 * Kernels that blur: small square grids of weights that sum to 1, made from a formula and centred on the middle sample.
 * The family is that of Wang et al., "Real-ESRGAN", ICCVW 2021, section 3.1.
 */

export interface BlurKernel {
  /** Side, odd. */
  readonly size: number;
  /** `size` × `size` weights, row by row. */
  readonly weights: Float64Array;
  /** Where the kernel is the outer product of one line with itself: that line, `size` weights that sum to 1. */
  readonly line?: Float64Array;
}

export type BlurShape = 'gaussian' | 'generalised' | 'plateau';

export interface GaussianParameters {
  shape: BlurShape;
  size: number;
  /** Standard deviations along the two axes, in pixels. */
  sigmaX: number;
  sigmaY: number;
  /** From the direction of x to the first axis, clockwise in a picture, in degrees. */
  rotation: number;
  /** Exponent; of no effect on a Gaussian. */
  beta: number;
}

/** Weights below this share of the largest are left out, which changes no sample by a thousandth of a grey level. */
const NEGLIGIBLE = 1e-8;

/**
 * With d = xᵀ Σ⁻¹ x and Σ = R diag(σx², σy²) Rᵀ: exp(−d/2) for the Gaussian, exp(−d^β/2) for the generalised one
 * (Liu et al. 2020), 1/(1 + d^β) for the plateau.
 */
export function gaussianKernel(parameters: GaussianParameters): BlurKernel {
  const { shape, size, sigmaX, sigmaY, beta } = parameters;
  const angle = (parameters.rotation * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const squaredDistance = (x: number, y: number): number => {
    const along = (cosine * x + sine * y) / sigmaX;
    const across = (cosine * y - sine * x) / sigmaY;
    return along * along + across * across;
  };
  const profile = {
    gaussian: (d: number) => Math.exp(-d / 2),
    generalised: (d: number) => Math.exp(-(d ** beta) / 2),
    plateau: (d: number) => 1 / (1 + d ** beta),
  }[shape];
  const kernel = fromFormula(size, (x, y) => profile(squaredDistance(x, y)));
  if (shape !== 'gaussian' || sigmaX !== sigmaY) return kernel;
  const radius = (size - 1) / 2;
  const line = Float64Array.from({ length: size }, (_, i) => Math.exp(-(((i - radius) / sigmaX) ** 2) / 2));
  return { ...kernel, line: normalise(line) };
}

/**
 * The ideal low-pass filter of circular support in the frequency plane, cut to `size`: ωc J₁(ωc r)/(2π r), and ωc²/(4π)
 * in the middle, with ωc = `cutoff` in radians a pixel.
 */
export function sincKernel(size: number, cutoff: number): BlurKernel {
  return fromFormula(size, (x, y) => {
    const radius = Math.sqrt(x * x + y * y);
    return radius === 0
      ? (cutoff * cutoff) / (4 * Math.PI)
      : (cutoff * besselJ1(cutoff * radius)) / (2 * Math.PI * radius);
  });
}

function fromFormula(size: number, weightAt: (x: number, y: number) => number): BlurKernel {
  const radius = (size - 1) / 2;
  const weights = Float64Array.from({ length: size * size }, (_, i) =>
    weightAt((i % size) - radius, Math.floor(i / size) - radius),
  );
  return { size, weights: normalise(weights) };
}

function normalise(weights: Float64Array): Float64Array {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const kept = weights.map((weight) => (Math.abs(weight) < NEGLIGIBLE * largest ? 0 : weight));
  const sum = kept.reduce((total, weight) => total + weight, 0);
  return kept.map((weight) => weight / sum);
}

/**
 * Bessel's function of the first kind and order 1 for 0 ≤ x ≤ 120, by its integral over a whole period,
 * J₁(x) = 1/2π ∫ cos(t − x sin t) dt: equidistant points give it exactly but for terms of order J_{N−1}(x), which are
 * below 1e-30 here.
 */
export function besselJ1(x: number): number {
  const points = 256;
  let sum = 0;
  for (let i = 0; i < points; i++) {
    const angle = (2 * Math.PI * i) / points;
    sum += Math.cos(angle - x * Math.sin(angle));
  }
  return sum / points;
}
