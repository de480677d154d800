/**
 * Interpolation kernels of MATLAB's `imresize`: each a function of the distance in input pixels, zero outside its width.
 * Their arithmetic is MATLAB's, operation by operation, so that weights agree to the last bit.
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
  const x3 = x2 * x;
  if (x <= 1) return 1.5 * x3 - 2.5 * x2 + 1;
  if (x <= 2) return -0.5 * x3 + 2.5 * x2 - 4 * x + 2;
  return 0;
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
