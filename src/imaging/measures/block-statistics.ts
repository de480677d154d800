/**
 * Statistics of blocks of 16×16 pixels, from which noise and flatness are told: how much the block differs from a sloping
 * plane, coarsely and finely, and how strong its noise would be if it had no texture.
 */
import { UNITS, type LumaTile } from './luma-tiles';

export interface BlockStatistics {
  /** Variance about the best plane, in grey levels squared: texture and noise. */
  texture: number;
  /** The same of the means of 4×4 pixels, in which noise is a sixteenth and texture much the same. */
  coarse: number;
  /** Variance of white noise that would explain the second differences (Immerkær 1996), in grey levels squared. */
  noise: () => number;
  /** Whether a good part of the block is black or white, where noise is cut off. */
  clipped: boolean;
}

const SIDE = 16;
const COARSE = 4;
const black = 2 * UNITS;
const white = 253 * UNITS;

/** All whole blocks of the tiles. */
export function blockStatistics(tiles: readonly LumaTile[]): BlockStatistics[] {
  const blocks: BlockStatistics[] = [];
  for (const tile of tiles) {
    for (let top = 0; top + SIDE <= tile.height; top += SIDE) {
      for (let left = 0; left + SIDE <= tile.width; left += SIDE) blocks.push(statisticsAt(tile, left, top));
    }
  }
  return blocks;
}

const means = new Float64Array((SIDE / COARSE) ** 2);

function statisticsAt({ width, data }: LumaTile, left: number, top: number): BlockStatistics {
  const middle = (SIDE - 1) / 2;
  let sum = 0;
  let squares = 0;
  let alongX = 0;
  let alongY = 0;
  let clipped = 0;
  means.fill(0);
  for (let y = 0; y < SIDE; y++) {
    const row = (top + y) * width + left;
    const coarseRow = (y >> 2) << 2;
    let rowSum = 0;
    for (let x = 0; x < SIDE; x++) {
      const value = data[row + x]!;
      rowSum += value;
      squares += value * value;
      alongX += (x - middle) * value;
      means[coarseRow + (x >> 2)]! += value;
      if (value < black || value > white) clipped++;
    }
    sum += rowSum;
    alongY += (y - middle) * rowSum;
  }
  const unit = UNITS * UNITS;
  return {
    texture: planeResidual(SIDE, sum, squares, alongX, alongY) / unit,
    coarse: coarseResidual() / unit,
    noise: () => noiseVariance(data, width, left, top) / unit,
    clipped: clipped > (SIDE * SIDE) / 10,
  };
}

/** Variance that a plane leaves over, of `side`² samples given by their moments about the middle. */
function planeResidual(side: number, sum: number, squares: number, alongX: number, alongY: number): number {
  const count = side * side;
  const spread = (count * (count - 1)) / 12;
  const residual = squares - (sum * sum) / count - (alongX * alongX + alongY * alongY) / spread;
  // Three parameters of the plane are fitted.
  return Math.max(0, residual) / (count - 3);
}

function coarseResidual(): number {
  const side = SIDE / COARSE;
  const middle = (side - 1) / 2;
  let sum = 0;
  let squares = 0;
  let alongX = 0;
  let alongY = 0;
  for (let index = 0; index < means.length; index++) {
    const value = means[index]! / (COARSE * COARSE);
    sum += value;
    squares += value * value;
    alongX += ((index % side) - middle) * value;
    alongY += (Math.floor(index / side) - middle) * value;
  }
  return planeResidual(side, sum, squares, alongX, alongY);
}

/** The mask 1 −2 1 / −2 4 −2 / 1 −2 1 leaves nothing of planes and most edges; its squared weights sum to 36. */
function noiseVariance(data: Int32Array, width: number, left: number, top: number): number {
  let squares = 0;
  for (let y = top + 1; y < top + SIDE - 1; y++) {
    let at = y * width + left;
    let before = data[at - width]! - 2 * data[at]! + data[at + width]!;
    at++;
    let here = data[at - width]! - 2 * data[at]! + data[at + width]!;
    for (let x = 1; x < SIDE - 1; x++) {
      at++;
      const after = data[at - width]! - 2 * data[at]! + data[at + width]!;
      const response = before - 2 * here + after;
      squares += response * response;
      before = here;
      here = after;
    }
  }
  return squares / (36 * (SIDE - 2) ** 2);
}
