/** What the table shows: the runs that the filter finds, in their order, in the columns that were chosen. Pure. */
import { csvTable, markdownTable } from '../../protocol/text-table';
import type { SortOrder } from '../kit/sort-order';
import type { Column, TableRun } from './column';
import { sorted, tableOf } from './columns';
import type { ComparedRun } from './compared-run';
import { filterOf } from './filter';

export interface ViewState {
  filter: string;
  onlyStarred: boolean;
  sort: SortOrder | null;
  /** Columns that a person has shown or put away, by id. */
  columns: Record<string, boolean>;
}

export interface View {
  /** All columns that there are. */
  readonly columns: readonly Column[];
  /** Those that are shown. */
  readonly shown: readonly Column[];
  /** All runs that have been read. */
  readonly all: readonly TableRun[];
  /** Those that are found, in order. */
  readonly rows: readonly TableRun[];
  /** Runs that have not been read, or cannot be. */
  readonly unread: readonly ComparedRun[];
  /** Names in the filter that no column has. */
  readonly unknown: readonly string[];
}

export function viewOf(
  runs: readonly ComparedRun[],
  starred: ReadonlySet<string>,
  { filter, onlyStarred, sort, columns: chosen }: ViewState,
): View {
  const { rows: all, columns } = tableOf(runs, starred);
  const { accepts, unknown } = filterOf(filter, columns);
  const found = all.filter((row) => accepts(row) && (!onlyStarred || row.starred));
  return {
    columns,
    shown: columns.filter((column) => isShown(column, chosen)),
    all,
    rows: sorted(found, columns, sort),
    unread: runs.filter(({ content }) => content === null),
    unknown,
  };
}

export function isShown({ id, shownAtFirst }: Column, chosen: ViewState['columns']): boolean {
  return chosen[id] ?? shownAtFirst;
}

/** What is shown, for a spreadsheet: exact numbers, whole names of settings. */
export function viewAsCsv({ rows, shown }: Pick<View, 'rows' | 'shown'>): string {
  const header = ['run', ...shown.map(({ id, title }) => (id.startsWith('setting:') ? id.slice(8) : title))];
  const body = rows.map((row) => [row.run.name, ...shown.map(({ value }) => String(value(row) ?? ''))]);
  return `${csvTable([header, ...body])}\n`;
}

/** What is shown, as it is shown. */
export function viewAsMarkdown({ rows, shown }: Pick<View, 'rows' | 'shown'>): string {
  const header = ['Run', ...shown.map(({ title }) => title)];
  const body = rows.map((row) => [row.run.name, ...shown.map(({ text }) => text(row))]);
  return `${markdownTable([header, ...body])}\n`;
}
