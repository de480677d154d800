/** Runs over each other: for each quantity a table of all of them over one axis, and a curve a run in the run's colour. Pure. */
import type { Baseline, Curve, Mark, XAxis } from '../chart/curve';
import type { Range } from '../chart/downsample';
import { Table } from '../chart/table';
import { adversarialStart } from '../run/words';
import type { ReadRun } from './compared-run';
import type { Quantity } from './quantities';
import { lookOf, slotId } from './slots';

/** One curve over an x axis of its own; x ascends, NaN is a gap. */
export interface Series {
  readonly id: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** What one run has of a quantity. */
export function seriesOf(run: ReadRun, quantity: Quantity, axis: XAxis): Series {
  const id = slotId(run.slot);
  if (quantity.source === 'steps') {
    const { curves } = run.content;
    const y = curves.columns[quantity.column].map((value) => value ?? Number.NaN);
    return { id, x: axis === 'step' ? curves.steps : curves.elapsed, y };
  }
  const lines = run.content.validations.filter(({ extent }) => extent === 'crop');
  const started = run.content.started ?? 0;
  return {
    id,
    x: lines.map(({ step, time }) => (axis === 'step' ? step : (time - started) / 1000)),
    y: lines.map((line) => quantity.of(line) ?? Number.NaN),
  };
}

/** All series over one axis: a row for each x that any of them has, with gaps where the others have none. */
export function unionTable(series: readonly Series[]): Table {
  const table = new Table(series.map(({ id }) => id));
  const next = series.map(() => 0);
  for (;;) {
    const x = Math.min(...series.map((each, index) => each.x[next[index]!] ?? Infinity));
    if (x === Infinity) return table;
    const row: Record<string, number> = {};
    series.forEach((each, index) => {
      // A series may have two values at one x (two validations within a second): the later one counts.
      while (each.x[next[index]!] === x) {
        row[each.id] = each.y[next[index]!]!;
        next[index]! += 1;
      }
    });
    table.append(x, x, row);
  }
}

/** The curves of a quantity, a run each, in the colours of the runs. */
export function curvesOf(runs: readonly ReadRun[], quantity: Quantity): Curve[] {
  return runs.map(({ slot, name }) => {
    const { colour, line } = lookOf(slot);
    const stepped = quantity.source === 'steps' && quantity.line === 'steps';
    return {
      id: slotId(slot),
      label: name,
      colour,
      line: stepped ? 'steps' : line,
      bridged: true,
      ...(quantity.source === 'validations' ? { sparse: true } : {}),
      format: quantity.format,
    };
  });
}

/** From the first to the last point of all runs. */
export function extentOf(runs: readonly ReadRun[], axis: XAxis): Range {
  const edges = runs.flatMap(({ content: { curves, validations, started } }) => {
    const x = axis === 'step' ? curves.steps : curves.elapsed;
    const checked = validations.map(({ step, time }) =>
      axis === 'step' ? step : (time - (started ?? 0)) / 1000,
    );
    return [x[0], x.at(-1), checked[0], checked.at(-1)].filter((edge) => edge !== undefined);
  });
  if (edges.length === 0) return { min: 0, max: 1 };
  const range = { min: Math.min(...edges), max: Math.max(...edges) };
  return range.min === range.max ? { min: range.min, max: range.min + 1 } : range;
}

/** What bicubic gets on the crops, where it is the same for all runs; a line each would say nothing. */
export function baselinesOf(runs: readonly ReadRun[], quantity: Quantity): Baseline[] {
  if (quantity.id === 'real-mean' || quantity.id === 'fake-mean')
    return [{ label: '', value: 0.5, colour: 'grid' }];
  if (quantity.source !== 'validations') return [];
  const values = runs.flatMap(({ content }) => {
    const line = content.validations.findLast(({ extent }) => extent === 'crop');
    return (line && quantity.bicubic(line)) ?? [];
  });
  const [value] = values;
  const labels = new Set(values.map(quantity.format));
  return value === undefined || labels.size > 1
    ? []
    : [{ label: `bicubic ${quantity.format(value)}`, value, colour: 'lr' }];
}

/** Where adversarial stages begin; on an axis of steps, runs that begin theirs at the same one share a mark. */
export function marksOf(runs: readonly ReadRun[], axis: XAxis): Mark[] {
  const starts = new Map<number, { names: string[]; step: number; elapsed: number }>();
  for (const { name, content } of runs) {
    const step = adversarialStart(content.configuration.stages);
    const { steps, elapsed } = content.curves;
    if (step === null || (steps.at(-1) ?? 0) < step) continue;
    const at = elapsed[steps.findIndex((each) => each >= step)]!;
    const place = axis === 'step' ? step : at;
    const known = starts.get(place);
    if (known) known.names.push(name);
    else starts.set(place, { names: [name], step, elapsed: at });
  }
  return [...starts.values()].map(({ names, step, elapsed }) => ({
    kind: 'stage',
    step,
    elapsed,
    text: `Adversarial stage of ${names.length > 4 ? `${names.length} runs` : names.join(', ')}`,
  }));
}

/** How many steps a point of the longest run is the mean of; 1 if every step is shown. */
export function stepsPerPoint(runs: readonly ReadRun[]): number {
  return Math.max(1, ...runs.map(({ content }) => content.curves.stepsPerPoint));
}
