/**
 * How much detail of which size each part of an image has: a pyramid of ever smaller copies (Burt and Adelson, "The
 * Laplacian pyramid as a compact image code", IEEE Trans. Communications 31(4), 1983), and what smoothing takes from each.
 */
import { LEVELS } from './detail-model';
import { UNITS, type LumaTile } from './luma-tiles';

/** Variance of luma in each octave, from the finest, in grey levels squared. */
export type BandEnergies = Float64Array;

/** Blocks are of 32×32 pixels: 4×4 on the coarsest level. */
const BLOCK = 32;

/** Energies of the whole blocks of a tile; its border is continued by repetition. */
export function bandEnergies(tile: LumaTile): BandEnergies[] {
  const across = Math.floor(tile.width / BLOCK);
  const down = Math.floor(tile.height / BLOCK);
  const blocks = Array.from({ length: across * down }, () => new Float64Array(LEVELS));
  if (blocks.length === 0) return blocks;
  let level: Level = tile;
  for (let index = 0, side = BLOCK; index < LEVELS; index++, side >>= 1) {
    const smaller = halve(level);
    for (let row = 0; row < down; row++) {
      for (let column = 0; column < across; column++) {
        const energy = differenceEnergy(level, smaller, column * side, row * side, side);
        blocks[row * across + column]![index] = energy / (UNITS * UNITS);
      }
    }
    level = smaller;
  }
  return blocks;
}

interface Level {
  readonly width: number;
  readonly height: number;
  readonly data: Int32Array;
}

/** Mean square of what smoothing took from the samples that the smaller level has kept. */
function differenceEnergy(level: Level, smaller: Level, left: number, top: number, side: number): number {
  let sum = 0;
  for (let y = top; y < top + side; y += 2) {
    let kept = (y >> 1) * smaller.width + (left >> 1);
    const end = y * level.width + left + side;
    for (let at = end - side; at < end; at += 2, kept++) {
      const difference = level.data[at]! - smaller.data[kept]!;
      sum += difference * difference;
    }
  }
  return (4 * sum) / (side * side);
}

/** Every second sample of every second row, smoothed by 1 4 6 4 1 in both directions. */
function halve({ width, height, data }: Level): Level {
  const half = { width: width >> 1, height: height >> 1 };
  const across = new Int32Array(half.width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const start = y * width;
    const last = start + width - 1;
    let before2 = data[start]!;
    let before = before2;
    let here = before;
    for (let x = 0, at = start; x < half.width; x++, at += 2, to++) {
      const after = data[at + 1]!;
      const after2 = data[at + 2 > last ? last : at + 2]!;
      across[to] = before2 + after2 + 4 * (before + after) + 6 * here;
      before2 = here;
      before = after;
      here = after2;
    }
  }
  const both = new Int32Array(half.width * half.height);
  for (let y = 0, to = 0; y < half.height; y++) {
    const row = (offset: number): number => Math.min(height - 1, Math.max(0, 2 * y + offset)) * half.width;
    let [above2, above, at, below, below2] = [row(-2), row(-1), row(0), row(1), row(2)];
    for (let x = 0; x < half.width; x++, to++) {
      const sum =
        across[above2++]! + across[below2++]! + 4 * (across[above++]! + across[below++]!) + 6 * across[at++]!;
      both[to] = (sum + 128) >> 8;
    }
  }
  return { ...half, data: both };
}
