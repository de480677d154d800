/** The record of a run for whoever draws or compares it: bounded columns of its steps, every validation, every event. */
import type { EventLine, ValidationLine } from '../../protocol/metrics';
import { stepColumnNames, type StepColumn } from '../../protocol/record/step-columns';
import type { StepDigest } from '../../protocol/record/step-digest';
import { RecordReader } from './record-reader';
import type { RunDigest } from './run-digest';

/** Rows are steps, or as many steps in a row as keep their number in bounds. NaN is a gap. */
export interface RecordColumns {
  /** The last step of each row, ascending. */
  steps: number[];
  /** Seconds from the first line of the record to it. */
  elapsed: number[];
  columns: Record<StepColumn, { mean: number[]; min: number[]; max: number[] }>;
}

export interface RunRecordReading {
  steps: RecordColumns;
  validations: ValidationLine[];
  events: EventLine[];
  /** Time of the first line in milliseconds since 1970; null where there is none. `elapsed` counts from it. */
  firstTime: number | null;
}

/** More than a chart of usual size has pixels. */
const MOST_ROWS = 2048;

/**
 * Reads a record of any length, in milliseconds where its digest is kept. Read again, it costs what reading the digest
 * does; `RecordReader` reads only what is new.
 */
export async function readRunRecord(folder: string, mostRows = MOST_ROWS): Promise<RunRecordReading> {
  return recordOf(await new RecordReader(folder).readWhole(), mostRows);
}

/** A digest as plain columns. */
export function recordOf(digest: RunDigest, mostRows = MOST_ROWS): RunRecordReading {
  const { steps, validations, events, firstTime } = digest;
  const rows = steps.part(-Infinity, Infinity, mostRows);
  return { steps: columnsOf(rows, firstTime ?? 0), validations, events, firstTime };
}

/** @param firstTime that `elapsed` counts from, in milliseconds since 1970 */
export function columnsOf(rows: StepDigest, firstTime: number): RecordColumns {
  const columns = stepColumnNames.map((name) => [
    name,
    { mean: rows.column(name, 'mean'), min: rows.column(name, 'min'), max: rows.column(name, 'max') },
  ]);
  return {
    steps: rows.heads('last'),
    elapsed: rows.heads('lastTime').map((time) => (time - firstTime) / 1000),
    columns: Object.fromEntries(columns) as RecordColumns['columns'],
  };
}
