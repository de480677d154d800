/**
 * L-BFGS: Nocedal and Wright, "Numerical Optimization", 2nd edition, algorithms 7.4 and 7.5, with a line search for the
 * strong Wolfe conditions (algorithms 3.5 and 3.6, halving in place of interpolation).
 */

import type { Pause } from '../pause';

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  /** Euclidean norm of the gradient at `x`. */
  readonly gradientNorm: number;
  readonly iterations: number;
  /** Whether the gradient became as small as was asked. */
  readonly converged: boolean;
}

/** The value at `x`; fills `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  readonly start: Float64Array;
  /** Norm of the gradient at which it is done. */
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Awaited after every evaluation of the objective. */
  readonly pause: Pause;
}

/** Pairs of steps and gradient changes that are remembered. */
const MEMORY = 10;
const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;
/** Relative to the value, differences that rounding makes; within them only the slope tells where the minimum is. */
const ROUNDING = 1e-13;
/** Trials of a line search; so many halvings leave nothing to gain in double precision. */
const MAX_TRIALS = 40;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  /** 1 / sᵀy */
  readonly rho: number;
}

/** −H·gradient by the two loops of algorithm 7.4. */
function searchDirection(pairs: readonly Pair[], gradient: Float64Array): Float64Array {
  const direction = gradient.map((value) => -value);
  const alphas = pairs.toReversed().map(({ s, y, rho }) => {
    const alpha = rho * dot(s, direction);
    for (let i = 0; i < direction.length; i++) direction[i]! -= alpha * y[i]!;
    return alpha;
  });
  const newest = pairs.at(-1);
  const scale =
    newest === undefined
      ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)))
      : 1 / (newest.rho * dot(newest.y, newest.y));
  for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  pairs.forEach(({ s, y, rho }, index) => {
    const change = alphas[pairs.length - 1 - index]! - rho * dot(y, direction);
    for (let i = 0; i < direction.length; i++) direction[i]! += change * s[i]!;
  });
  return direction;
}

interface Point {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
  readonly value: number;
}

/** A point along `direction` that fulfils the strong Wolfe conditions; undefined where rounding leaves none. */
async function lineSearch(
  objective: Objective,
  from: Point,
  direction: Float64Array,
  pause: Pause,
): Promise<Point | undefined> {
  const slope = dot(from.gradient, direction);
  const rounding = ROUNDING * Math.abs(from.value);
  let [low, high, step] = [0, Infinity, 1];
  for (let trial = 0; trial < MAX_TRIALS; trial++) {
    const x = from.x.map((value, i) => value + step * direction[i]!);
    const gradient = new Float64Array(x.length);
    const value = objective(x, gradient);
    await pause();
    const newSlope = dot(gradient, direction);
    if (!(value <= from.value + SUFFICIENT_DECREASE * step * slope + rounding)) high = step;
    else if (Math.abs(newSlope) <= -CURVATURE * slope) return { x, gradient, value };
    else if (newSlope > 0) high = step;
    else low = step;
    step = high === Infinity ? 2 * step : (low + high) / 2;
  }
  return undefined;
}

/** Minimises a smooth function from `start`. */
export async function minimise(
  objective: Objective,
  { start, tolerance, maxIterations, pause }: MinimiseOptions,
): Promise<Minimum> {
  const gradient = new Float64Array(start.length);
  let point: Point = { x: start, gradient, value: objective(start, gradient) };
  let pairs: Pair[] = [];
  for (let iterations = 0; ; iterations++) {
    const gradientNorm = Math.sqrt(dot(point.gradient, point.gradient));
    const converged = gradientNorm <= tolerance;
    const ended = { x: point.x, value: point.value, gradientNorm, iterations, converged };
    if (converged || iterations === maxIterations) return ended;
    let next = await lineSearch(objective, point, searchDirection(pairs, point.gradient), pause);
    if (next === undefined && pairs.length > 0) {
      // The remembered curvature may be what misleads; the gradient itself never does.
      pairs = [];
      next = await lineSearch(objective, point, searchDirection(pairs, point.gradient), pause);
    }
    if (next === undefined) return ended;
    const s = next.x.map((value, i) => value - point.x[i]!);
    const y = next.gradient.map((value, i) => value - point.gradient[i]!);
    const curvature = dot(s, y);
    if (curvature > 0) pairs = [...pairs, { s, y, rho: 1 / curvature }].slice(-MEMORY);
    point = next;
  }
}
