/** Scores of pictures as a table: a row an image, then the mean, then what papers report where the images are a benchmark. */
import type { MetricsResult } from './progress';
import { publishedTable } from './evaluation-table';
import { publishedScores, recogniseBenchmark } from './published-scores';
import { columnsOf, exactScore, roundedScore } from './score-columns';
import { alignedTable, csvTable, markdownTable, type TableFormat } from './text-table';
import { vggDistanceNote } from './score-words';

export interface MetricsTask {
  /** Name of the protocol. */
  readonly protocol: string;
  readonly scale: number | undefined;
}

/** The table, with the protocol above it; CSV has figures in full and nothing else. */
export function metricsTable(result: MetricsResult, task: MetricsTask, format: TableFormat): string {
  const { protocol, border, images, mean, vgg, unmatched } = result;
  const columns = columnsOf(images);
  if (format === 'csv') {
    const rows = images.map((image) => [image.name, ...columns.map((column) => exactScore(image, column))]);
    return csvTable([['image', ...columns.map(({ id }) => id)], ...rows]);
  }
  const table = format === 'markdown' ? markdownTable : alignedTable;
  const rows = images.length > 1 ? [...images, { name: `mean of ${images.length}`, ...mean }] : images;
  const parts = [
    `${protocol}, border of ${border} pixels`,
    table([
      ['image', ...columns.map(({ title }) => title)],
      ...rows.map((row) => [row.name, ...columns.map((column) => roundedScore(row, column))]),
    ]),
  ];
  if (vgg !== undefined) parts.push(`${vgg.name}, on whole images. ${vggDistanceNote}`);
  const benchmark = unmatched.length === 0 ? recogniseBenchmark(images.map(({ name }) => name)) : null;
  if (benchmark !== null && task.scale !== undefined) {
    const published = publishedScores(benchmark, task.protocol, task.scale);
    if (published.length > 0) parts.push(...publishedTable(benchmark, published, table));
  }
  if (unmatched.length > 0) parts.push(`Without a counterpart, so not counted: ${unmatched.join(', ')}`);
  return parts.join('\n\n');
}
