/**
 * What PSNR, SSIM and MS-SSIM are made of, for a band of rows of two planes, as a sum for each row.
 *
 *     rows of both planes ──▶ squared differences ──▶ a sum a row
 *       │   └─▶ SSIM's window ──▶ indices, contrasts ──▶ a sum a row
 *       └─ 2×2 means ──▶ rows of the next scale, likewise
 *
 * Rows stream through all scales at once, from the top; no plane is ever whole. A band reads the rows below its end that its
 * windows reach into. Whoever adds sums of rows in the order of the rows gets the same bits, in however many bands they were
 * made and in whatever order.
 */
import { WINDOW } from './gaussian-window';
import { halveRows, type HalveRows } from './halve-rows';
import type { PairRows } from './pair-rows';
import { squaredDifference } from './psnr';
import { numbersOfSimilarityRows, SimilarityRows } from './similarity-rows';
import { openMemory, type WindowMemory } from './window-memory';

/** Rows from `from` up to, not including, `to`. */
export interface Band {
  readonly from: number;
  readonly to: number;
}

/** A sum for each row of positions of the window that belongs to the band. */
export interface ScaleSums {
  readonly indices: Float64Array;
  /** Of contrast and structure alone, without luminance. */
  readonly contrasts: Float64Array;
}

export interface BandSums {
  /** Of the squared differences, for each row of the band. */
  readonly squares: Float64Array;
  readonly scales: readonly ScaleSums[];
}

/**
 * The sums of a band at `scales` scales, each half as wide and as high as the one before. A band begins at a multiple of
 * 2^(scales − 1), and so it ends, unless it ends with the planes.
 */
export function sumBand(rows: PairRows, band: Band, scales: number): BandSums {
  const parts = partsOf(rows, band, scales);
  const memory = openMemory(2 * (numbersOfSimilarityRows(rows.width) + 4 * rows.width));
  const read = rows.open(memory);
  const squares = new Float64Array(band.to - band.from);
  const halve = halveRows(memory);
  const streams: ScaleStream[] = [];
  for (const part of parts.toReversed()) streams.unshift(new ScaleStream(memory, part, halve, streams[0]));
  const [first, top] = [streams[0]!, parts[0]!];
  for (let y = band.from; y < Math.max(top.until, band.to); y++) {
    const [a, b] = first.rowsFor(y);
    read(y, a, b);
    if (y < band.to) squares[y - band.from] = squaredDifference(a, b);
    first.take(y);
  }
  return { squares, scales: streams.map(({ sums }) => sums) };
}

/** What a band is of one scale. */
interface Part {
  readonly width: number;
  /** First row of the scale that is read. */
  readonly from: number;
  /** Rows of positions of the window that belong to the band. */
  readonly positions: number;
  /** The row before which reading ends. */
  readonly until: number;
}

function partsOf({ width, height }: PairRows, { from, to }: Band, scales: number): Part[] {
  const parts: Part[] = [];
  let below = 0;
  for (let scale = scales - 1; scale >= 0; scale--) {
    const first = from >> scale;
    const there = (height >> scale) - WINDOW + 1;
    const end = to === height ? there : Math.min(there, to >> scale);
    const positions = Math.max(0, end - first);
    const until = Math.max(positions === 0 ? first : end + WINDOW - 1, 2 * below);
    parts.unshift({ width: width >> scale, from: first, positions, until });
    below = until;
  }
  return parts;
}

/** Takes the rows of one scale, and hands means of them to the next. */
class ScaleStream {
  readonly sums: ScaleSums;
  private readonly similarity: SimilarityRows;
  /** Two rows of both planes: the next scale is made of both. */
  private readonly rows: readonly (readonly [Float64Array, Float64Array])[];

  constructor(
    memory: WindowMemory,
    private readonly part: Part,
    private readonly halve: HalveRows,
    private readonly next: ScaleStream | undefined,
  ) {
    const { width, positions } = part;
    this.rows = [0, 1].map(() => [memory.row(width), memory.row(width)]);
    this.sums = { indices: new Float64Array(positions), contrasts: new Float64Array(positions) };
    this.similarity = new SimilarityRows(memory, width);
  }

  /** Where row `y` of both planes is to be written before it is taken. */
  rowsFor(y: number): readonly [Float64Array, Float64Array] {
    return this.rows[y & 1]!;
  }

  take(y: number): void {
    const { from, positions } = this.part;
    const [a, b] = this.rowsFor(y);
    if (positions > 0 && y < from + positions + WINDOW - 1) {
      const found = this.similarity.take(a, b);
      const row = y - from - WINDOW + 1;
      if (found !== null) {
        this.sums.indices[row] = found.sums[0]!;
        this.sums.contrasts[row] = found.sums[1]!;
      }
    }
    const below = y >> 1;
    if (this.next === undefined || y % 2 === 0 || below >= this.next.part.until) return;
    const [upperA, upperB] = this.rowsFor(y - 1);
    const [halfA, halfB] = this.next.rowsFor(below);
    this.halve(upperA, a, halfA);
    this.halve(upperB, b, halfB);
    this.next.take(below);
  }
}
