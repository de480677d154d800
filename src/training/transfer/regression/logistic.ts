/**
 * Multinomial logistic regression with a ridge penalty: minimises mean cross-entropy + λ/2·‖W‖², the bias being free.
 * Strictly convex in W, so there is one answer, whatever the path to it.
 */
import type { Pause } from '../pause';
import { addTransposedTimes, timesTransposed, type AnyMatrix, type Matrix } from './matrix';
import { minimise, type Minimum } from './minimise';
import { spanOf, type Span } from './span';

/** A linear classifier: logits = W·x + b. */
export interface LinearClassifier {
  /** [classes, features] */
  readonly weights: Float64Array;
  /** [classes] */
  readonly bias: Float64Array;
}

export interface LogisticFit {
  readonly classifier: LinearClassifier;
  /** How the minimisation ended. */
  readonly minimum: Omit<Minimum, 'x'>;
}

const TOLERANCE = 1e-5;
const MAX_ITERATIONS = 1000;

/** Turns logits of a row in place into shares, and returns log Σ eˣ of it. */
export function softmaxInPlace(logits: Float64Array, start: number, classes: number): number {
  let greatest = -Infinity;
  for (let k = start; k < start + classes; k++) greatest = Math.max(greatest, logits[k]!);
  let sum = 0;
  for (let k = start; k < start + classes; k++) sum += Math.exp(logits[k]! - greatest);
  const logSum = greatest + Math.log(sum);
  for (let k = start; k < start + classes; k++) logits[k] = Math.exp(logits[k]! - logSum);
  return logSum;
}

/** The objective over (V [classes, columns], b [classes]) in one array. */
export function logisticObjective(
  x: AnyMatrix,
  labels: ArrayLike<number>,
  classes: number,
  lambda: number,
): (parameters: Float64Array, gradient: Float64Array) => number {
  const { rows, columns } = x;
  const size = classes * columns;
  const logits = new Float64Array(rows * classes);
  return (parameters, gradient) => {
    const v = parameters.subarray(0, size);
    timesTransposed(x, { rows: classes, columns, data: v }, logits);
    gradient.fill(0);
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const start = i * classes;
      for (let k = 0; k < classes; k++) logits[start + k]! += parameters[size + k]!;
      const label = start + labels[i]!;
      const own = logits[label]!;
      loss += (softmaxInPlace(logits, start, classes) - own) / rows;
      logits[label]! -= 1;
      for (let k = 0; k < classes; k++) {
        logits[start + k]! /= rows;
        gradient[size + k]! += logits[start + k]!;
      }
    }
    addTransposedTimes(logits, classes, x, gradient.subarray(0, size));
    let penalty = 0;
    for (let i = 0; i < size; i++) {
      penalty += v[i]! ** 2;
      gradient[i]! += lambda * v[i]!;
    }
    return loss + 0.5 * lambda * penalty;
  };
}

/**
 * Fits for each λ in turn, each from where the one before ended; falling λ make that quick.
 *
 * @param x [images, features], standardised
 * @param labels a class in [0, classes) for each row
 */
export async function fitLogistic(
  x: Matrix,
  labels: ArrayLike<number>,
  classes: number,
  lambdas: readonly number[],
  pause: Pause,
): Promise<LogisticFit[]> {
  const span: Span = await spanOf(x, pause);
  const { columns } = span.coordinates;
  let start = new Float64Array(classes * (columns + 1));
  const fits: LogisticFit[] = [];
  for (const lambda of lambdas) {
    const objective = logisticObjective(span.coordinates, labels, classes, lambda);
    const options = { start, tolerance: TOLERANCE, maxIterations: MAX_ITERATIONS, pause };
    const { x: solution, ...minimum } = await minimise(objective, options);
    start = Float64Array.from(solution);
    const weights = span.weights(solution.slice(0, classes * columns), classes);
    fits.push({ classifier: { weights, bias: solution.slice(classes * columns) }, minimum });
    await pause();
  }
  return fits;
}

/** Shares of the classes for each row, [rows, classes]. */
export function classShares(x: AnyMatrix, { weights, bias }: LinearClassifier): Float64Array {
  const classes = bias.length;
  const shares = new Float64Array(x.rows * classes);
  timesTransposed(x, { rows: classes, columns: x.columns, data: weights }, shares);
  for (let start = 0; start < shares.length; start += classes) {
    for (let k = 0; k < classes; k++) shares[start + k]! += bias[k]!;
    softmaxInPlace(shares, start, classes);
  }
  return shares;
}

/** The likeliest class of each row; of equal ones the first. */
export function likeliest(shares: ArrayLike<number>, classes: number): number[] {
  return Array.from({ length: shares.length / classes }, (_, row) => {
    let best = 0;
    for (let k = 1; k < classes; k++) {
      if (shares[row * classes + k]! > shares[row * classes + best]!) best = k;
    }
    return best;
  });
}
