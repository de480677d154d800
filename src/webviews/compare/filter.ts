/**
 * What is typed to find runs: words that must all occur, `-word` for ones that must not, and conditions on a column such as
 * `seed=1`, `psnr>28.5` or `adversarial!=0`. Pure.
 */
import type { Column, TableRun } from './column';

const operators = ['>=', '<=', '!=', '=', '>', '<'] as const;
type Operator = (typeof operators)[number];

export type Term =
  | { kind: 'word'; word: string; wanted: boolean }
  | { kind: 'condition'; key: string; operator: Operator; value: string };

export interface Filter {
  readonly accepts: (row: TableRun) => boolean;
  /** Names in conditions that no column has; no run fits these. */
  readonly unknown: readonly string[];
}

/** Terms are separated by blanks; quotation marks keep blanks together. */
export function parseTerms(query: string): Term[] {
  const texts = query.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
  return texts.flatMap((quoted): Term[] => {
    const text = quoted.replaceAll('"', '').toLowerCase();
    const condition = /^([\p{L}\p{N}_.,:]+?)(>=|<=|!=|=|>|<)(.*)$/u.exec(text);
    if (condition !== null) {
      const [, key = '', operator = '', value = ''] = condition;
      const known = operators.find((each) => each === operator);
      if (known !== undefined) return [{ kind: 'condition', key, operator: known, value }];
    }
    const wanted = !text.startsWith('-') || text === '-';
    const word = wanted ? text : text.slice(1);
    return word === '' ? [] : [{ kind: 'word', word, wanted }];
  });
}

/** @param columns those that conditions may name, by title, path or the end of a path; words are looked for in all of them */
export function filterOf(query: string, columns: readonly Column[]): Filter {
  const unknown: string[] = [];
  const tests = parseTerms(query).map((term): ((row: TableRun) => boolean) => {
    if (term.kind === 'word') return ({ ...row }) => textOf(row, columns).includes(term.word) === term.wanted;
    const column = columnNamed(term.key, columns);
    if (column === undefined) {
      unknown.push(term.key);
      return () => false;
    }
    return (row) => holds(row, column, term.operator, term.value);
  });
  return { accepts: (row) => tests.every((test) => test(row)), unknown };
}

function textOf(row: TableRun, columns: readonly Column[]): string {
  return [row.run.name, ...columns.map((column) => column.text(row))].join('\n').toLowerCase();
}

function columnNamed(key: string, columns: readonly Column[]): Column | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s,]/g, '');
  const path = ({ id }: Column) => id.replace('setting:', '').toLowerCase();
  const wanted = plain(key);
  return (
    columns.find((column) => plain(column.title) === wanted || path(column) === key) ??
    columns.find((column) => path(column).endsWith(`.${key}`)) ??
    columns.find((column) => plain(column.title).startsWith(wanted))
  );
}

function holds(row: TableRun, column: Column, operator: Operator, wanted: string): boolean {
  const value = column.value(row);
  if (value === null) return operator === '!=';
  const number = Number(wanted);
  const numeric = typeof value === 'number' && wanted !== '' && !Number.isNaN(number);
  switch (operator) {
    case '=':
      return numeric ? value === number : textMatches(row, column, wanted);
    case '!=':
      return numeric ? value !== number : !textMatches(row, column, wanted);
    case '>':
      return numeric && value > number;
    case '<':
      return numeric && value < number;
    case '>=':
      return numeric && value >= number;
    case '<=':
      return numeric && value <= number;
  }
}

/** A number is found as it is shown, too: 28.43 for what is 28.4312 in full. */
function textMatches(row: TableRun, column: Column, wanted: string): boolean {
  return [String(column.value(row)), column.text(row)].some((text) => text.toLowerCase().includes(wanted));
}
