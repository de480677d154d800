/**
 * What a run has done, as the page knows it: its steps in a bounded number of buckets, every validation and event, extended
 * as lines come. Where somebody looks closely, a stretch of the steps is known in more detail.
 */
import type { EventLine, MetricsLine, StepLine, ValidationLine } from '../../protocol/metrics';
import { decodeBuckets, type RecordSnapshot, type StepBuckets } from '../../protocol/record/record-snapshot';
import { StepDigest } from '../../protocol/record/step-digest';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { Mark, XAxis } from '../chart/curve';
import type { Range } from '../chart/downsample';
import { lowerBound, Table } from '../chart/table';
import { learningRateMarks } from './learning-rate-marks';
import { StepRows, type Stretch } from './step-rows';

/** Steps up to this many are known one by one; more are merged. Wider than any chart. */
const MOST_ROWS = 4096;
/** Of a longer run so many of the newest steps are known one by one. */
const MOST_RECENT = 256;

const validationColumns = [
  'psnr',
  'ssim',
  'psnrWhole',
  'ssimWhole',
  'bicubicPsnrWhole',
  'bicubicSsimWhole',
] as const;

/** More than a chart has pixels. */
const ENOUGH_ROWS = 1500;

/** A stretch of steps, and how many rows the overview has of it. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

export class RunRecord {
  readonly validations = new Table(validationColumns);
  /** In order of steps; what a resumed run repeats is replaced. */
  readonly validationLines: ValidationLine[] = [];
  /** All that ever happened, in order of time. */
  readonly events: EventLine[] = [];
  private readonly overview: StepDigest;
  private recent: StepLine[] = [];
  private detail: (StepRange & { readonly digest: StepDigest | null }) | null = null;
  private firstTime: number | null = null;
  private rows: StepRows | null = null;
  private rowsAreOld = false;
  private knownMarks: { readonly key: string; readonly marks: Mark[] } = { key: '', marks: [] };

  constructor(
    private readonly configuration: RunConfiguration,
    snapshot?: RecordSnapshot,
  ) {
    this.overview = snapshot ? decodeBuckets(snapshot.steps, MOST_ROWS) : new StepDigest(MOST_ROWS);
    if (!snapshot) return;
    this.firstTime = snapshot.firstTime;
    this.recent = snapshot.recent.slice();
    this.events.push(...snapshot.events);
    for (const line of snapshot.validations) this.appendValidation(line);
  }

  append(lines: readonly MetricsLine[]): void {
    for (const line of lines) {
      this.firstTime ??= line.time;
      if (line.kind === 'step') this.appendStep(line);
      else if (line.kind === 'validation') this.appendValidation(line);
      else this.events.push(line);
    }
    this.rowsAreOld = true;
  }

  /** The whole run, in detail where that is known. The same object while it only grows. */
  get steps(): StepRows {
    const stretches = this.rowsAreOld || this.rows === null ? this.stretches() : [];
    if (this.rows === null || (this.rowsAreOld && !this.rows.grow(stretches)))
      this.rows = this.rowsOf(stretches);
    this.rowsAreOld = false;
    return this.rows;
  }

  /** The last so many steps, one by one, as far as they are known so. */
  newestSteps(most: number): readonly StepLine[] {
    return this.recent.slice(-most);
  }

  /** The whole run with its newest steps one by one, for whoever looks at how it goes now. */
  history(): StepRows {
    const newest = new StepDigest(MOST_RECENT);
    for (const line of this.recent) newest.append(line);
    if (newest.length === 0) return this.rowsOf([whole(this.overview)]);
    const end = this.overview.heads('last').findIndex((last) => last >= newest.head(0, 'first'));
    const before = end < 0 ? this.overview.length : end;
    return this.rowsOf([{ digest: this.overview, start: 0, end: before }, whole(newest)]);
  }

  /**
   * The steps of a part of the x axis, where the host knows more of them than the overview has; null where it does not, or
   * has told already.
   */
  missingDetail(axis: XAxis, range: Range): StepRange | null {
    const { overview, detail } = this;
    if (overview.width === 1) return null;
    const edges = axis === 'step' ? overview.heads('last') : this.elapsedOf(overview.heads('lastTime'));
    const [start, end] = [lowerBound(edges, range.min), lowerBound(edges, range.max)];
    if (start >= edges.length || end - start > ENOUGH_ROWS) return null;
    // A bucket more at each end, so that lines leave the picture.
    const from = overview.head(Math.max(0, start - 1), 'first');
    const to = end + 1 < edges.length ? overview.head(end + 1, 'last') : Number.MAX_SAFE_INTEGER;
    const covered = detail !== null && detail.from <= from && detail.to >= to;
    // Of a stretch that was much longer, less was told of each part.
    const fine = detail?.digest?.width === 1 || (detail !== null && detail.rows <= 4 * (end - start + 3));
    return covered && fine ? null : { from, to, rows: end - start + 3 };
  }

  /** Takes what the host knows of these steps. */
  setDetail(range: StepRange, buckets: StepBuckets): void {
    const digest = decodeBuckets(buckets, MOST_ROWS);
    const finer = digest.length > 0 && digest.width < this.overview.width;
    this.detail = { ...range, digest: finer ? digest : null };
    this.rows = null;
  }

  /** From the first to the last row of all tables. */
  extent(axis: XAxis): Range {
    const edges = [this.steps, this.validations].flatMap((table) => {
      const x = axis === 'step' ? table.steps : table.elapsed;
      return x.length === 0 ? [] : [x[0]!, x[x.length - 1]!];
    });
    if (edges.length === 0) return { min: 0, max: 1 };
    const range = { min: Math.min(...edges), max: Math.max(...edges) };
    return range.min === range.max ? { min: range.min, max: range.min + 1 } : range;
  }

  /** What charts mark on their x axis. */
  marks(): Mark[] {
    const key = `${this.events.length} ${this.steps.length}`;
    if (key !== this.knownMarks.key) this.knownMarks = { key, marks: this.makeMarks() };
    return this.knownMarks.marks;
  }

  private makeMarks(): Mark[] {
    const kinds: Partial<Record<EventLine['event'], Mark['kind']>> = {
      stage: 'stage',
      resumed: 'resumed',
      checkpoint: 'checkpoint',
      warning: 'warning',
    };
    const marks = this.events.flatMap((event): Mark[] => {
      const kind = kinds[event.event];
      return kind ? [{ kind, step: event.step, elapsed: this.elapsed(event.time), text: event.message }] : [];
    });
    return [...marks, ...learningRateMarks(this.steps, this.events, this.configuration)];
  }

  latestValidation(extent?: ValidationLine['extent']): ValidationLine | undefined {
    return this.validationLines.findLast((line) => extent === undefined || line.extent === extent);
  }

  private elapsed(time: number): number {
    return (time - (this.firstTime ?? time)) / 1000;
  }

  private elapsedOf(times: readonly number[]): number[] {
    return times.map((time) => this.elapsed(time));
  }

  private rowsOf(stretches: readonly Stretch[]): StepRows {
    return new StepRows(stretches, this.firstTime ?? 0, this.configuration.lossWeights);
  }

  private stretches(): Stretch[] {
    const { overview } = this;
    const digest = this.detail?.digest;
    if (!digest) return [whole(overview)];
    const [first, last] = [digest.head(0, 'first'), digest.head(digest.length - 1, 'last')];
    const before = overview.heads('last').findIndex((step) => step >= first);
    const after = overview.heads('first').findIndex((step) => step > last);
    return [
      { digest: overview, start: 0, end: before < 0 ? overview.length : before },
      whole(digest),
      { digest: overview, start: after < 0 ? overview.length : after, end: overview.length },
    ].filter(({ start, end }) => end > start);
  }

  private appendStep(line: StepLine): void {
    const last = this.overview.length === 0 ? 0 : this.overview.head(this.overview.length - 1, 'last');
    if (line.step <= last) this.forgetFrom(line.step);
    this.overview.append(line);
    this.recent.push(line);
    if (this.recent.length > 2 * MOST_RECENT) this.recent = this.recent.slice(-MOST_RECENT);
    if (this.detail && line.step <= this.detail.to) this.detail.digest?.append(line);
  }

  /** A resumed run goes on from its checkpoint: what came after it is done again. */
  private forgetFrom(step: number): void {
    this.detail = null;
    this.recent = this.recent.filter((line) => line.step < step);
    this.validations.truncateFrom(step);
    while ((this.validationLines.at(-1)?.step ?? -1) >= step) this.validationLines.pop();
  }

  private appendValidation(line: ValidationLine): void {
    const same = this.validationLines.findIndex(
      (other) => other.step === line.step && other.extent === line.extent,
    );
    if (same !== -1) this.validationLines.splice(same, 1);
    this.validationLines.push(line);
    const { model, bicubic } = line;
    this.validations.append(
      line.step,
      this.elapsed(line.time),
      line.extent === 'crop'
        ? { psnr: model.psnr, ssim: model.ssim }
        : {
            psnrWhole: model.psnr,
            ssimWhole: model.ssim,
            bicubicPsnrWhole: bicubic.psnr,
            bicubicSsimWhole: bicubic.ssim,
          },
    );
  }
}

function whole(digest: StepDigest): Stretch {
  return { digest, start: 0, end: digest.length };
}
