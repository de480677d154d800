/**
 * What is worth knowing of a run's record without reading all of it: its steps in at most 8192 buckets, and every
 * validation and event. It follows `metrics.jsonl` line by line, can be cut back with it, and is kept in a file beside it
 * (digest-file.ts), which can always be made again.
 */
import type { EventLine, MetricsLine, ValidationLine } from '../../protocol/metrics';
import { StepDigest } from '../../protocol/record/step-digest';
import type { RawLine } from './raw-lines';

/** A line that is kept as it is. */
export interface KeptLine {
  readonly offset: number;
  readonly text: string;
  readonly line: ValidationLine | EventLine;
}

export class RunDigest {
  /** When the first line was written, in milliseconds since 1970; null before it. */
  firstTime: number | null = null;

  constructor(
    public steps = new StepDigest(),
    /** In the order of the file. */
    readonly kept: KeptLine[] = [],
    /** Length of the part of `metrics.jsonl` that is in here; a line begins there. */
    public bytes = 0,
  ) {}

  /** Takes the next line of the file; undefined for one that could not be understood. */
  add({ text, start, end }: RawLine, line: MetricsLine | undefined): void {
    this.bytes = end;
    if (line === undefined) return;
    this.firstTime ??= line.time;
    if (line.kind === 'step') this.steps.append(line, start);
    else this.kept.push({ offset: start, text, line });
  }

  /**
   * Forgets everything from `step` on, and what is in a bucket with it; the lines from `bytes` on are then to be added
   * again, as far as they still hold. Steps only grow along the file.
   */
  cutBefore(step: number): void {
    const { steps, kept } = this;
    while (steps.length > 0 && steps.head(steps.length - 1, 'last') >= step) {
      steps.length -= 1;
      this.bytes = steps.head(steps.length, 'offset');
    }
    const later = kept.findIndex((each) => each.line.step >= step || each.offset >= this.bytes);
    if (later >= 0) this.bytes = Math.min(this.bytes, kept.splice(later)[0]!.offset);
    if (this.bytes === 0) this.firstTime = null;
  }

  get validations(): ValidationLine[] {
    return this.kept.flatMap(({ line }) => (line.kind === 'validation' ? [line] : []));
  }

  get events(): EventLine[] {
    return this.kept.flatMap(({ line }) => (line.kind === 'event' ? [line] : []));
  }
}
