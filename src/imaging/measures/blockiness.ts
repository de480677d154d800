/** How much of JPEG's 8×8 grid shows, wherever it lies: a crop shifts it. */
import { UNITS, type LumaTile } from './luma-tiles';

const PERIOD = 8;

/** Only every so manyth row and column is looked at, which is enough of them. */
const EVERY = 3;

/** A jump larger than this many grey levels is an edge of the picture, whatever lies under it. */
const LARGEST = 24;

/** Jumps that nobody sees, in grey levels: they are added everywhere, so that a faint grid in a clean sky counts little. */
const VISIBLE = 2;

/**
 * How much stronger the jumps between neighbouring pixels are on the lines of an 8×8 grid than off them: 0 without a
 * grid, 1 where they are twice as strong. A jump is the third difference |a − 3b + 3c − d| across the line, in which slopes
 * and curves vanish. Jumps are averaged by position modulo 8 in each direction; the strongest position against the
 * median of the others, and the geometric mean of both directions, because JPEG has both and pictures of bars one.
 * After Wang, Sheikh and Bovik, "No-reference perceptual quality assessment of JPEG compressed images", ICIP 2002.
 */
export function gridStrength(tiles: readonly LumaTile[]): number {
  const across = new Float64Array(PERIOD);
  const down = new Float64Array(PERIOD);
  const acrossCount = new Float64Array(PERIOD);
  const downCount = new Float64Array(PERIOD);
  for (const { left, top, width, height, data } of tiles) {
    addJumps(data, width, height, width, 1, left, across, acrossCount);
    addJumps(data, height, width, 1, width, top, down, downCount);
  }
  const horizontal = excess(across, acrossCount);
  const vertical = excess(down, downCount);
  return Math.sqrt(horizontal * vertical);
}

/**
 * Adds the jumps along every `EVERY`th line. The samples of a line are `step` apart, the lines `stride`; the first sample
 * has the position `offset`.
 */
function addJumps(
  data: Int32Array,
  length: number,
  lines: number,
  stride: number,
  step: number,
  offset: number,
  sums: Float64Array,
  counts: Float64Array,
): void {
  const largest = LARGEST * UNITS;
  for (let line = 0; line < lines; line += EVERY) {
    let at = line * stride;
    let a = data[at]!;
    let b = data[(at += step)]!;
    let c = data[(at += step)]!;
    for (let position = 2; position < length - 1; position++) {
      const d = data[(at += step)]!;
      const jump = a - d + 3 * (c - b);
      const size = jump < 0 ? -jump : jump;
      sums[(offset + position) & 7]! += size < largest ? size : largest;
      a = b;
      b = c;
      c = d;
    }
  }
  const counted = Math.ceil(lines / EVERY);
  for (let position = 2; position < length - 1; position++) counts[(offset + position) & 7]! += counted;
}

function excess(sums: Float64Array, counts: Float64Array): number {
  if (counts.some((count) => count === 0)) return 0;
  const averages = Array.from(sums, (sum, phase) => sum / counts[phase]! / UNITS + VISIBLE).sort(
    (a, b) => a - b,
  );
  return averages[PERIOD - 1]! / averages[(PERIOD >> 1) - 1]! - 1;
}
