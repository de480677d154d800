/** The figures as a table: whatever the lab has measured, a column each, with its text, its order and its best. Pure. */
import type { Figure, Measurement } from '../../protocol/compare-images';
import { sizeWords } from '../../protocol/picture-alignment';
import { csvTable, markdownTable } from '../../protocol/text-table';
import { fixed } from '../kit/format';
import type { SortOrder } from '../kit/sort-order';
import type { Answer } from './answers';
import type { ComparedPicture } from './compared-picture';

export type FigureColumn = Pick<Figure, 'name' | 'unit' | 'digits' | 'best'>;

export interface FigureRow {
  readonly picture: ComparedPicture;
  readonly figures: Answer<Measurement> | undefined;
}

/** Columns of all figures that there are, in the order in which they came. */
export function columnsOf(rows: readonly FigureRow[]): FigureColumn[] {
  const columns = new Map<string, FigureColumn>();
  for (const { figures } of rows) {
    for (const figure of figures && 'ok' in figures ? figures.ok.figures : []) {
      const { name, unit, digits, best } = figure;
      if (!columns.has(name)) columns.set(name, { name, unit, digits, best });
    }
  }
  return [...columns.values()];
}

export function figureOf({ figures }: FigureRow, column: string): Figure | undefined {
  return figures && 'ok' in figures ? figures.ok.figures.find(({ name }) => name === column) : undefined;
}

/** As a number that orders; null where there is none. */
export function valueOf(row: FigureRow, column: string): number | null {
  const value = figureOf(row, column)?.value ?? null;
  return value === 'infinite' ? Infinity : value;
}

/** `28.43`, `equal`; empty where there is none. */
export function figureText(figure: Figure | undefined): string {
  if (figure === undefined || figure.value === null) return '';
  return figure.value === 'infinite' ? 'equal' : fixed(figure.value, figure.digits);
}

/** The best value of a column, where there are several to choose from. */
export function bestOf(rows: readonly FigureRow[], { name, best }: FigureColumn): number | null {
  const values = rows.map((row) => valueOf(row, name)).filter((value) => value !== null);
  if (new Set(values).size < 2) return null;
  return best === 'highest' ? Math.max(...values) : Math.min(...values);
}

/** In the wished order; what has no value comes last, and equals stay as they were. */
export function sortRows(rows: readonly FigureRow[], sort: SortOrder | null): FigureRow[] {
  if (sort === null) return [...rows];
  const { column, descending } = sort;
  const sign = descending ? -1 : 1;
  if (column === 'name')
    return rows.toSorted(
      (a, b) => sign * a.picture.name.localeCompare(b.picture.name, 'en', { numeric: true }),
    );
  return rows.toSorted((a, b) => {
    const [x, y] = [valueOf(a, column), valueOf(b, column)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return x === y ? 0 : sign * (x < y ? -1 : 1);
  });
}

/** What was measured, under which protocol, said above a table. */
export function measuredWords(rows: readonly FigureRow[]): string | null {
  const found = rows.map(({ figures }) => figures).find((each) => each !== undefined && 'ok' in each);
  if (found === undefined || 'err' in found) return null;
  const { measured, border } = found.ok;
  return `${measured}; border of ${border} ${border === 1 ? 'pixel' : 'pixels'}`;
}

/** The table as Markdown, with the protocol and what was done about sizes around it. */
export function asMarkdown(rows: readonly FigureRow[], reference: ComparedPicture | undefined): string {
  const columns = columnsOf(rows);
  const header = [
    'Picture',
    'Size',
    ...columns.map(({ name, unit }) => (unit === '' ? name : `${name} (${unit})`)),
  ];
  const body = rows.map((row) => [
    row.picture.name,
    row.picture.size ? sizeWords(row.picture.size) : '',
    ...columns.map(({ name }) => figureText(figureOf(row, name))),
  ]);
  const words = measuredWords(rows);
  return [
    `Against ${reference?.name ?? ''}${words === null ? '' : `: ${words}`}.`,
    markdownTable([header, ...body]),
    ...rows.flatMap(({ picture: { sentence } }) => (sentence === null ? [] : [sentence])),
  ].join('\n\n');
}

/** The figures in full, nothing else. */
export function asCsv(rows: readonly FigureRow[], reference: ComparedPicture | undefined): string {
  const columns = columnsOf(rows);
  const header = [
    'picture',
    'reference',
    'width',
    'height',
    ...columns.map(({ name }) => name.toLowerCase()),
  ];
  const body = rows.map((row) => [
    row.picture.image.path,
    reference?.image.path ?? '',
    String(row.picture.size?.width ?? ''),
    String(row.picture.size?.height ?? ''),
    ...columns.map(({ name }) => {
      const value = figureOf(row, name)?.value ?? null;
      return value === null ? '' : value === 'infinite' ? 'inf' : String(value);
    }),
  ]);
  return csvTable([header, ...body]);
}
