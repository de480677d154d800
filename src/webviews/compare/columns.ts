/** The columns of the table: every setting that differs, then where each run stands and how it scored. Pure. */
import type { SortOrder } from '../kit/sort-order';
import { rankOf, scoresOf } from '../../protocol/run-scores';
import { differingSettings, settingText } from '../../protocol/setting-differences';
import { folderName, isRead, type ComparedRun } from './compared-run';
import type { Column, TableRun } from './column';
import { standingColumns } from './standing-columns';

/** The runs that have been read as rows, and the columns that fit them. */
export function tableOf(
  runs: readonly ComparedRun[],
  starred: ReadonlySet<string>,
): { rows: TableRun[]; columns: Column[] } {
  const read = runs.filter(isRead);
  const { settings, values } = differingSettings(read.map(({ content }) => content.configuration));
  const rows = read.map((run, index) => ({
    run,
    scores: scoresOf(run.content.validations),
    settings: values[index]!,
    starred: starred.has(run.folder),
  }));
  const names = shortPaths(settings);
  const fitting = standingColumns.filter(
    (column) => column.id !== 'niqe' || rows.some((row) => column.value(row) !== null),
  );
  return { rows, columns: [...settings.map((path, index) => setting(path, names[index]!)), ...fitting] };
}

/** The row of the best run, by PSNR on whole images or, before there is one, on crops. */
export function bestOf(rows: readonly TableRun[]): TableRun | null {
  const best = rows.reduce<TableRun | null>(
    (before, row) => (before !== null && rankOf(before.scores) >= rankOf(row.scores) ? before : row),
    null,
  );
  return best !== null && rankOf(best.scores) > -Infinity ? best : null;
}

function setting(path: string, title: string): Column {
  return {
    id: `setting:${path}`,
    title,
    hint: `${path} in run.srgan.json`,
    shownAtFirst: true,
    value: ({ settings }) => {
      const value = settings[path];
      if (value === undefined) return null;
      return typeof value === 'number' ? value : settingText(value);
    },
    text: ({ settings }) =>
      path === 'dataset' ? folderName(settingText(settings[path])) : settingText(settings[path]) || '–',
  };
}

/** Ends of dotted paths that tell them apart and say what they are: two names at least, and never a number first. */
export function shortPaths(paths: readonly string[]): string[] {
  return paths.map((path) => {
    const parts = path.split('.');
    for (let length = 2; length < parts.length; length += 1) {
      const tail = (other: string) => other.split('.').slice(-length).join('.');
      const told = paths.every((other) => other === path || tail(other) !== tail(path));
      if (told && !/^\d/.test(tail(path))) return tail(path);
    }
    return path;
  });
}

/** Of each column that has a better end, the best value among the rows; only where they differ. */
export function bestValues(rows: readonly TableRun[], columns: readonly Column[]): Map<string, number> {
  const best = new Map<string, number>();
  for (const { id, better, value } of columns) {
    const values = rows.map(value).filter((each) => typeof each === 'number');
    if (better === undefined || new Set(values).size < 2) continue;
    best.set(id, better === 'high' ? Math.max(...values) : Math.min(...values));
  }
  return best;
}

/** Sorted by a column, `name` or `star`; rows without a value come last either way, equal ones keep their order. */
export function sorted(
  rows: readonly TableRun[],
  columns: readonly Column[],
  order: SortOrder | null,
): TableRun[] {
  const value = order === null ? undefined : valueOf(order.column, columns);
  if (order === null || value === undefined) return [...rows];
  const sign = order.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * compare(left, right);
  });
}

function valueOf(id: string, columns: readonly Column[]): Column['value'] | undefined {
  if (id === 'name') return ({ run }) => run.name;
  if (id === 'star') return ({ starred }) => Number(starred);
  return columns.find((column) => column.id === id)?.value;
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}
