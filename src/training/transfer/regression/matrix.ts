/** Rows of features, and the three products that regression is made of. Sums are taken in double precision. */
import type { Pause } from '../pause';

/** Row-major; a row is an image, a column a feature. */
export interface Matrix<Data extends Float32Array | Float64Array = Float32Array> {
  readonly rows: number;
  readonly columns: number;
  readonly data: Data;
}

export type AnyMatrix = Matrix | Matrix<Float64Array>;

/** The rows with these indices, in their order. */
export function selectRows({ columns, data }: Matrix, indices: readonly number[]): Matrix {
  const selected = new Float32Array(indices.length * columns);
  indices.forEach((row, index) => {
    selected.set(data.subarray(row * columns, (row + 1) * columns), index * columns);
  });
  return { rows: indices.length, columns, data: selected };
}

/** x·yᵀ [x.rows, y.rows]: four rows of y at a time, so that a row of x is read from memory a quarter as often. */
export function timesTransposed(x: AnyMatrix, y: AnyMatrix, result: Float64Array): void {
  const { rows, columns: length, data: a } = x;
  const { rows: width, data: b } = y;
  for (let i = 0; i < rows; i++) {
    const from = i * length;
    let j = 0;
    for (; j + 4 <= width; j += 4) {
      let [b0, b1, b2, b3] = [j * length, (j + 1) * length, (j + 2) * length, (j + 3) * length];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let k = from; k < from + length; k++) {
        const value = a[k]!;
        s0 += value * b[b0++]!;
        s1 += value * b[b1++]!;
        s2 += value * b[b2++]!;
        s3 += value * b[b3++]!;
      }
      const to = i * width + j;
      result[to] = s0;
      result[to + 1] = s1;
      result[to + 2] = s2;
      result[to + 3] = s3;
    }
    for (; j < width; j++) {
      let [at, sum] = [j * length, 0];
      for (let k = from; k < from + length; k++) sum += a[k]! * b[at++]!;
      result[i * width + j] = sum;
    }
  }
}

/** Adds cᵀ·x to `result` [k, x.columns]; c is [x.rows, k]. Four rows of x at a time. */
export function addTransposedTimes(c: Float64Array, k: number, x: AnyMatrix, result: Float64Array): void {
  const { rows, columns: length, data } = x;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const x0 = i * length;
    const [x1, x2, x3] = [x0 + length, x0 + 2 * length, x0 + 3 * length];
    for (let j = 0; j < k; j++) {
      const [c0, c1, c2, c3] = [c[i * k + j]!, c[(i + 1) * k + j]!, c[(i + 2) * k + j]!, c[(i + 3) * k + j]!];
      const to = j * length;
      for (let column = 0; column < length; column++) {
        const sum =
          c0 * data[x0 + column]! +
          c1 * data[x1 + column]! +
          c2 * data[x2 + column]! +
          c3 * data[x3 + column]!;
        result[to + column]! += sum;
      }
    }
  }
  for (; i < rows; i++) {
    for (let j = 0; j < k; j++) {
      const factor = c[i * k + j]!;
      const [from, to] = [i * length, j * length];
      for (let column = 0; column < length; column++) {
        result[to + column]! += factor * data[from + column]!;
      }
    }
  }
}

/** Multiplications of a piece of work between two pauses: some 50 ms. */
const PIECE = 5e7;
const MAX_PANEL = 64;

/** x·xᵀ, of which both halves are filled: [rows, rows]. */
export async function gram(x: AnyMatrix, pause: Pause): Promise<Float64Array> {
  const { rows, columns, data } = x;
  const result = new Float64Array(rows * rows);
  const panel = Math.max(1, Math.min(MAX_PANEL, Math.floor(PIECE / (rows * columns))));
  for (let first = 0; first < rows; first += panel) {
    const last = Math.min(rows, first + panel);
    const left = { rows: last - first, columns, data: data.subarray(first * columns, last * columns) };
    const below = { rows: last, columns, data: data.subarray(0, last * columns) };
    const product = new Float64Array(left.rows * last);
    timesTransposed(left as AnyMatrix, below as AnyMatrix, product);
    for (let i = first; i < last; i++) {
      for (let j = 0; j < last; j++) {
        const value = product[(i - first) * last + j]!;
        result[i * rows + j] = value;
        result[j * rows + i] = value;
      }
    }
    await pause();
  }
  return result;
}
