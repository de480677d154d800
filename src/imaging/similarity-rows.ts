/**
 * SSIM of Wang et al. as a stream: rows of two planes go in from the top, one after the other, and from the eleventh on a row of
 * indices comes out. The window is separable (gaussian-window.ts), and the index needs four filtered maps (x, y, x² + y², xy);
 * they are streamed together, rows first, through eleven rows of memory.
 */
import { gaussianWindow, WINDOW } from './gaussian-window';
import { MAPS, ssimTerms, type SsimTerms } from './ssim-terms';
import type { SymmetricWindow } from './symmetric-window';
import type { WindowMemory } from './window-memory';

/** What is found of a row of positions of the window. */
export interface RowOfPositions {
  /** In [−1, 1]. */
  readonly indices: Float64Array;
  /** The sum of the indices, and that of their second factors, contrast and structure without luminance. */
  readonly sums: Float64Array;
}

/** Numbers of memory that a stream of planes of `width` takes. */
export function numbersOfSimilarityRows(width: number): number {
  return MAPS * width * (WINDOW + 3);
}

export class SimilarityRows {
  private readonly window: SymmetricWindow;
  private readonly similarity: SsimTerms;
  private readonly terms: Float64Array;
  /** The terms as the window sees them: as many rows as it is wide, each a position further on. */
  private readonly shifted: readonly Float64Array[];
  private readonly ring: readonly Float64Array[];
  private readonly means: Float64Array;
  private readonly found: RowOfPositions;
  private taken = 0;

  constructor(memory: WindowMemory, width: number) {
    const columns = width - WINDOW + 1;
    this.window = gaussianWindow(memory);
    this.similarity = ssimTerms(memory);
    this.terms = memory.row(MAPS * width);
    this.shifted = Array.from({ length: WINDOW }, (_, k) => this.terms.subarray(MAPS * k));
    this.ring = Array.from({ length: WINDOW }, () => memory.row(MAPS * columns));
    this.means = memory.row(MAPS * columns);
    this.found = { indices: memory.row(columns), sums: memory.row(2) };
  }

  /** Takes the next row of both planes. From the eleventh on it gives what is found, which is there until the next is taken. */
  take(a: Float64Array, b: Float64Array): RowOfPositions | null {
    const row = this.taken++;
    this.similarity.fill(this.terms, 0, a, b);
    this.window.filter(this.shifted, this.ring[row % WINDOW]!);
    if (row < WINDOW - 1) return null;
    const rows = this.ring.map((_, k) => this.ring[(row + 1 + k) % WINDOW]!);
    this.window.filter(rows, this.means);
    this.similarity.compare(this.means, this.found.indices, this.found.sums);
    return this.found;
  }
}
