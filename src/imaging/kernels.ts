/**
 * Interpolation kernels of MATLAB's `imresize`: each a function of the distance in input pixels, zero outside its width.
 * Their arithmetic is MATLAB's, operation by operation, so that weights agree to the last bit: where a sum lands half-way
 * between two grey levels, as happens often at ×1/3, the last bit decides which of them is stored.
 * Cubic: Keys 1981, a = −1/2. Lanczos: windowed sinc; the `EPSILON` terms keep 0/0 away.
 */

export const kernelNames = ['bicubic', 'bilinear', 'box', 'lanczos2', 'lanczos3'] as const;
export type KernelName = (typeof kernelNames)[number];

export interface Kernel {
  /** Extent of the support in input pixels. */
  readonly width: number;
  readonly at: (distance: number) => number;
}

export const kernels: Record<KernelName, Kernel> = {
  bicubic: { width: 4, at: cubic },
  bilinear: { width: 2, at: triangle },
  box: { width: 1, at: (x) => (x >= -0.5 && x < 0.5 ? 1 : 0) },
  lanczos2: { width: 4, at: (x) => lanczos(x, 2) },
  lanczos3: { width: 6, at: (x) => lanczos(x, 3) },
};

function cubic(distance: number): number {
  const x = Math.abs(distance);
  const x2 = x * x;
  const x3 = cube(x);
  if (x <= 1) return 1.5 * x3 - 2.5 * x2 + 1;
  if (x <= 2) return -0.5 * x3 + 2.5 * x2 - 4 * x + 2;
  return 0;
}

/**
 * x³ rounded once, as MATLAB's `x.^3` is (nearly always: its power function errs by a little more than half a unit in the
 * last place); x·x·x would be rounded twice. Each product is taken with its rounding error, by Dekker's algorithm 1971.
 */
function cube(x: number): number {
  const square = x * x;
  const product = square * x;
  return product + (productError(square, x, product) + productError(x, x, square) * x);
}

/** a·b − `product`, exactly, for `product` = a·b rounded and factors far from overflow. */
function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** The upper 26 bits of the significand (Veltkamp). */
function upperHalf(x: number): number {
  const shifted = 134217729 * x;
  return shifted - (shifted - x);
}

function triangle(x: number): number {
  if (x >= -1 && x < 0) return x + 1;
  return x >= 0 && x <= 1 ? 1 - x : 0;
}

function lanczos(x: number, lobes: number): number {
  if (Math.abs(x) >= lobes) return 0;
  const numerator = Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / lobes) + Number.EPSILON;
  return numerator / ((Math.PI ** 2 * (x * x)) / lobes + Number.EPSILON);
}
