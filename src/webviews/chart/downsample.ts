/**
 * Curves of any length in as many points as there are pixels. Each pixel column keeps the lowest and the highest value
 * of each curve, in the order in which they came, so that a spike of one step is still seen among 100,000.
 */
import { lowerBound } from './table';

export interface Range {
  min: number;
  max: number;
}

export interface Points {
  x: number[];
  /** One array a curve, as long as `x`; null is a gap. */
  ys: (number | null)[][];
}

/**
 * @param x ascending
 * @param ys one array a curve, as long as `x`; NaN is a gap
 * @param range part of x that is in sight; one point more on each side is kept, so that lines leave the picture
 * @param columns width of the picture in pixels
 */
export function downsample(
  x: readonly number[],
  ys: readonly (readonly number[])[],
  range: Range,
  columns: number,
): Points {
  const first = Math.max(0, lowerBound(x, range.min) - 1);
  const end = Math.min(x.length, upperBound(x, range.max) + 1);
  if (end - first <= 2 * columns || range.max <= range.min) {
    return { x: x.slice(first, end), ys: ys.map((y) => y.slice(first, end).map(gapToNull)) };
  }

  const perColumn = (range.max - range.min) / columns;
  const points: Points = { x: [], ys: ys.map(() => []) };
  let start = first;
  while (start < end) {
    const column = Math.floor((x[start]! - range.min) / perColumn);
    let stop = start + 1;
    while (stop < end && Math.floor((x[stop]! - range.min) / perColumn) === column) stop += 1;
    appendExtremes(points, x, ys, start, stop);
    start = stop;
  }
  return points;
}

/** Two points for rows `start` to `stop`: each curve's extremes in their order, at the x of the first and last row. */
function appendExtremes(
  points: Points,
  x: readonly number[],
  ys: readonly (readonly number[])[],
  start: number,
  stop: number,
): void {
  const single = stop - start === 1;
  points.x.push(x[start]!);
  if (!single) points.x.push(x[stop - 1]!);
  ys.forEach((y, curve) => {
    const out = points.ys[curve]!;
    let low = -1;
    let high = -1;
    for (let row = start; row < stop; row += 1) {
      const value = y[row]!;
      if (Number.isNaN(value)) continue;
      if (low === -1 || value < y[low]!) low = row;
      if (high === -1 || value > y[high]!) high = row;
    }
    out.push(low === -1 ? null : y[Math.min(low, high)]!);
    if (!single) out.push(high === -1 ? null : y[Math.max(low, high)]!);
  });
}

const gapToNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** First index at which `sorted` is above `value`; its length if there is none. */
function upperBound(sorted: readonly number[], value: number): number {
  let index = lowerBound(sorted, value);
  while (index < sorted.length && sorted[index] === value) index += 1;
  return index;
}
