/** What a row and a column of the table of runs are. */
import type { RunScores } from '../../protocol/run-scores';
import type { ReadRun } from './compared-run';

/** A run with what the table says of it. */
export interface TableRun {
  readonly run: ReadRun;
  readonly scores: RunScores;
  /** Of the settings that differ, those that it has. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly starred: boolean;
}

export type CellValue = number | string | null;

export interface Column {
  readonly id: string;
  readonly title: string;
  /** Said when the pointer rests on the title. */
  readonly hint: string;
  readonly shownAtFirst: boolean;
  /** Which end of the column is the better one, where one is. */
  readonly better?: 'high' | 'low';
  /** What is sorted and filtered by, and written into a CSV file: exact. Null where there is none. */
  readonly value: (row: TableRun) => CellValue;
  /** What is shown. */
  readonly text: (row: TableRun) => string;
}
