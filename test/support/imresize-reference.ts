/**
 * MATLAB's `imresize` straight from its definition, one output sample at a time, with every input sample near and far
 * weighed: slow, and without any of the shortcuts of the real one, against which it is held.
 */
import type { ResizeOptions } from '../../src/imaging/imresize';
import type { KernelName } from '../../src/imaging/kernels';

type Options = Required<Pick<ResizeOptions, 'kernel' | 'antialias'>> & { border: 'symmetric' | 'clamped' };

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

const reach: Record<KernelName, number> = { box: 0.5, bilinear: 1, bicubic: 2, lanczos2: 2, lanczos3: 3 };

const shape: Record<KernelName, (x: number) => number> = {
  box: (x) => (-0.5 <= x && x < 0.5 ? 1 : 0),
  bilinear: (x) => Math.max(0, 1 - Math.abs(x)),
  bicubic: (signed) => {
    const x = Math.abs(signed);
    if (x > 2) return 0;
    return x <= 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2;
  },
  lanczos2: (x) => (Math.abs(x) < 2 ? sinc(x) * sinc(x / 2) : 0),
  lanczos3: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0),
};

/** What lies at `index`, which may be beyond the ends. */
function sampleAt(line: readonly number[], index: number, border: Options['border']): number {
  let inside = index;
  if (border === 'clamped') inside = Math.max(0, Math.min(line.length - 1, index));
  while (inside < 0 || inside >= line.length) {
    if (inside < 0) inside = -1 - inside;
    if (inside >= line.length) inside = 2 * line.length - 1 - inside;
  }
  return line[inside]!;
}

/** Resamples one line; `scale` is output over input. */
export function resampleLine(
  line: readonly number[],
  length: number,
  scale: number,
  { kernel, antialias, border }: Options,
): number[] {
  const stretch = antialias && scale < 1 ? scale : 1;
  const far = Math.ceil(reach[kernel] / stretch) + 2;
  return Array.from({ length }, (_, output) => {
    // Centres of samples lie at whole numbers from 1; the outer edges of both lines coincide.
    const centre = (output + 1) / scale + 0.5 * (1 - 1 / scale);
    let [sum, weights] = [0, 0];
    for (let position = Math.floor(centre) - far; position <= centre + far; position++) {
      const weight = shape[kernel](stretch * (centre - position));
      sum += weight * sampleAt(line, position - 1, border);
      weights += weight;
    }
    return sum / weights;
  });
}

/** Resamples both dimensions of one channel without rounding; rows of samples in, rows out. */
export function resamplePlane(
  rows: readonly (readonly number[])[],
  size: { width: number; height: number },
  scale: { x: number; y: number },
  options: Options,
): number[][] {
  const widened = rows.map((row) => resampleLine(row, size.width, scale.x, options));
  const columns = Array.from({ length: size.width }, (_, x) =>
    resampleLine(
      widened.map((row) => row[x]!),
      size.height,
      scale.y,
      options,
    ),
  );
  return Array.from({ length: size.height }, (_, y) => columns.map((column) => column[y]!));
}
