/** An evaluation as a table: a row an image, then the means, then what papers report; as text, Markdown or CSV. */
import type { Evaluation, EvaluationScores } from './evaluation';
import { columnsOf, exactScore, roundedScore } from './score-columns';
import { alignedTable, csvTable, markdownTable, type TableFormat } from './text-table';
import { vggDistanceNote } from './score-words';

/** The table, with the protocol above it; CSV has figures in full and nothing else. */
export function evaluationTable(evaluation: Evaluation, format: TableFormat): string {
  if (format === 'csv') return csvTable(exactRows(evaluation));
  const table = format === 'markdown' ? markdownTable : alignedTable;
  const { measured, scale, border, lr, vgg, benchmark, published, problems } = evaluation;
  const parts = [
    `×${scale}, ${measured}; border of ${border} pixels. LR: ${lr}.`,
    table(roundedRows(evaluation)),
  ];
  if (vgg !== undefined) parts.push(`${vgg.name}, on whole images. ${vggDistanceNote}`);
  if (benchmark !== null && published.length > 0) parts.push(...publishedTable(benchmark, published, table));
  if (problems.length > 0) {
    parts.push(['Not scored:', ...problems.map(({ file, problem }) => told(file, problem))].join('\n'));
  }
  return parts.join('\n\n');
}

/** What papers report of a benchmark under the protocol of a table, to be put below it. */
export function publishedTable(
  benchmark: string,
  published: Evaluation['published'],
  table: (rows: readonly (readonly string[])[]) => string,
): string[] {
  const rows = published.map(({ method, psnr, ssim, source }) => [
    method,
    psnr.toFixed(2),
    ssim.toFixed(4),
    source,
  ]);
  return [
    `Published for ${benchmark} under this protocol:`,
    table([['method', 'PSNR', 'SSIM', 'source'], ...rows]),
  ];
}

/** Most messages name their file. */
function told(file: string, problem: string): string {
  return problem.includes(file) ? problem : `${file}: ${problem}`;
}

function roundedRows({ models, images }: Evaluation): string[][] {
  const columns = columnsOf(images.flatMap(({ scores }) => scores));
  const cells = (scores: EvaluationScores | null): string[] =>
    columns.map((column) => (scores === null ? '' : roundedScore(scores, column)));
  const titles = models.flatMap(({ name }) =>
    columns.map(({ title }, index) => (index === 0 ? `${name}: ${title}` : title)),
  );
  return [
    ['image', ...titles],
    ...images.map(({ name, scores }) => [name, ...scores.flatMap(cells)]),
    [`mean of ${images.length}`, ...models.flatMap(({ mean }) => cells(mean))],
  ];
}

function exactRows({ models, images }: Evaluation): string[][] {
  const columns = columnsOf(images.flatMap(({ scores }) => scores));
  return [
    ['image', 'width', 'height', ...models.flatMap(({ name }) => columns.map(({ id }) => `${name} ${id}`))],
    ...images.map(({ name, width, height, scores }) => [
      name,
      String(width),
      String(height),
      ...scores.flatMap((score) => columns.map((column) => exactScore(score, column))),
    ]),
  ];
}
