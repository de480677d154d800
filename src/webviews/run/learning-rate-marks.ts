/** Where the learning rate fell at once: by a drop of its schedule, or because somebody lowered it before a resume. Pure. */
import type { EventLine } from '../../protocol/metrics';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { Mark } from '../chart/curve';
import { lowerBound } from '../chart/table';
import { significant } from '../kit/format';
import type { StepRows } from './step-rows';

/** Of the rate before; a schedule that glides falls by less from one row to the next. */
const FALL = 0.95;

export function learningRateMarks(
  rows: StepRows,
  events: readonly EventLine[],
  { stages }: RunConfiguration,
): Mark[] {
  const last = rows.steps.at(-1) ?? 0;
  const marks: Mark[] = [];
  let start = 0;
  for (const { learningRate, steps } of stages) {
    if (learningRate.schedule === 'step') {
      learningRate.dropAt
        .toSorted((a, b) => a - b)
        .forEach((drop, index) => {
          const step = start + drop + 1;
          if (drop >= steps || step > last) return;
          const before = learningRate.initial * learningRate.factor ** index;
          marks.push(markAt(rows, step, before, before * learningRate.factor));
        });
    }
    start += steps;
  }
  const rates = rows.column('learningRate');
  for (const { event, step } of events) {
    const after = lowerBound(rows.steps, step + 1);
    const [before, now] = [rates[after - 1], rates[after]];
    if (event !== 'resumed' || before === undefined || now === undefined || now > FALL * before) continue;
    if (marks.every((mark) => Math.abs(mark.step - step) > rows.width))
      marks.push(markAt(rows, step, before, now));
  }
  return marks;
}

function markAt(rows: StepRows, step: number, before: number, after: number): Mark {
  const row = Math.min(lowerBound(rows.steps, step), rows.length - 1);
  const text = `Learning rate lowered from ${significant(before)} to ${significant(after)}.`;
  return { kind: 'rate', step, elapsed: rows.elapsed[row] ?? 0, text };
}
