/** How often values fall into equal bins between the smallest and the largest; values that are not finite are not counted. Pure. */

export interface Bins {
  min: number;
  max: number;
  count: number;
}

export interface BinRange {
  min: number;
  max: number;
}

/** Null where there is no value at all. */
export function binsOf(values: Float64Array, count: number): Bins | null {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max && value < Infinity) max = value;
  }
  if (min > max || !Number.isFinite(min)) return null;
  return min === max ? { min, max, count: 1 } : { min, max, count };
}

/** The bin of a value; the largest value belongs to the last one. −1 for what lies in none. */
export function binOf({ min, max, count }: Bins, value: number): number {
  if (!(value >= min && value <= max)) return -1;
  return max === min ? 0 : Math.min(count - 1, Math.floor(((value - min) / (max - min)) * count));
}

/** Counts a bin, of all values or of those at `indices`. */
export function countIn(bins: Bins, values: Float64Array, indices?: Uint32Array): Uint32Array {
  const counts = new Uint32Array(bins.count);
  const add = (value: number): void => {
    const bin = binOf(bins, value);
    if (bin !== -1) counts[bin]! += 1;
  };
  if (indices) for (const index of indices) add(values[index]!);
  else for (const value of values) add(value);
  return counts;
}

/** The values that the bins from one to another cover, in whatever order they are given. */
export function rangeOf({ min, max, count }: Bins, from: number, to: number): BinRange {
  const width = (max - min) / count;
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  return {
    min: low <= 0 ? min : min + low * width,
    max: high >= count - 1 ? max : min + (high + 1) * width,
  };
}

/** A histogram in a sentence, for those who hear it. */
export function histogramInWords(
  title: string,
  bins: Bins,
  counts: Uint32Array,
  format: (value: number) => string,
): string {
  const total = counts.reduce((sum, value) => sum + value, 0);
  const highest = counts.indexOf(Math.max(...counts));
  const mode = rangeOf(bins, highest, highest);
  let seen = 0;
  const median = counts.findIndex((value) => (seen += value) * 2 >= total);
  const middle = rangeOf(bins, median, median);
  return (
    `${title} of ${total} images, from ${format(bins.min)} to ${format(bins.max)}. ` +
    `Half of them are below ${format(middle.max)}; most often it is ${format(mode.min)} to ${format(mode.max)}.`
  );
}
