/**
 * The linear maps of Winograd's minimal filtering F(m×m, 3×3) (Lavin and Gray 2016, "Fast algorithms for convolutional
 * neural networks"), made by Cook and Toom's construction from interpolation points, and the code that applies them.
 *
 * A tile of outputs is Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A. F(4×4) takes the points 0, ±1/√2, ±√2 and infinity: 2.3 times less
 * rounding error than the usual 0, ±1, ±2. F(2×2) takes 0, ±1 and infinity.
 */
import { type I32, type I32Local, Vector, type VectorLocal } from '../assembler';
import type { RoutineBuilder } from './kernel';

export type Matrix = readonly (readonly number[])[];

export interface Winograd {
  /** Side of an output tile. */
  readonly outputs: number;
  /** Side of an input tile, and of the products' grid. */
  readonly points: number;
  /** Bᵀ: of input tiles. */
  readonly input: Matrix;
  /** G: of filters. */
  readonly filter: Matrix;
  /** Aᵀ: back to output tiles. */
  readonly output: Matrix;
}

const FILTER_SIDE = 3;

/** Coefficients, lowest power first, of Π (x − root). */
function polynomial(roots: readonly number[]): number[] {
  return roots.reduce<number[]>(
    (product, root) => {
      const next = new Array<number>(product.length + 1).fill(0);
      product.forEach((coefficient, power) => {
        next[power + 1]! += coefficient;
        next[power]! -= coefficient * root;
      });
      return next;
    },
    [1],
  );
}

/** F(outputs × outputs, 3×3) from outputs + 1 finite points; infinity is the last one. */
function cookToom(outputs: number, finite: readonly number[]): Winograd {
  const points = outputs + FILTER_SIDE - 1;
  const powers = (count: number, point: number): number[] =>
    Array.from({ length: count }, (_, power) => point ** power);
  const atInfinity = (count: number): number[] =>
    Array.from({ length: count }, (_, power) => (power === count - 1 ? 1 : 0));
  const others = (point: number): number[] => finite.filter((other) => other !== point);
  const filter = finite.map((point) => {
    const norm = others(point).reduce((product, other) => product * (point - other), 1);
    return powers(FILTER_SIDE, point).map((power) => power / norm);
  });
  const input = finite.map((point) => [...polynomial(others(point)), 0]);
  const evaluate = [...finite.map((point) => powers(outputs, point)), atInfinity(outputs)];
  return {
    outputs,
    points,
    input: [...input, polynomial(finite)],
    filter: [...filter, atInfinity(FILTER_SIDE)],
    output: transpose(evaluate),
  };
}

export function transpose(matrix: Matrix): Matrix {
  return matrix[0]!.map((_, column) => matrix.map((row) => row[column]!));
}

export const winograd4 = cookToom(4, [0, Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT2, -Math.SQRT2]);
export const winograd2 = cookToom(2, [0, 1, -1]);

/** A coefficient as single precision has it; what is zero but for rounding is zero. */
function coefficient(value: number): number {
  return Math.abs(value) < 1e-12 ? 0 : Math.fround(value);
}

/** Σ coefficients · values, with the first coefficient factored out where that saves products. */
function linear(coefficients: readonly number[], values: readonly Vector[]): Vector {
  const terms = coefficients
    .map((value, i) => ({ factor: coefficient(value), value: values[i]! }))
    .filter(({ factor }) => factor !== 0);
  if (terms.length === 0) return Vector.zero();
  const common = terms.every(({ factor }) => Math.abs(factor) !== 1) ? terms[0]!.factor : 1;
  const scaled = terms
    .map(({ factor, value }) => ({ factor: coefficient(factor / common), value }))
    .sort((a, b) => Number(b.factor > 0) - Number(a.factor > 0));
  const multiple = (factor: number, value: Vector): Vector => {
    const size = Math.abs(factor);
    if (size === 1) return value;
    return size === 2 ? value.add(value) : value.mul(Vector.of(size));
  };
  const sum = scaled
    .slice(1)
    .reduce(
      (total, { factor, value }) =>
        factor > 0 ? total.add(multiple(factor, value)) : total.sub(multiple(factor, value)),
      scaled[0]!.factor > 0
        ? multiple(scaled[0]!.factor, scaled[0]!.value)
        : multiple(scaled[0]!.factor, scaled[0]!.value).negate(),
    );
  return common === 1 ? sum : sum.mul(Vector.of(common));
}

const even = (row: readonly number[]): number[] => row.map((value, i) => (i % 2 === 0 ? value : 0));
const odd = (row: readonly number[]): number[] => row.map((value, i) => (i % 2 === 1 ? value : 0));

/** Rows 2k + 1 and 2k + 2 belong to points ±p, so they share their even and odd parts. */
const isPair = (row: number, points: number): boolean => row % 2 === 1 && row + 1 < points - 1;

/** Registers that a transform works in. */
export interface TransformRegisters {
  readonly values: readonly VectorLocal[];
  readonly parts: readonly VectorLocal[];
}

export function transformRegisters(f: RoutineBuilder): TransformRegisters {
  return { values: f.vectors(6), parts: f.vectors(4) };
}

/** From coefficients to values at the points: matrices with a row for each point. */
function evaluate(
  matrix: Matrix,
  { values, parts }: TransformRegisters,
  emit: (row: number, value: Vector) => void,
): void {
  const [evenPart, oddPart] = parts as [VectorLocal, VectorLocal];
  for (let row = 0; row < matrix.length; row++) {
    if (!isPair(row, matrix.length)) {
      emit(row, linear(matrix[row]!, values));
      continue;
    }
    evenPart.set(linear(even(matrix[row]!), values));
    oddPart.set(linear(odd(matrix[row]!), values));
    emit(row, evenPart.add(oddPart));
    emit(row + 1, evenPart.sub(oddPart));
    row++;
  }
}

/** From values at the points to coefficients: matrices with a column for each point. */
function interpolate(
  matrix: Matrix,
  { values, parts }: TransformRegisters,
  emit: (row: number, value: Vector) => void,
): void {
  const points = matrix[0]!.length;
  const pairs = [...Array(points).keys()].filter((point) => point % 2 === 1 && isPair(point, points));
  // Row i has pⁱ for +p and (−p)ⁱ for −p, but for a factor that both share: sums serve even rows, differences odd ones.
  pairs.forEach((point, k) => {
    parts[2 * k]!.set(values[point]!.add(values[point + 1]!));
    parts[2 * k + 1]!.set(values[point]!.sub(values[point + 1]!));
  });
  matrix.forEach((row, i) => {
    const factors = [row[0]!, row[points - 1]!, ...pairs.map((point) => row[point]!)];
    const operands = [values[0]!, values[points - 1]!, ...pairs.map((_, k) => parts[2 * k + (i % 2)]!)];
    emit(i, linear(factors, operands));
  });
}

function apply(
  matrix: Matrix,
  registers: TransformRegisters,
  emit: (row: number, value: Vector) => void,
): void {
  if (matrix.length >= matrix[0]!.length) evaluate(matrix, registers, emit);
  else interpolate(matrix, registers, emit);
}

/** Bytes between two points' planes beyond their contents, so that they do not meet in the same cache sets. */
export const PLANE_GAP = 64;

/** Bytes of scratch that `transform2D` needs: a grid of 6 × 6 vectors. */
export const TRANSFORM_SCRATCH = 36 * 16;

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
  const place = (row: number, column: number): number => (row * 6 + column) * 16;
  for (let column = 0; column < side; column++) {
    for (let row = 0; row < side; row++) values[row]!.set(load(row, column));
    apply(matrix, registers, (row, value) => {
      f.store(scratch, value, place(row, column));
    });
  }
  if (order === 'forward') {
    for (let row = 0; row < results; row++) {
      for (let column = 0; column < side; column++) values[column]!.set(scratch.load(place(row, column)));
      apply(matrix, registers, (column, value) => {
        store(row, column, value);
      });
    }
    return;
  }
  // All results first, because they come out of `apply` in its own order.
  for (let row = 0; row < results; row++) {
    for (let column = 0; column < side; column++) values[column]!.set(scratch.load(place(row, column)));
    apply(matrix, registers, (column, value) => {
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
