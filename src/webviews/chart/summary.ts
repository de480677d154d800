/** A chart in a sentence or two, for those who hear it. */
import { count } from '../kit/format';
import { stepWords, type AxisWords, type Baseline, type Curve } from './curve';

interface SummarisedCurve extends Pick<Curve, 'label' | 'format'> {
  values: readonly number[];
}

/** Each curve's last, lowest and highest value; curves without one are told as such. */
export function summarise(
  title: string,
  steps: readonly number[],
  curves: readonly SummarisedCurve[],
  baselines: readonly Pick<Baseline, 'label' | 'value'>[] = [],
  axis: AxisWords = stepWords,
): string {
  if (steps.length === 0) return `${title}: no values yet.`;
  const range = `${axis.plural} ${count(steps[0]!)} to ${count(steps[steps.length - 1]!)}${axis.unit}`;
  const sentences = curves.map((curve) => describe(curve, steps, axis));
  const lines = baselines.map(
    ({ label, value }) => `Baseline ${label}: ${curves[0]?.format(value) ?? String(value)}.`,
  );
  return [`${title} over ${range}.`, ...sentences, ...lines].join(' ');
}

function describe(
  { label, values, format }: SummarisedCurve,
  steps: readonly number[],
  axis: AxisWords,
): string {
  let last = -1;
  let low = -1;
  let high = -1;
  values.forEach((value, row) => {
    if (!Number.isFinite(value)) return;
    last = row;
    if (low === -1 || value < values[low]!) low = row;
    if (high === -1 || value > values[high]!) high = row;
  });
  if (last === -1) return `${label}: no values yet.`;
  const at = (row: number) => `${format(values[row]!)} at ${axis.name} ${count(steps[row]!)}${axis.unit}`;
  return `${label}: last ${at(last)}, lowest ${at(low)}, highest ${at(high)}.`;
}
