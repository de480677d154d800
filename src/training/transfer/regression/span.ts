/**
 * Fewer coordinates for few images. A penalty on ‖W‖² makes the best W a combination of the training rows (representer
 * theorem), so a problem with more features than images can be solved in the space that the rows span, exactly: with
 * X·Xᵀ = L·Lᵀ there is an orthonormal Q with X = L·Qᵀ, W = V·Qᵀ and ‖W‖ = ‖V‖.
 */
import type { Pause } from '../pause';
import { addTransposedTimes, gram, type AnyMatrix, type Matrix } from './matrix';

export interface Span {
  /** The images in coordinates of the span. */
  readonly coordinates: AnyMatrix;
  /** Weights [classes, r] of the coordinates as weights [classes, features]. */
  weights(v: Float64Array, classes: number): Float64Array;
}

/** What remains of a row's length, relative to the longest, when it counts as a combination of others. */
const RANK_TOLERANCE = 1e-10;

/** The features themselves where there are as few of them as images. */
export async function spanOf(x: Matrix, pause: Pause): Promise<Span> {
  if (x.columns <= x.rows) return { coordinates: x, weights: (v) => v };
  const { factor, pivots } = await pivotedCholesky(await gram(x, pause), x.rows, pause);
  const rank = pivots.length;
  return {
    coordinates: { rows: x.rows, columns: rank, data: factor },
    weights: (v, classes) => {
      // Wᵀ = X_Pᵀ·L_P⁻ᵀ·Vᵀ, with P the pivot rows, of which L_P is the lower triangle.
      const combination = new Float64Array(rank * classes);
      for (let k = 0; k < classes; k++) {
        for (let i = rank - 1; i >= 0; i--) {
          let sum = v[k * rank + i]!;
          for (let j = i + 1; j < rank; j++) {
            sum -= factor[pivots[j]! * rank + i]! * combination[j * classes + k]!;
          }
          combination[i * classes + k] = sum / factor[pivots[i]! * rank + i]!;
        }
      }
      const rows = new Float32Array(rank * x.columns);
      pivots.forEach((row, index) => {
        rows.set(x.data.subarray(row * x.columns, (row + 1) * x.columns), index * x.columns);
      });
      const weights = new Float64Array(classes * x.columns);
      addTransposedTimes(combination, classes, { rows: rank, columns: x.columns, data: rows }, weights);
      return weights;
    },
  };
}

/**
 * L [n, rank] with L·Lᵀ = `matrix` [n, n], symmetric and positive semi-definite, and the rows that were taken as pivots,
 * in order: those rows of L are lower triangular.
 */
export async function pivotedCholesky(
  matrix: Float64Array,
  n: number,
  pause: Pause,
): Promise<{ factor: Float64Array; pivots: readonly number[] }> {
  // By columns, so that a new column combines whole ones.
  const columns: Float64Array[] = [];
  const pivots: number[] = [];
  const rest = Float64Array.from({ length: n }, (_, i) => matrix[i * n + i]!);
  const limit = RANK_TOLERANCE * rest.reduce((a, b) => Math.max(a, b), 0);
  while (columns.length < n) {
    let pivot = 0;
    for (let i = 1; i < n; i++) if (rest[i]! > rest[pivot]!) pivot = i;
    if (!(rest[pivot]! > limit)) break;
    const column = matrix.slice(pivot * n, (pivot + 1) * n);
    for (const before of columns) {
      const factor = before[pivot]!;
      for (let i = 0; i < n; i++) column[i]! -= factor * before[i]!;
    }
    const root = Math.sqrt(rest[pivot]!);
    for (let i = 0; i < n; i++) {
      column[i]! /= root;
      rest[i]! -= column[i]! ** 2;
    }
    for (const before of pivots) column[before] = 0;
    column[pivot] = root;
    rest[pivot] = 0;
    columns.push(column);
    pivots.push(pivot);
    await pause();
  }
  const rank = columns.length;
  const factor = new Float64Array(n * rank);
  columns.forEach((column, j) => {
    for (let i = 0; i < n; i++) factor[i * rank + j] = column[i]!;
  });
  return { factor, pivots };
}
