/** Tables of text: RFC 4180 with quotes, and its relatives with semicolons or tabs. */
import { LabError } from '../../../folders/lab-error';

/** Rows of cells; blank lines are left out. Throws a `LabError` for a quote that is never closed. */
export function parseCsv(text: string, file: string): string[][] {
  const source = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(source.slice(0, Math.max(0, source.search(/[\r\n]|$/))));
  const rows: string[][] = [];
  let [row, cell, quoted, closed]: [string[], string, boolean, boolean] = [[], '', false, false];
  const endCell = (): void => {
    row.push(closed ? cell : cell.trim());
    [cell, closed] = ['', false];
  };
  const endRow = (): void => {
    endCell();
    if (row.some((each) => each !== '')) rows.push(row);
    row = [];
  };
  for (let i = 0; i < source.length; i++) {
    const character = source[i]!;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (source[i + 1] === '"') cell += source[++i]!;
      else [quoted, closed] = [false, true];
    } else if (character === '"' && cell.trim() === '') [cell, quoted] = ['', true];
    else if (character === separator) endCell();
    else if (character === '\n') endRow();
    else if (character !== '\r' && !closed) cell += character;
  }
  if (quoted) {
    throw new LabError(`${file}: a quotation mark that opens a cell is never closed. Correct the table.`);
  }
  if (cell !== '' || row.length > 0) endRow();
  return rows;
}

/** What separates the cells of the first line most often. */
function separatorOf(line: string): string {
  const count = (separator: string): number => line.split(separator).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}
