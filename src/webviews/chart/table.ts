/**
 * Columns of numbers that only grow: what charts draw. A row is a step; `NaN` is a gap. A resumed run repeats the steps
 * since its checkpoint, and what it did the second time replaces what it did the first.
 */

/** The lowest and the highest value of each row, where rows are of several steps. */
export interface ColumnRange {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** What a chart needs of its data. */
export interface ChartTable {
  /** Strictly ascending. */
  readonly steps: readonly number[];
  /** Seconds since the first row of the run. */
  readonly elapsed: readonly number[];
  column(name: string): readonly number[];
  /** Undefined where every row has one value. */
  range?(name: string): ColumnRange | undefined;
  /** How many steps each row is made of, where they are several. */
  counts?(): readonly number[] | undefined;
}

export class Table implements ChartTable {
  /** Strictly ascending. */
  readonly steps: number[] = [];
  /** Seconds since the first row of the run. */
  readonly elapsed: number[] = [];
  readonly columns: ReadonlyMap<string, number[]>;

  constructor(names: readonly string[]) {
    this.columns = new Map(names.map((name) => [name, []]));
  }

  get length(): number {
    return this.steps.length;
  }

  /** Values by column name; null is a gap. A second row of the last step only adds to it what it names. */
  append(step: number, elapsed: number, values: Readonly<Record<string, number | null | undefined>>): void {
    const last = this.steps.at(-1) ?? -1;
    if (step < last) this.truncate(lowerBound(this.steps, step));
    if (step !== last) {
      this.steps.push(step);
      this.elapsed.push(elapsed);
      for (const column of this.columns.values()) column.push(Number.NaN);
    }
    const row = this.length - 1;
    for (const [name, value] of Object.entries(values)) this.mutable(name)[row] = value ?? Number.NaN;
  }

  /** Forgets the rows from `step` on. */
  truncateFrom(step: number): void {
    this.truncate(lowerBound(this.steps, step));
  }

  column(name: string): readonly number[] {
    return this.mutable(name);
  }

  private mutable(name: string): number[] {
    const column = this.columns.get(name);
    if (!column) throw new Error(`No column ${name} in this table.`);
    return column;
  }

  private truncate(length: number): void {
    this.steps.length = length;
    this.elapsed.length = length;
    for (const column of this.columns.values()) column.length = length;
  }
}

/** First index at which `sorted` is not below `value`; its length if there is none. */
export function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the element of `sorted` that is closest to `value`; −1 if it is empty. */
export function nearestIndex(sorted: readonly number[], value: number): number {
  if (sorted.length === 0) return -1;
  const after = Math.min(lowerBound(sorted, value), sorted.length - 1);
  const before = Math.max(0, after - 1);
  return value - sorted[before]! <= sorted[after]! - value ? before : after;
}

/** The number nearest to `row` that lies between two numbers or is one; NaN before the first and after the last of them. */
export function nearestNumber(values: readonly number[], row: number): number {
  let [before, after] = [row, row];
  while (before >= 0 && Number.isNaN(values[before])) before -= 1;
  while (after < values.length && Number.isNaN(values[after])) after += 1;
  if (before < 0 || after >= values.length) return Number.NaN;
  return row - before <= after - row ? values[before]! : values[after]!;
}
