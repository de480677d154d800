/**
 * An evaluation of checkpoints as charts: one for each score, with bicubic as a line and the best checkpoint as a point; and
 * which of several evaluations is shown. Pure.
 */
import { missingSteps, type CheckpointCurve } from '../../protocol/checkpoint-curve';
import { bestOf } from '../../protocol/checkpoint-table';
import { columnsOf, type ScoreColumn } from '../../protocol/score-columns';
import type { Baseline, Curve } from '../chart/curve';
import { Table } from '../chart/table';
import { count, decibels, fixed } from '../kit/format';

export interface CheckpointChart {
  readonly id: string;
  readonly title: string;
  readonly table: Table;
  readonly curves: readonly Curve[];
  readonly baselines: readonly Baseline[];
  readonly note: string;
}

/** Charts of what was measured of the checkpoints that are done. */
export function checkpointCharts(evaluation: CheckpointCurve): CheckpointChart[] {
  const { bicubic, checkpoints } = evaluation;
  const columns = columnsOf([bicubic, ...checkpoints.map(({ mean }) => mean)]);
  return columns.map((column) => chartOf(evaluation, column));
}

function chartOf({ name, bicubic, checkpoints }: CheckpointCurve, column: ScoreColumn): CheckpointChart {
  const { key, title, id, better } = column;
  const format = (value: number): string => (key === 'psnr' ? decibels(value) : fixed(value, 4));
  const table = new Table(['value', 'best']);
  const best = bestOf(checkpoints, column);
  for (const checkpoint of checkpoints) {
    const value = checkpoint.mean[key] ?? null;
    table.append(checkpoint.step, 0, { value, ...(checkpoint === best && { best: value }) });
  }
  const baseline = bicubic[key] ?? null;
  return {
    id: `${name}-${id}`,
    title,
    table,
    curves: [
      { id: 'value', label: title, colour: 'sr', sparse: true, format },
      {
        id: 'best',
        label: best === undefined ? 'best' : `best, step ${count(best.step)}`,
        colour: 'hr',
        line: 'points',
        format,
      },
    ],
    baselines:
      baseline === null ? [] : [{ label: `bicubic ${format(baseline)}`, value: baseline, colour: 'lr' }],
    note: `${better === 'higher' ? 'Higher' : 'Lower'} is better.`,
  };
}

/** What was evaluated and how far that is, in a sentence. */
export function evaluationWords(evaluation: CheckpointCurve): string {
  const { on, measured, task, checkpoints, steps } = evaluation;
  const missing = missingSteps(evaluation).length;
  const how = missing > 0 ? `${count(checkpoints.length)} of ${count(steps.length)} checkpoints so far` : '';
  const niqe = task.niqe === undefined ? '' : ` NIQE compares with the HR images of ${task.niqe}.`;
  const vgg = task.vgg === undefined ? '' : ` ${task.vgg.name}: no figure of LPIPS.`;
  return `Means over ${on}: ${measured}.${niqe}${vgg}${how && ` ${how}.`}`;
}

/** The evaluation that a person chose, and which was the newest then. */
export interface EvaluationChoice {
  readonly name: string;
  readonly newest: string;
}

/** Of evaluations, the oldest first: the newest, or what was chosen since it is there. */
export function shownEvaluation(
  evaluations: readonly CheckpointCurve[],
  choice: EvaluationChoice | null,
): CheckpointCurve | undefined {
  const newest = evaluations.at(-1);
  if (choice === null || choice.newest !== newest?.name) return newest;
  return evaluations.find(({ name }) => name === choice.name) ?? newest;
}
