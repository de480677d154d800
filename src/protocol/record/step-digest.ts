/**
 * The steps of a run in a bounded number of buckets, however many steps there are: a bucket has the mean, the lowest and
 * the highest value of every column over `width` steps in a row. When all buckets are taken, neighbours are merged and the
 * width doubles, so extremes are never lost. The trainer keeps one beside its log, pages keep a coarser one.
 */
import type { StepLine } from '../metrics';
import { stageNames, type StageName } from '../stage-names';
import { stepColumnNames, stepValues, type StepColumn } from './step-columns';

/** More than any screen has columns. */
const BUCKETS = 8192;

/** What a bucket holds besides its columns. `offset` is the byte in `metrics.jsonl` at which its first line starts. */
const headFields = ['first', 'last', 'firstTime', 'lastTime', 'count', 'offset', 'stage'] as const;
type HeadField = (typeof headFields)[number];

/** Of each column; `numbers` counts the steps that had one. */
const columnFields = ['mean', 'min', 'max', 'numbers'] as const;
type ColumnField = (typeof columnFields)[number];

/** Names of the numbers of a bucket, in their order. */
export const bucketFields: readonly string[] = [
  ...headFields,
  ...stepColumnNames.flatMap((column) => columnFields.map((field) => `${column}.${field}`)),
];
const SIZE = bucketFields.length;
const HEAD = headFields.length;
const [FIRST, LAST, LAST_TIME, COUNT, STAGE] = [0, 1, 3, 4, 6];

export function headPosition(field: HeadField): number {
  return headFields.indexOf(field);
}

export function columnPosition(name: StepColumn, field: ColumnField): number {
  return HEAD + stepColumnNames.indexOf(name) * columnFields.length + columnFields.indexOf(field);
}

export class StepDigest {
  /** Buckets taken. */
  length = 0;
  /** Steps that a bucket spans, a power of two. Bucket k begins at step 1 + k·width of the run. */
  width = 1;
  private readonly numbers: Float64Array;

  constructor(readonly capacity = BUCKETS) {
    this.numbers = new Float64Array(capacity * SIZE);
  }

  /**
   * Adds a step. One that is not later than the last makes the steps from it on be forgotten, whole buckets at a time: a
   * run that was resumed does them again.
   * @param offset where the line starts in `metrics.jsonl`
   */
  append(line: StepLine, offset = 0): void {
    if (this.length > 0 && line.step <= this.head(this.length - 1, 'last')) this.forgetFrom(line.step);
    this.add(bucketOf(line, offset));
  }

  /** Adds a bucket of another digest, which comes after all that are here. */
  appendBucket(other: StepDigest, index: number): void {
    // Of another width: begin with that one, so that no bucket is split.
    if (this.length === 0) this.width = Math.max(this.width, other.width);
    this.add(other.numbers.subarray(index * SIZE, (index + 1) * SIZE));
  }

  /** Forgets the buckets that reach `step` or a later one. */
  forgetFrom(step: number): void {
    while (this.length > 0 && this.head(this.length - 1, 'last') >= step) this.length -= 1;
  }

  head(index: number, field: HeadField): number {
    return this.at(index, headPosition(field));
  }

  stage(index: number): StageName {
    return stageNames[this.head(index, 'stage')]!;
  }

  /** A number of a bucket by its position, which `headPosition` or `columnPosition` tells. */
  at(index: number, position: number): number {
    return this.numbers[index * SIZE + position]!;
  }

  /** One number of every bucket; NaN where a column has none. */
  column(name: StepColumn, field: ColumnField): number[] {
    return this.every(columnPosition(name, field));
  }

  heads(field: HeadField): number[] {
    return this.every(headPosition(field));
  }

  /** The buckets that overlap steps `from` to `to`, merged until there are at most `most`. */
  part(from: number, to: number, most: number): StepDigest {
    const part = new StepDigest(most);
    for (let index = 0; index < this.length; index++) {
      if (this.head(index, 'last') >= from && this.head(index, 'first') <= to) part.appendBucket(this, index);
    }
    return part;
  }

  /** The numbers of all buckets, one bucket after another in the order of `bucketFields`. Not a copy. */
  values(): Float64Array {
    return this.numbers.subarray(0, this.length * SIZE);
  }

  /** A digest of these numbers, as `values` gave them. */
  static of(values: Float64Array, width: number): StepDigest {
    const digest = new StepDigest(Math.max(BUCKETS, values.length / SIZE));
    digest.length = values.length / SIZE;
    digest.width = width;
    digest.numbers.set(values);
    return digest;
  }

  private every(position: number): number[] {
    const found: number[] = [];
    for (let index = 0; index < this.length; index++) found.push(this.at(index, position));
    return found;
  }

  private add(bucket: Float64Array): void {
    for (;;) {
      const last = this.length - 1;
      const key = this.keyOf(bucket[FIRST]!);
      if (last >= 0 && this.keyOf(this.head(last, 'first')) === key) {
        mergeInto(this.numbers, last * SIZE, bucket);
        return;
      }
      if (this.length < this.capacity) {
        this.numbers.set(bucket, this.length * SIZE);
        this.length += 1;
        return;
      }
      this.halve();
    }
  }

  private keyOf(step: number): number {
    return Math.floor((step - 1) / this.width);
  }

  private halve(): void {
    this.width *= 2;
    let kept = 0;
    for (let index = 1; index < this.length; index++) {
      const bucket = this.numbers.subarray(index * SIZE, (index + 1) * SIZE);
      if (this.keyOf(bucket[FIRST]!) === this.keyOf(this.head(kept, 'first'))) {
        mergeInto(this.numbers, kept * SIZE, bucket);
      } else {
        kept += 1;
        this.numbers.set(bucket, kept * SIZE);
      }
    }
    this.length = kept + 1;
  }
}

function bucketOf(line: StepLine, offset: number): Float64Array {
  const bucket = new Float64Array(SIZE);
  bucket.set([line.step, line.step, line.time, line.time, 1, offset, stageNames.indexOf(line.stage)]);
  stepValues(line).forEach((value, column) => {
    bucket.set([value, value, value, Number.isNaN(value) ? 0 : 1], HEAD + column * columnFields.length);
  });
  return bucket;
}

/** Joins the bucket at `at` with the one that follows it. */
function mergeInto(numbers: Float64Array, at: number, next: Float64Array): void {
  for (const position of [LAST, LAST_TIME, STAGE]) numbers[at + position] = next[position]!;
  numbers[at + COUNT] = numbers[at + COUNT]! + next[COUNT]!;
  for (let position = HEAD; position < SIZE; position += columnFields.length) {
    const into = at + position;
    const more = next[position + 3]!;
    if (more === 0) continue;
    const all = numbers[into + 3]! + more;
    if (all === more) {
      numbers.set(next.subarray(position, position + columnFields.length), into);
      continue;
    }
    const mean = numbers[into]!;
    numbers[into] = mean + ((next[position]! - mean) * more) / all;
    numbers[into + 1] = Math.min(numbers[into + 1]!, next[position + 1]!);
    numbers[into + 2] = Math.max(numbers[into + 2]!, next[position + 2]!);
    numbers[into + 3] = all;
  }
}
