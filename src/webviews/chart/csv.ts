/** The data behind a chart as CSV (RFC 4180), every row of it: what is drawn may be fewer. */

export interface CsvColumn {
  name: string;
  values: readonly number[];
}

/** A header line, then a line a row; a gap is an empty field. Columns are as long as the first. */
export function toCsv(columns: readonly CsvColumn[]): string {
  const rows = columns[0]?.values.length ?? 0;
  const lines = [columns.map((column) => field(column.name)).join(',')];
  for (let row = 0; row < rows; row += 1) {
    lines.push(
      columns
        .map(({ values }) => {
          const value = values[row];
          return value === undefined || Number.isNaN(value) ? '' : String(value);
        })
        .join(','),
    );
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** Quoted where it must be. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
