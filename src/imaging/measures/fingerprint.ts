/**
 * A few bits by which copies of a picture find each other, whatever their size and encoding: the signs of its lowest
 * frequencies. The bits of a mirrored picture follow from those of the picture.
 */
import type { RgbImage } from '../image';

/** The picture is shrunk to so many cells a side. */
const CELLS = 32;
/** Frequencies 1 to `FREQUENCIES` in each direction. */
const FREQUENCIES = 8;

/** Samples a cell's side that are looked at, at most. */
const SAMPLES = 8;

/** cos(π (2x + 1) u / 2N) for the frequencies u that are used: rows of the type-II DCT. */
const cosines = Float64Array.from({ length: FREQUENCIES * CELLS }, (_, index) => {
  const frequency = Math.floor(index / CELLS) + 1;
  const cell = index % CELLS;
  return Math.cos((Math.PI * (2 * cell + 1) * frequency) / (2 * CELLS));
});

/**
 * 64 bits as 16 hexadecimal digits: the signs of the 8×8 lowest coefficients, without those that are constant in a direction,
 * of the discrete cosine transform of luma on 32×32 cells. Copies differ in a few bits, other pictures in about 32.
 * After C. Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010 (there with the median instead of 0).
 */
export function fingerprint(image: RgbImage): string {
  const cells = shrink(image);
  const across = new Float64Array(CELLS * FREQUENCIES);
  for (let y = 0; y < CELLS; y++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0;
      for (let x = 0; x < CELLS; x++) sum += cells[y * CELLS + x]! * cosines[u * CELLS + x]!;
      across[y * FREQUENCIES + u] = sum;
    }
  }
  let digits = '';
  for (let v = 0; v < FREQUENCIES; v++) {
    let byte = 0;
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0;
      for (let y = 0; y < CELLS; y++) sum += across[y * FREQUENCIES + u]! * cosines[v * CELLS + y]!;
      byte = (byte << 1) | (sum > 0 ? 1 : 0);
    }
    digits += byte.toString(16).padStart(2, '0');
  }
  return digits;
}

/** Mean luma of each cell, from at most `SAMPLES`² evenly spread pixels a cell. */
function shrink({ width, height, data }: RgbImage): Float64Array {
  const xs = sampleColumns(width);
  const rows = sampleColumns(height);
  const cells = new Float64Array(CELLS * CELLS);
  for (let cellY = 0; cellY < CELLS; cellY++) {
    for (let cellX = 0; cellX < CELLS; cellX++) {
      let sum = 0;
      for (const y of rows[cellY]!) {
        for (const x of xs[cellX]!) {
          const at = (y * width + x) * 3;
          sum += 77 * data[at]! + 150 * data[at + 1]! + 29 * data[at + 2]!;
        }
      }
      cells[cellY * CELLS + cellX] = sum / (xs[cellX]!.length * rows[cellY]!.length);
    }
  }
  return cells;
}

function sampleColumns(length: number): number[][] {
  return Array.from({ length: CELLS }, (_, cell) => {
    const start = (cell * length) / CELLS;
    const span = length / CELLS;
    const count = Math.max(1, Math.min(SAMPLES, Math.floor(span)));
    return Array.from({ length: count }, (_, sample) => Math.floor(start + ((sample + 0.5) * span) / count));
  });
}
