/**
 * What Pillow's `Image.resize` makes of an 8-bit image, to the last bit: weights of 22 bits, kernels cut off and renormalised at
 * the border, columns first, rounded to 8 bits between the passes.
 */
import { createImage, type RgbImage } from '../image';
import { cubicKernel } from './offset-resampling';

export const pillowFilters = ['bicubic', 'bilinear', 'box', 'hamming', 'lanczos'] as const;
export type PillowFilter = (typeof pillowFilters)[number];

const filters: Record<PillowFilter, { radius: number; at: (x: number) => number }> = {
  bicubic: { radius: 2, at: cubicKernel(-0.5) },
  bilinear: { radius: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  box: { radius: 0.5, at: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  hamming: { radius: 1, at: hamming },
  lanczos: { radius: 3, at: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function hamming(distance: number): number {
  const x = Math.abs(distance);
  if (x === 0) return 1;
  return x >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x));
}

const PRECISION = 22;

/** The image at another size. */
export function pillowResize(image: RgbImage, width: number, height: number, filter: PillowFilter): RgbImage {
  const columns = coefficients(image.width, width, filter);
  const narrow = createImage(width, image.height);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const from = (y * image.width + columns.first[x]!) * 3 + channel;
        narrow.data[(y * width + x) * 3 + channel] = combine(image.data, from, 3, columns, x);
      }
    }
  }
  const rows = coefficients(image.height, height, filter);
  const resized = createImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let at = 0; at < width * 3; at++) {
      const from = rows.first[y]! * width * 3 + at;
      resized.data[y * width * 3 + at] = combine(narrow.data, from, width * 3, rows, y);
    }
  }
  return resized;
}

interface Coefficients {
  /** Taps that an output has room for. */
  room: number;
  first: Int32Array;
  counts: Int32Array;
  weights: Int32Array;
}

function combine(
  data: Uint8Array,
  from: number,
  step: number,
  coefficients: Coefficients,
  output: number,
): number {
  const start = output * coefficients.room;
  const end = start + coefficients.counts[output]!;
  let sum = 1 << (PRECISION - 1);
  for (let tap = start, at = from; tap < end; tap++, at += step)
    sum += data[at]! * coefficients.weights[tap]!;
  return Math.min(255, Math.max(0, sum >> PRECISION));
}

function coefficients(inputLength: number, outputLength: number, filter: PillowFilter): Coefficients {
  const { radius, at } = filters[filter];
  const scale = inputLength / outputLength;
  const stretch = Math.max(1, scale);
  const support = radius * stretch;
  const room = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outputLength);
  const counts = new Int32Array(outputLength);
  const weights = new Int32Array(outputLength * room);
  for (let output = 0; output < outputLength; output++) {
    const centre = (output + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(inputLength, Math.trunc(centre + support + 0.5)) - start;
    const real = Array.from({ length: count }, (_, tap) => at((tap + start - centre + 0.5) * (1 / stretch)));
    const sum = real.reduce((total, weight) => total + weight, 0);
    first[output] = start;
    counts[output] = count;
    for (const [tap, weight] of real.entries()) {
      const scaled = (weight / sum) * (1 << PRECISION);
      weights[output * room + tap] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
  }
  return { room, first, counts, weights };
}
