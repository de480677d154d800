/**
 * The steps of a run as rows for charts: buckets of the whole run, or of a stretch of it in more detail where somebody looks
 * closer. Columns are the logged ones and the weighted losses, and are worked out when a chart asks for them.
 */
import { stepColumnNames, type StepColumn } from '../../protocol/record/step-columns';
import type { StepDigest } from '../../protocol/record/step-digest';
import type { LossWeights, StageName } from '../../protocol/run-configuration';
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

export class StepRows implements ChartTable {
  readonly steps: readonly number[];
  readonly elapsed: readonly number[];
  private readonly cache = new Map<string, number[]>();

  /** @param firstTime that `elapsed` counts from, in milliseconds since 1970 */
  constructor(
    private readonly stretches: readonly Stretch[],
    firstTime: number,
    private readonly weights: LossWeights,
  ) {
    this.steps = this.gather((digest) => digest.heads('last'));
    this.elapsed = this.gather((digest) => digest.heads('lastTime')).map((time) => (time - firstTime) / 1000);
  }

  get length(): number {
    return this.steps.length;
  }

  /** Most steps that a row is made of. */
  get width(): number {
    return Math.max(1, ...this.stretches.map(({ digest, start, end }) => (end > start ? digest.width : 1)));
  }

  column(name: string): readonly number[] {
    return this.cached(name, 'mean');
  }

  range(name: string): ColumnRange | undefined {
    return this.width === 1 ? undefined : { low: this.cached(name, 'min'), high: this.cached(name, 'max') };
  }

  /** How many steps each row is made of. */
  counts(): readonly number[] {
    return this.gather((digest) => digest.heads('count'));
  }

  private cached(name: string, field: 'mean' | 'min' | 'max'): readonly number[] {
    const key = `${name}.${field}`;
    const known = this.cache.get(key) ?? this.make(name, field);
    this.cache.set(key, known);
    return known;
  }

  private make(name: string, field: 'mean' | 'min' | 'max'): number[] {
    const raw = weightedColumns[name];
    if (raw === undefined) return this.gather((digest) => digest.column(columnNamed(name), field));
    const stages = this.stages();
    return this.cached(raw, field).map((value, row) => {
      const weights = stages[row] === 'pixel' ? PIXEL_STAGE : this.weights;
      return value * weights[raw];
    });
  }

  private stages(): StageName[] {
    return this.stretches.flatMap(({ digest, start, end }) =>
      Array.from({ length: end - start }, (_, index) => digest.stage(start + index)),
    );
  }

  private gather(of: (digest: StepDigest) => number[]): number[] {
    return this.stretches.flatMap(({ digest, start, end }) => of(digest).slice(start, end));
  }
}

function columnNamed(name: string): StepColumn {
  const column = stepColumnNames.find((each) => each === name);
  if (column === undefined) throw new Error(`No column ${name} in this table.`);
  return column;
}
