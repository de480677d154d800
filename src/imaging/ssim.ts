/**
 * Structural similarity of Wang, Bovik, Sheikh and Simoncelli 2004: an 11×11 Gaussian window with σ = 1.5, K₁ = 0.01,
 * K₂ = 0.03, peak 255, averaged over the positions where the whole window lies in the image.
 *
 * The window is separable (gaussian-window.ts), and the index needs four filtered maps (x, y, x² + y², xy); they are
 * streamed together, rows first, through eleven rows of memory.
 */
import type { Plane } from './colour';
import { gaussianWindow, WINDOW } from './gaussian-window';
import { MAPS, ssimTerms } from './ssim-terms';
import { openMemory } from './window-memory';

/** Means over all positions of the window. */
export interface Similarity {
  readonly ssim: number;
  /** Of contrast and structure alone, without luminance: a scale of MS-SSIM (ms-ssim.ts). */
  readonly contrastStructure: number;
}

/** Mean SSIM. Throws a `RangeError` if the sizes differ or a side is under 11 pixels. */
export function ssim(a: Plane, b: Plane): number {
  return similarity(a, b).ssim;
}

/** SSIM, and with it what MS-SSIM takes of the same scale. Throws likewise. */
export function similarity(a: Plane, b: Plane): Similarity {
  const { columns, rows } = positionsIn(a);
  let [ofIndices, ofContrasts] = [0, 0];
  forEachRow(a, b, (indices, contrasts) => {
    // Not by an iterator, which is slower.
    let [rowOfIndices, rowOfContrasts] = [0, 0];
    for (let x = 0; x < columns; x++) {
      rowOfIndices += indices[x]!;
      rowOfContrasts += contrasts[x]!;
    }
    ofIndices += rowOfIndices;
    ofContrasts += rowOfContrasts;
  });
  const positions = columns * rows;
  return { ssim: ofIndices / positions, contrastStructure: ofContrasts / positions };
}

/**
 * The index at every position of the window, in [−1, 1], whose mean is `ssim`: 10 columns and 10 rows fewer than the planes
 * have. Index (x, y) is that of the window about pixel (x + 5, y + 5). Throws likewise.
 */
export function ssimMap(a: Plane, b: Plane): Plane {
  const { columns, rows } = positionsIn(a);
  const data = new Float64Array(Math.max(0, columns * rows));
  forEachRow(a, b, (indices, _, row) => {
    data.set(indices, row * columns);
  });
  return { width: columns, height: rows, data };
}

/** Positions at which the whole window lies in the plane. */
function positionsIn({ width, height }: Plane): { columns: number; rows: number } {
  return { columns: width - WINDOW + 1, rows: height - WINDOW + 1 };
}

/** Calls `visit` with the indices and contrasts of each row of positions, in order; they are its own only until it returns. */
function forEachRow(
  a: Plane,
  b: Plane,
  visit: (indices: Float64Array, contrasts: Float64Array, row: number) => void,
): void {
  const { width, height } = a;
  if (width !== b.width || height !== b.height) {
    throw new RangeError(`Sizes differ: ${width}×${height} and ${b.width}×${b.height}.`);
  }
  if (width < WINDOW || height < WINDOW) {
    throw new RangeError(`SSIM needs at least ${WINDOW}×${WINDOW} pixels; there are ${width}×${height}.`);
  }
  const { columns } = positionsIn(a);
  const memory = openMemory(MAPS * width * (WINDOW + 3));
  const window = gaussianWindow(memory);
  const similarity = ssimTerms(memory, width);
  const terms = memory.row(MAPS * width);
  const ring = Array.from({ length: WINDOW }, () => memory.row(MAPS * columns));
  const means = memory.row(MAPS * columns);
  const [indices, contrasts] = [memory.row(columns), memory.row(columns)];
  const rowAt = (y: number): Float64Array => ring[y % WINDOW]!;
  for (let y = 0; y < height; y++) {
    similarity.fill(terms, 0, a, b, y);
    window.filter((k) => ({ row: terms, start: MAPS * k }), rowAt(y));
    if (y < WINDOW - 1) continue;
    window.filter((k) => ({ row: rowAt(y - WINDOW + 1 + k), start: 0 }), means);
    similarity.compare(means, 0, indices, contrasts);
    visit(indices, contrasts, y - WINDOW + 1);
  }
}
