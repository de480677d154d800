/**
 * How far an LR image lies from where `imresize` puts it: first to whole pixels by phase correlation (Kuglin and Hines 1975),
 * then to hundredths by least squares (Lucas and Kanade, "An iterative image registration technique", IJCAI 1981).
 */
import type { Plane } from '../colour';
import { transformPlane } from '../spectrum/fft';
import { cubicKernel, resampleWithOffset, type OffsetResampling } from './offset-resampling';

/** LR pixels a side that are looked at, at most: the middle of the image. */
const LARGEST_SIDE = 192;

/** LR pixels at the border that are not: resampling differs there. */
const BORDER = 4;

/** A larger shift is not one of sampling. */
const LARGEST_SHIFT = 16;

const STEPS = 20;

/**
 * [right, down] in LR pixels, of the luma of LR against that of HR; both begin at the same corner, HR has `scale` times as many
 * pixels or a few more. Between images made by different kernels, and with JPEG in between, it is good to about 0.02; where
 * the images do not show the same it says nothing.
 */
export function measureShift(hr: Plane, lr: Plane, scale: number): [number, number] {
  const part = middleOf(hr, lr, scale);
  const reference = (shift: readonly [number, number]): Plane =>
    resampleWithOffset(part.hr, { ...bicubic, scale, width: part.lr.width, height: part.lr.height, shift });
  let shift = wholeShift(reference([0, 0]), part.lr);
  for (let step = 0; step < STEPS; step++) {
    const change = improvement(reference(shift), part.lr);
    if (change === undefined) return [0, 0];
    shift = [shift[0] + change[0], shift[1] + change[1]];
    if (Math.hypot(...shift) > LARGEST_SHIFT) return [0, 0];
    if (Math.hypot(...change) < 5e-4) break;
  }
  return shift;
}

const bicubic: Pick<OffsetResampling, 'kernel' | 'radius' | 'antialias'> = {
  kernel: cubicKernel(-0.5),
  radius: 2,
  antialias: true,
};

function middleOf(hr: Plane, lr: Plane, scale: number): { hr: Plane; lr: Plane } {
  const width = Math.min(LARGEST_SIDE, lr.width, Math.floor(hr.width / scale));
  const height = Math.min(LARGEST_SIDE, lr.height, Math.floor(hr.height / scale));
  const left = (Math.min(lr.width, Math.floor(hr.width / scale)) - width) >> 1;
  const top = (Math.min(lr.height, Math.floor(hr.height / scale)) - height) >> 1;
  return {
    hr: cut(hr, left * scale, top * scale, width * scale, height * scale),
    lr: cut(lr, left, top, width, height),
  };
}

function cut(
  { width: stride, data }: Plane,
  left: number,
  top: number,
  width: number,
  height: number,
): Plane {
  const part = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * stride + left;
    part.set(data.subarray(start, start + width), y * width);
  }
  return { width, height, data: part };
}

/** The whole shift at which the phases of two planes agree best. */
function wholeShift(reference: Plane, shifted: Plane): [number, number] {
  const side = 2 ** Math.floor(Math.log2(Math.min(reference.width, reference.height)));
  const [a, b] = [windowed(reference, side), windowed(shifted, side)];
  transformPlane(a);
  transformPlane(b);
  // The conjugate of the cross spectrum: the forward transform of it is the correlation, mirrored as it should be.
  for (let at = 0; at < side * side; at++) {
    const real = a.real[at]! * b.real[at]! + a.imaginary[at]! * b.imaginary[at]!;
    const imaginary = a.real[at]! * b.imaginary[at]! - a.imaginary[at]! * b.real[at]!;
    const size = Math.hypot(real, imaginary) || 1;
    a.real[at] = real / size;
    a.imaginary[at] = -imaginary / size;
  }
  transformPlane(a);
  let best = 0;
  for (let at = 1; at < side * side; at++) if (a.real[at]! > a.real[best]!) best = at;
  const signed = (index: number): number => (index < side / 2 ? index : index - side);
  const [dx, dy] = [signed(best % side), signed(Math.floor(best / side))];
  // Phase is also correlated where nothing is: then the search begins in the middle.
  return Math.hypot(dx, dy) > LARGEST_SHIFT ? [0, 0] : [dx, dy];
}

function windowed(
  { width, height, data }: Plane,
  side: number,
): { width: number; height: number; real: Float64Array; imaginary: Float64Array } {
  const [left, top] = [(width - side) >> 1, (height - side) >> 1];
  const hann = (n: number): number => Math.sin((Math.PI * (n + 0.5)) / side) ** 2;
  let mean = 0;
  for (const value of data) mean += value / data.length;
  const real = Float64Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    return (data[(top + y) * width + left + x]! - mean) * hann(x) * hann(y);
  });
  return { width: side, height: side, real, imaginary: new Float64Array(side * side) };
}

/** By how much the shift has to grow, to first order; undefined where the picture does not tell. */
function improvement(reference: Plane, shifted: Plane): [number, number] | undefined {
  const { width, height, data } = reference;
  let [xx, xy, yy, x0, y0] = [0, 0, 0, 0, 0];
  for (let y = BORDER; y < height - BORDER; y++) {
    for (let x = BORDER; x < width - BORDER; x++) {
      const at = y * width + x;
      const gx = (data[at + 1]! - data[at - 1]!) / 2;
      const gy = (data[at + width]! - data[at - width]!) / 2;
      const error = data[at]! - shifted.data[at]!;
      xx += gx * gx;
      xy += gx * gy;
      yy += gy * gy;
      x0 += gx * error;
      y0 += gy * error;
    }
  }
  const determinant = xx * yy - xy * xy;
  if (determinant <= 1e-6 * xx * yy || determinant === 0) return undefined;
  return [(x0 * yy - y0 * xy) / determinant, (y0 * xx - x0 * xy) / determinant];
}
