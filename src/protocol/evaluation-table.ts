/** An evaluation as a table: a row an image, then the means, then what papers report; as text, Markdown or CSV. */
import type { Evaluation, EvaluationScores } from './evaluation';
import { alignedTable, csvTable, markdownTable, type TableFormat } from './text-table';

/** The table, with the protocol above it; CSV has figures in full and nothing else. */
export function evaluationTable(evaluation: Evaluation, format: TableFormat): string {
  if (format === 'csv') return csvTable(exactRows(evaluation));
  const table = format === 'markdown' ? markdownTable : alignedTable;
  const { measured, scale, border, lr, benchmark, published, problems } = evaluation;
  const parts = [
    `×${scale}, ${measured}; border of ${border} pixels. LR: ${lr}.`,
    table(roundedRows(evaluation)),
  ];
  if (published.length > 0) {
    const rows = published.map(({ method, psnr, ssim, source }) => [
      method,
      psnr.toFixed(2),
      ssim.toFixed(4),
      source,
    ]);
    parts.push(
      `Published for ${benchmark} under this protocol:`,
      table([['method', 'PSNR', 'SSIM', 'source'], ...rows]),
    );
  }
  if (problems.length > 0) {
    parts.push(['Not scored:', ...problems.map(({ file, problem }) => told(file, problem))].join('\n'));
  }
  return parts.join('\n\n');
}

/** Most messages name their file. */
function told(file: string, problem: string): string {
  return problem.includes(file) ? problem : `${file}: ${problem}`;
}

function roundedRows({ models, images }: Evaluation): string[][] {
  const hasScales = images.some(({ scores }) => scores.some(({ msSsim }) => msSsim !== null));
  const cells = (scores: EvaluationScores | null): string[] => {
    if (scores === null) return ['', '', ...(hasScales ? [''] : [])];
    const { psnr, ssim, msSsim } = scores;
    const decibels = psnr === null ? 'equal' : psnr.toFixed(4);
    return [decibels, ssim.toFixed(4), ...(hasScales ? [msSsim?.toFixed(4) ?? ''] : [])];
  };
  const columns = models.flatMap(({ name }) => [`${name}: PSNR`, 'SSIM', ...(hasScales ? ['MS-SSIM'] : [])]);
  return [
    ['image', ...columns],
    ...images.map(({ name, scores }) => [name, ...scores.flatMap(cells)]),
    [`mean of ${images.length}`, ...models.flatMap(({ mean }) => cells(mean))],
  ];
}

function exactRows({ models, images }: Evaluation): string[][] {
  const columns = models.flatMap(({ name }) => [`${name} psnr`, `${name} ssim`, `${name} ms-ssim`]);
  return [
    ['image', 'width', 'height', ...columns],
    ...images.map(({ name, width, height, scores }) => [
      name,
      String(width),
      String(height),
      ...scores.flatMap(({ psnr, ssim, msSsim }) => [
        psnr === null ? 'inf' : String(psnr),
        String(ssim),
        msSsim === null ? '' : String(msSsim),
      ]),
    ]),
  ];
}
