/**
 * Curves of any length in as many points as there are pixels. Each pixel column keeps the lowest and the highest value
 * of each curve, in the order in which they came, so that a spike of one step is still seen among a million.
 */
import { lowerBound, type ColumnRange } from './table';

export interface Range {
  min: number;
  max: number;
}

export interface Points {
  x: number[];
  /** One array a curve, as long as `x`; null is a gap. */
  ys: (number | null)[][];
}

/** A curve: NaN is a gap. With a range, its rows are of several steps, and the lowest and the highest are drawn. */
export interface Series {
  readonly values: readonly number[];
  readonly range?: ColumnRange | undefined;
}

/**
 * @param x ascending
 * @param series each as long as `x`
 * @param range part of x that is in sight; one point more on each side is kept, so that lines leave the picture
 * @param columns width of the picture in pixels
 */
export function downsample(
  x: readonly number[],
  series: readonly Series[],
  range: Range,
  columns: number,
): Points {
  const first = Math.max(0, lowerBound(x, range.min) - 1);
  const end = Math.min(x.length, upperBound(x, range.max) + 1);
  const points: Points = { x: [], ys: series.map(() => []) };
  const sparse = end - first <= 2 * columns || range.max <= range.min;
  const perColumn = sparse ? 0 : (range.max - range.min) / columns;
  const columnOf = (row: number): number => Math.floor((x[row]! - range.min) / perColumn);
  let start = first;
  while (start < end) {
    let stop = start + 1;
    if (!sparse) {
      const column = columnOf(start);
      while (stop < end && columnOf(stop) === column) stop += 1;
    }
    appendExtremes(points, x, series, start, stop);
    start = stop;
  }
  return points;
}

/** Up to two points for rows `start` to `stop`: each curve's extremes in their order, at the x of the first and last row. */
function appendExtremes(
  points: Points,
  x: readonly number[],
  series: readonly Series[],
  start: number,
  stop: number,
): void {
  const last = stop - 1;
  const single = start === last && series.every(({ range }) => isOneValue(range, start));
  points.x.push(x[start]!);
  if (!single) points.x.push(x[last]!);
  series.forEach(({ values, range }, curve) => {
    const out = points.ys[curve]!;
    if (single) {
      out.push(gapToNull(values[start]!));
      return;
    }
    const { low = values, high = values } = range ?? {};
    let lowest = -1;
    let highest = -1;
    for (let row = start; row < stop; row += 1) {
      if (Number.isNaN(values[row])) continue;
      if (lowest === -1 || low[row]! < low[lowest]!) lowest = row;
      if (highest === -1 || high[row]! > high[highest]!) highest = row;
    }
    if (lowest === -1) out.push(null, null);
    else if (lowest <= highest) out.push(low[lowest]!, high[highest]!);
    else out.push(high[highest]!, low[lowest]!);
  });
}

function isOneValue(range: ColumnRange | undefined, row: number): boolean {
  return range === undefined || !(range.low[row]! < range.high[row]!);
}

const gapToNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** First index at which `sorted` is above `value`; its length if there is none. */
function upperBound(sorted: readonly number[], value: number): number {
  let index = lowerBound(sorted, value);
  while (index < sorted.length && sorted[index] === value) index += 1;
  return index;
}
