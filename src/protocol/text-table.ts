/** A table of texts, the header first, as Markdown, CSV or aligned columns: the same from the terminal and from a page. */

export const tableFormats = ['text', 'markdown', 'csv'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** Comma-separated values, quoted where they must be (RFC 4180). */
export function csvTable(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(csvField).join(',')).join('\n');
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table of GitHub's Markdown, with its columns aligned in the source, too. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) =>
    row.map((text) => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')),
  );
  const widths = widthsOf(escaped);
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`;
  const [header, ...body] = escaped;
  return [line(header!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** Columns with two spaces between them, for a terminal. */
export function alignedTable(rows: readonly (readonly string[])[]): string {
  const widths = widthsOf(rows);
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
}
