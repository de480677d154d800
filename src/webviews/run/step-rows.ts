/**
 * The steps of a run as rows for charts: buckets of the whole run, or of a stretch of it in more detail where somebody looks
 * closer. Columns are the logged ones and the weighted losses; those that a chart has asked for grow with the run.
 */
import { stepColumnNames, type StepColumn } from '../../protocol/record/step-columns';
import { columnPosition, headPosition, type StepDigest } from '../../protocol/record/step-digest';
import type { LossWeights } from '../../protocol/run-configuration';
import type { ChartTable, ColumnRange } from '../chart/table';

/** Buckets `start` to `end` of a digest. */
export interface Stretch {
  readonly digest: StepDigest;
  readonly start: number;
  readonly end: number;
}

const weightedColumns: Readonly<Record<string, 'pixel' | 'content' | 'adversarial'>> = {
  pixelWeighted: 'pixel',
  contentWeighted: 'content',
  adversarialWeighted: 'adversarial',
};

/** In the pixel stage the pixel loss is all that is trained for. */
const PIXEL_STAGE: LossWeights = { pixel: 1, content: 0, adversarial: 0 };

type Field = 'mean' | 'min' | 'max';
/** A number of a bucket. */
type Read = (digest: StepDigest, index: number) => number;

export class StepRows implements ChartTable {
  readonly steps: number[] = [];
  readonly elapsed: number[] = [];
  /** Widths of the stretches when they were read. */
  private widths: readonly number[];
  private readonly columns = new Map<string, { values: number[]; read: Read }>();

  /** @param firstTime that `elapsed` counts from, in milliseconds since 1970 */
  constructor(
    private stretches: readonly Stretch[],
    private readonly firstTime: number,
    private readonly weights: LossWeights,
  ) {
    this.widths = stretches.map(({ digest }) => digest.width);
    this.fill(0);
  }

  get length(): number {
    return this.steps.length;
  }

  /** Most steps that a row is made of. */
  get width(): number {
    return Math.max(1, ...this.widths);
  }

  column(name: string): readonly number[] {
    return this.known(name, 'mean');
  }

  range(name: string): ColumnRange | undefined {
    return this.width === 1 ? undefined : { low: this.known(name, 'min'), high: this.known(name, 'max') };
  }

  counts(): readonly number[] | undefined {
    if (this.width === 1) return undefined;
    const counts: number[] = [];
    const position = headPosition('count');
    this.read(counts, 0, (digest, index) => digest.at(index, position));
    return counts;
  }

  /**
   * Takes these stretches in place of its own, if they are the same but for their end: then only the last rows are read.
   * Returns whether it could.
   */
  grow(stretches: readonly Stretch[]): boolean {
    const last = this.stretches.length - 1;
    const same = (next: Stretch, index: number): boolean => {
      const before = this.stretches[index];
      return (
        before?.digest === next.digest &&
        before.start === next.start &&
        this.widths[index] === next.digest.width &&
        (index === last ? before.end <= next.end : before.end === next.end)
      );
    };
    if (stretches.length !== this.stretches.length || !stretches.every(same)) return false;
    this.stretches = stretches;
    // A step that came into the last row has changed it.
    this.fill(Math.max(0, this.length - 1));
    return true;
  }

  private fill(from: number): void {
    const [last, lastTime] = [headPosition('last'), headPosition('lastTime')];
    this.read(this.steps, from, (digest, index) => digest.at(index, last));
    this.read(this.elapsed, from, (digest, index) => (digest.at(index, lastTime) - this.firstTime) / 1000);
    for (const { values, read } of this.columns.values()) this.read(values, from, read);
  }

  /** Replaces the rows from `from` on. */
  private read(into: number[], from: number, read: Read): void {
    into.length = from;
    let row = 0;
    for (const { digest, start, end } of this.stretches) {
      for (let index = start + Math.max(0, from - row); index < end; index++) into.push(read(digest, index));
      row += end - start;
    }
  }

  private known(name: string, field: Field): readonly number[] {
    const key = `${name}.${field}`;
    const known = this.columns.get(key);
    if (known !== undefined) return known.values;
    const column = { values: [], read: this.reader(name, field) };
    this.columns.set(key, column);
    this.read(column.values, 0, column.read);
    return column.values;
  }

  private reader(name: string, field: Field): Read {
    const raw = weightedColumns[name];
    const position = columnPosition(raw ?? columnNamed(name), field);
    if (raw === undefined) return (digest, index) => digest.at(index, position);
    return (digest, index) => {
      const weights = digest.stage(index) === 'pixel' ? PIXEL_STAGE : this.weights;
      return digest.at(index, position) * weights[raw];
    };
  }
}

function columnNamed(name: string): StepColumn {
  const column = stepColumnNames.find((each) => each === name);
  if (column === undefined) throw new Error(`No column ${name} in this table.`);
  return column;
}
