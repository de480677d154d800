/**
 * Code that applies the small matrices of `winograd-algorithms.ts` to tiles, four channels at once: rows and columns that
 * differ in signs only (points ±p) share their sums, and trivial coefficients cost nothing.
 */
import { type I32, type I32Local, Vector, type VectorLocal } from '../../../../assembler';
import type { RoutineBuilder } from './kernel';
import { type Matrix, transposed } from './winograd-algorithms';

/** The largest side of a tile or of its points. */
const LARGEST_SIDE = 9;
/** Most pairs of points ±p: those of F(6×6). */
const MOST_PAIRS = 3;

/** A coefficient as single precision has it; what is zero but for rounding is zero. */
function coefficient(value: number): number {
  return Math.abs(value) < 1e-12 ? 0 : Math.fround(value);
}

/** total + factor · value. */
function plus(f: RoutineBuilder, total: Vector, factor: number, value: Vector): Vector {
  if (factor === 1) return total.add(value);
  if (factor === -1) return total.sub(value);
  return f.multiplyAdd(value, Vector.of(factor), total);
}

function multiple(factor: number, value: Vector): Vector {
  if (factor === 1) return value;
  return factor === -1 ? value.negate() : value.mul(Vector.of(factor));
}

/** Σ coefficients · values, with the first coefficient factored out where that saves products. */
function linear(f: RoutineBuilder, coefficients: readonly number[], values: readonly Vector[]): Vector {
  const terms = coefficients
    .map((value, i) => ({ factor: coefficient(value), value: values[i]! }))
    .filter(({ factor }) => factor !== 0);
  if (terms.length === 0) return Vector.zero();
  const common = terms.every(({ factor }) => Math.abs(factor) !== 1) ? terms[0]!.factor : 1;
  const [first, ...rest] = terms
    .map(({ factor, value }) => ({ factor: coefficient(factor / common), value }))
    .sort((a, b) => Number(b.factor > 0) - Number(a.factor > 0));
  const sum = rest.reduce(
    (total, { factor, value }) => plus(f, total, factor, value),
    multiple(first!.factor, first!.value),
  );
  return multiple(common, sum);
}

const same = (a: number, b: number): boolean => coefficient(a - b) === 0;

/** Whether two rows have the same coefficients but for signs, some of which differ and some do not. */
function mirrored(a: readonly number[], b: readonly number[]): boolean {
  const used = [...a.keys()].filter((i) => coefficient(a[i]!) !== 0 || coefficient(b[i]!) !== 0);
  return (
    used.every((i) => same(Math.abs(a[i]!), Math.abs(b[i]!))) &&
    used.some((i) => same(a[i]!, b[i]!)) &&
    used.some((i) => same(a[i]!, -b[i]!))
  );
}

/** The first of each two neighbouring rows that are mirrored. */
function mirroredRows(matrix: Matrix): number[] {
  const firsts: number[] = [];
  for (let row = 0; row + 1 < matrix.length; row++) {
    if (mirrored(matrix[row]!, matrix[row + 1]!)) firsts.push(row++);
  }
  return firsts;
}

/** Registers that a transform works in. */
export interface TransformRegisters {
  readonly values: readonly VectorLocal[];
  readonly parts: readonly VectorLocal[];
}

export function transformRegisters(f: RoutineBuilder): TransformRegisters {
  return { values: f.vectors(LARGEST_SIDE), parts: f.vectors(2 * MOST_PAIRS) };
}

/** Of two mirrored rows, what they have in common and what they have with opposite signs is summed once. */
function evaluate(
  f: RoutineBuilder,
  matrix: Matrix,
  { values, parts }: TransformRegisters,
  emit: (row: number, value: Vector) => void,
): void {
  const [common, opposite] = parts as [VectorLocal, VectorLocal];
  const pairs = new Set(mirroredRows(matrix));
  for (let row = 0; row < matrix.length; row++) {
    const coefficients = matrix[row]!;
    if (!pairs.has(row)) {
      emit(row, linear(f, coefficients, values));
      continue;
    }
    const shared = coefficients.map((value, i) => same(value, matrix[row + 1]![i]!));
    common.set(
      linear(
        f,
        coefficients.map((value, i) => (shared[i]! ? value : 0)),
        values,
      ),
    );
    opposite.set(
      linear(
        f,
        coefficients.map((value, i) => (shared[i]! ? 0 : value)),
        values,
      ),
    );
    emit(row, common.add(opposite));
    emit(row + 1, common.sub(opposite));
    row++;
  }
}

/** Of the values of two mirrored columns, every row takes the sum or the difference. */
function interpolate(
  f: RoutineBuilder,
  matrix: Matrix,
  { values, parts }: TransformRegisters,
  emit: (row: number, value: Vector) => void,
): void {
  const pairs = mirroredRows(transposed(matrix));
  const paired = new Set(pairs.flatMap((first) => [first, first + 1]));
  pairs.forEach((first, k) => {
    parts[2 * k]!.set(values[first]!.add(values[first + 1]!));
    parts[2 * k + 1]!.set(values[first]!.sub(values[first + 1]!));
  });
  matrix.forEach((row, i) => {
    const single = [...row.keys()].filter((column) => !paired.has(column));
    const factors = [...single, ...pairs].map((column) => row[column]!);
    const operands = [
      ...single.map((column) => values[column]!),
      ...pairs.map((first, k) => parts[same(row[first]!, row[first + 1]!) ? 2 * k : 2 * k + 1]!),
    ];
    emit(i, linear(f, factors, operands));
  });
}

function apply(
  f: RoutineBuilder,
  matrix: Matrix,
  registers: TransformRegisters,
  emit: (row: number, value: Vector) => void,
): void {
  if (matrix.length >= matrix[0]!.length) evaluate(f, matrix, registers, emit);
  else interpolate(f, matrix, registers, emit);
}

/** Bytes between two points' planes beyond their contents, so that they do not meet in the same cache sets. */
export const PLANE_GAP = 64;

/** Bytes of scratch that `transform2D` needs: a grid of vectors. */
export const TRANSFORM_SCRATCH = LARGEST_SIDE ** 2 * 16;

/**
 * matrix · X · matrixᵀ for four channels at once. Elements of X come from `load` column after column, results go to
 * `store` as `order` says: row after row, or column after column from the last to the first, each from its last row.
 */
export function transform2D(
  f: RoutineBuilder,
  matrix: Matrix,
  registers: TransformRegisters,
  scratch: I32,
  load: (row: number, column: number) => Vector,
  store: (row: number, column: number, value: Vector) => void,
  order: 'forward' | 'backward' = 'forward',
): void {
  const results = matrix.length;
  const side = matrix[0]!.length;
  const { values } = registers;
  const place = (row: number, column: number): number => (row * LARGEST_SIDE + column) * 16;
  for (let column = 0; column < side; column++) {
    for (let row = 0; row < side; row++) values[row]!.set(load(row, column));
    apply(f, matrix, registers, (row, value) => {
      f.store(scratch, value, place(row, column));
    });
  }
  if (order === 'forward') {
    for (let row = 0; row < results; row++) {
      for (let column = 0; column < side; column++) values[column]!.set(scratch.load(place(row, column)));
      apply(f, matrix, registers, (column, value) => {
        store(row, column, value);
      });
    }
    return;
  }
  // All results first, because they come out of `apply` in its own order.
  for (let row = 0; row < results; row++) {
    for (let column = 0; column < side; column++) values[column]!.set(scratch.load(place(row, column)));
    apply(f, matrix, registers, (column, value) => {
      f.store(scratch, value, place(row, column));
    });
  }
  for (let column = results - 1; column >= 0; column--) {
    for (let row = results - 1; row >= 0; row--) store(row, column, scratch.load(place(row, column)));
  }
}

/** Where a tile's first pixel is. */
export function tileAddress(
  tile: I32Local,
  tiles: { across: I32; down: I32 },
  image: { base: I32; imageBytes: I32; rowBytes: I32; pixelBytes: I32 },
  step: number,
): I32 {
  const row = tile.div(tiles.across);
  return image.base
    .add(row.div(tiles.down).mul(image.imageBytes))
    .add(row.rem(tiles.down).mul(step).mul(image.rowBytes))
    .add(tile.rem(tiles.across).mul(step).mul(image.pixelBytes));
}
