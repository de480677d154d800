/** Standardisation: every feature with mean 0 and deviation 1 on the training part; other parts by the same numbers. */
import type { Matrix } from './matrix';

/** For each feature, x becomes (x − mean)·scale. A feature that is the same for all images has scale 0. */
export interface Standardisation {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** A spread this small beside the mean is rounding, not a feature. */
const RELATIVE_FLOOR = 1e-6;

/** Mean and deviation of each column over the given rows, which are the training part. */
export function standardisationOf({ columns, data }: Matrix, rows: readonly number[]): Standardisation {
  const mean = new Float64Array(columns);
  const scale = new Float64Array(columns);
  for (const row of rows) {
    for (let j = 0; j < columns; j++) mean[j]! += data[row * columns + j]! / rows.length;
  }
  for (const row of rows) {
    for (let j = 0; j < columns; j++) scale[j]! += (data[row * columns + j]! - mean[j]!) ** 2 / rows.length;
  }
  for (let j = 0; j < columns; j++) {
    const deviation = Math.sqrt(scale[j]!);
    scale[j] = deviation > RELATIVE_FLOOR * Math.abs(mean[j]!) && deviation > 0 ? 1 / deviation : 0;
  }
  return { mean, scale };
}

/** The given rows, standardised. */
export function standardise(
  { columns, data }: Matrix,
  rows: readonly number[],
  { mean, scale }: Standardisation,
): Matrix {
  const result = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    const [from, to] = [row * columns, index * columns];
    for (let j = 0; j < columns; j++) result[to + j] = (data[from + j]! - mean[j]!) * scale[j]!;
  });
  return { rows: rows.length, columns, data: result };
}
