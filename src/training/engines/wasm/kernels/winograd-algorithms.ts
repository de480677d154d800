/**
 * The matrices of minimal filtering: how a tile of outputs of a 3×3 convolution is computed with few multiplications,
 * Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A (Winograd 1980; Lavin and Gray 2016, "Fast algorithms for convolutional neural
 * networks"). They are made by Cook and Toom's construction: polynomials multiplied by their values at a few points.
 *
 * Stride 1 takes Winograd's F(6×6, 3×3), F(4×4, 3×3) and F(2×2, 3×3). With stride 2, an output is the sum of a convolution of the even
 * samples with the outer two taps, F(m, 2), and the odd sample times the middle tap: 2m + 1 products for m outputs along
 * one axis, where the direct algorithm has 3m. The input gradient is the same with the phases on the output side.
 */
export type Matrix = readonly (readonly number[])[];

/** A bilinear algorithm along one axis; images take it along both. */
export interface Winograd {
  /** Names its kernels. */
  readonly name: string;
  /** Side of an output tile. */
  readonly outputs: number;
  /** Side of the grid of products. */
  readonly points: number;
  /** Input samples from one tile to the next. */
  readonly step: number;
  /** Bᵀ: of input tiles, a row for each point. */
  readonly input: Matrix;
  /** G: of filters, a row for each point. */
  readonly filter: Matrix;
  /** Aᵀ: back to output tiles, a row for each output. */
  readonly output: Matrix;
}

/** A convolution's algorithm and those of its input gradient. */
export interface WinogradFamily {
  readonly stride: 1 | 2;
  readonly forward: Winograd;
  /** By how many zeros precede the image, at most one. Their G is the convolution's, for the filter turned round. */
  readonly inputGradient: readonly [Winograd, Winograd];
}

export function transposed(matrix: Matrix): Matrix {
  return matrix[0]!.map((_, column) => matrix.map((row) => row[column]!));
}

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

/** F(outputs, taps) from outputs + taps − 2 finite points; infinity is the last one. Points ±p stand side by side. */
function cookToom(outputs: number, taps: number, finite: readonly number[]) {
  const powers = (count: number, point: number): number[] =>
    Array.from({ length: count }, (_, power) => point ** power);
  const others = (point: number): number[] => finite.filter((other) => other !== point);
  const filter = finite.map((point) => {
    const norm = others(point).reduce((product, other) => product * (point - other), 1);
    return powers(taps, point).map((power) => power / norm);
  });
  const input = finite.map((point) => [...polynomial(others(point)), 0]);
  const evaluate = [...finite.map((point) => powers(outputs, point)), unit(outputs, outputs - 1)];
  return {
    input: [...input, polynomial(finite)],
    filter: [...filter, unit(taps, taps - 1)],
    output: transposed(evaluate),
  };
}

/** A row of zeros with a one at `index`. */
function unit(length: number, index: number): number[] {
  return Array.from({ length }, (_, i) => (i === index ? 1 : 0));
}

function consecutive(outputs: number, finite: readonly number[]): WinogradFamily {
  const forward = {
    name: String(outputs),
    outputs,
    points: outputs + 2,
    step: outputs,
    ...cookToom(outputs, 3, finite),
  };
  return { stride: 1, forward, inputGradient: [forward, forward] };
}

function strided(outputs: number, finite: readonly number[]): WinogradFamily {
  const even = cookToom(outputs, 2, finite);
  const points = 2 * outputs + 1;
  const indices = [...Array(outputs).keys()];
  /** A row for samples of one phase: its values at every second place. */
  const spread = (values: readonly number[], phase: number): number[] =>
    Array.from({ length: points }, (_, i) => (i % 2 === phase ? values[i >> 1]! : 0));
  const filter = [...even.filter.map(([first, last]) => [first!, 0, last!]), ...indices.map(() => [0, 1, 0])];
  /** Outputs of the phase that sums two taps, and of the one that has the middle tap. */
  const outer = even.output.map((row) => [...row, ...indices.map(() => 0)]);
  const middle = indices.map((i) => unit(points, outputs + 1 + i));
  // dx[q − before] is Σ over taps k with q − k even of dy[(q − k) / 2] · g[k]: even q have the outer taps.
  const inputGradient = (before: 0 | 1): Winograd => ({
    name: `Strided${outputs}Gradient${before}`,
    outputs: 2 * outputs,
    points,
    step: outputs,
    input: [...even.input, ...indices.map((i) => unit(outputs + 1, i + 1 - before))],
    filter,
    output: indices.flatMap((i) => (before === 0 ? [outer[i]!, middle[i]!] : [middle[i]!, outer[i]!])),
  });
  return {
    stride: 2,
    forward: {
      name: `Strided${outputs}`,
      outputs,
      points,
      step: 2 * outputs,
      input: [...even.input.map((row) => spread(row, 0)), ...indices.map((i) => unit(points, 2 * i + 1))],
      filter,
      output: outer.map((row, i) => row.map((value, point) => value + middle[i]![point]!)),
    },
    inputGradient: [inputGradient(0), inputGradient(1)],
  };
}

/**
 * F(6×6): 64 products for 36 outputs, a fifth fewer for each than F(4×4)'s 36 for 16. The points 0, ±1/2, ±1, ±2 and infinity
 * had the least rounding error of all 0, ±a, ±b, ±c that were tried, within a tenth: four times F(4×4)'s.
 */
export const winograd6 = consecutive(6, [0, 0.5, -0.5, 1, -1, 2, -2]);
/** F(4×4): the points 0, ±1/√2, ±√2 and infinity have 2.3 times less rounding error than the usual 0, ±1, ±2. */
export const winograd4 = consecutive(4, [0, Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT2, -Math.SQRT2]);
export const winograd2 = consecutive(2, [0, 1, -1]);
/** F(3×3), which computes the 3×3 blocks of larger windows, too. */
export const winograd3 = consecutive(3, [Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT2, -Math.SQRT2]).forward;
export const strided4 = strided(4, [Math.SQRT1_2, -Math.SQRT1_2, Math.SQRT2, -Math.SQRT2]);
export const strided3 = strided(3, [0, 1, -1]);
