/** An evaluation of checkpoints as a table: a row a checkpoint, bicubic first, the best of each column marked. */
import type { CheckpointEvaluation } from './checkpoint-evaluation';
import type { EvaluationScores } from './evaluation';
import { columnsOf, exactScore, roundedScore, type ScoreColumn } from './score-columns';
import { alignedTable, csvTable, markdownTable, type TableFormat } from './text-table';
import { vggDistanceNote } from './score-words';

/** The table, with the protocol above it; CSV has figures in full and nothing else. */
export function checkpointTable(evaluation: CheckpointEvaluation, format: TableFormat): string {
  const { task, measured, on, bicubic, checkpoints, problems } = evaluation;
  const columns = columnsOf([bicubic.mean, ...checkpoints.map(({ mean }) => mean)]);
  if (format === 'csv') {
    const exact = (mean: EvaluationScores): string[] => columns.map((column) => exactScore(mean, column));
    return csvTable([
      ['step', 'stage', ...columns.map(({ id }) => id)],
      ['', 'bicubic', ...exact(bicubic.mean)],
      ...checkpoints.map(({ step, stage, mean }) => [String(step), stage, ...exact(mean)]),
    ]);
  }
  const table = format === 'markdown' ? markdownTable : alignedTable;
  const best = columns.map((column) => bestOf(checkpoints, column)?.step);
  const rows = checkpoints.map(({ step, stage, mean }) => [
    String(step),
    stage,
    ...columns.map((column, index) => roundedScore(mean, column) + (best[index] === step ? ' *' : '')),
  ]);
  const parts = [
    `Means over ${on}: ×${task.scale}, ${measured}; border of ${task.border} pixels.`,
    table([
      ['step', 'stage', ...columns.map(({ title }) => title)],
      ['', 'bicubic', ...columns.map((column) => roundedScore(bicubic.mean, column))],
      ...rows,
    ]),
    '* the best of its column',
  ];
  if (task.niqe !== undefined)
    parts.push(`NIQE compares with the HR images of ${task.niqe}; lower is better.`);
  if (task.vgg !== undefined) parts.push(`${task.vgg.name}, on whole images. ${vggDistanceNote}`);
  if (problems.length > 0) {
    parts.push(['Left out:', ...problems.map(({ file, problem }) => told(file, problem))].join('\n'));
  }
  return parts.join('\n\n');
}

/** Which of them has the best mean in a column; the earlier of equal ones. A missing PSNR is infinite. */
export function bestOf<T extends { readonly mean: EvaluationScores }>(
  checkpoints: readonly T[],
  { key, better }: Pick<ScoreColumn, 'key' | 'better'>,
): T | undefined {
  const sign = better === 'higher' ? 1 : -1;
  const worth = ({ mean }: T): number => sign * (mean[key] ?? (key === 'psnr' ? Infinity : -Infinity * sign));
  return checkpoints.reduce<T | undefined>(
    (best, each) => (best === undefined || worth(each) > worth(best) ? each : best),
    undefined,
  );
}

/** Most messages name their file. */
function told(file: string, problem: string): string {
  return problem.includes(file) ? problem : `${file}: ${problem}`;
}
