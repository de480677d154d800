/** The quantities that runs are overlaid in, a chart each with a curve a run; data, not drawing. */
import type { ComparedColumn } from '../../protocol/compare-page';
import type { ValidationLine } from '../../protocol/metrics';
import type { Baseline, Curve, Mark, XAxis } from '../chart/curve';
import type { Range } from '../chart/downsample';
import { Table } from '../chart/table';
import { decibels, fixed, seconds, significant } from '../kit/format';
import { adversarialStart } from '../run/words';
import type { ReadRun } from './compared-run';
import { lookOf, slotId } from './slots';

interface QuantityBase {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly shownAtFirst: boolean;
  readonly format: (value: number) => string;
  readonly logarithmic?: boolean;
  readonly fromZero?: boolean;
  readonly yRange?: Range;
  readonly empty: string;
}

export type Quantity = QuantityBase &
  (
    | { readonly source: 'validations'; readonly of: (line: ValidationLine) => number | null }
    | { readonly source: 'steps'; readonly column: ComparedColumn; readonly line?: 'steps' }
  );

const validated = 'Comes with the first validation.';
const stepped = 'Comes with the first step.';
const adversarial = 'Comes with the adversarial stage.';
const share = (value: number): string => fixed(value, 3);

export const quantities: readonly Quantity[] = [
  {
    id: 'psnr',
    title: 'PSNR on validation crops',
    shownAtFirst: true,
    source: 'validations',
    of: ({ model }) => model.psnr,
    format: decibels,
    empty: validated,
  },
  {
    id: 'ssim',
    title: 'SSIM on validation crops',
    shownAtFirst: true,
    source: 'validations',
    of: ({ model }) => model.ssim,
    format: (value) => fixed(value, 4),
    empty: validated,
  },
  {
    id: 'gain',
    title: 'PSNR over bicubic',
    note: 'On validation crops, less bicubic’s PSNR on the same: compares runs of different images as far as that goes.',
    shownAtFirst: false,
    source: 'validations',
    of: ({ model, bicubic }) => model.psnr - bicubic.psnr,
    format: decibels,
    fromZero: true,
    empty: validated,
  },
  {
    id: 'total',
    title: 'Generator loss, sum',
    note: 'Each weighted by its own run’s weights; compare the terms where these differ.',
    shownAtFirst: true,
    source: 'steps',
    column: 'total',
    format: significant,
    logarithmic: true,
    empty: stepped,
  },
  {
    id: 'pixel',
    title: 'Generator loss, pixel',
    note: 'Mean squared error, before weighting.',
    shownAtFirst: true,
    source: 'steps',
    column: 'pixel',
    format: significant,
    logarithmic: true,
    empty: stepped,
  },
  {
    id: 'content',
    title: 'Generator loss, content',
    note: 'Distance of feature maps, before weighting; only comparable for the same content network.',
    shownAtFirst: false,
    source: 'steps',
    column: 'content',
    format: significant,
    logarithmic: true,
    empty: adversarial,
  },
  {
    id: 'adversarial',
    title: 'Generator loss, adversarial',
    note: 'Before weighting.',
    shownAtFirst: false,
    source: 'steps',
    column: 'adversarial',
    format: significant,
    logarithmic: true,
    empty: adversarial,
  },
  {
    id: 'discriminator-real',
    title: 'Discriminator loss on HR (real)',
    shownAtFirst: false,
    source: 'steps',
    column: 'discriminatorReal',
    format: significant,
    logarithmic: true,
    empty: adversarial,
  },
  {
    id: 'discriminator-fake',
    title: 'Discriminator loss on SR (fake)',
    shownAtFirst: false,
    source: 'steps',
    column: 'discriminatorFake',
    format: significant,
    logarithmic: true,
    empty: adversarial,
  },
  {
    id: 'real-mean',
    title: 'D(real)',
    note: 'Mean output of the discriminator on HR; at 0.5 it guesses.',
    shownAtFirst: true,
    source: 'steps',
    column: 'realMean',
    format: share,
    yRange: { min: 0, max: 1 },
    empty: adversarial,
  },
  {
    id: 'fake-mean',
    title: 'D(fake)',
    note: 'Mean output of the discriminator on SR; at 0.5 it guesses.',
    shownAtFirst: true,
    source: 'steps',
    column: 'fakeMean',
    format: share,
    yRange: { min: 0, max: 1 },
    empty: adversarial,
  },
  {
    id: 'learning-rate',
    title: 'Learning rate',
    shownAtFirst: false,
    source: 'steps',
    column: 'learningRate',
    line: 'steps',
    format: significant,
    logarithmic: true,
    empty: stepped,
  },
  {
    id: 'seconds-per-step',
    title: 'Seconds a step',
    shownAtFirst: false,
    source: 'steps',
    column: 'seconds',
    format: seconds,
    fromZero: true,
    empty: stepped,
  },
];

/** One curve over a x axis of its own; x ascends, NaN is a gap. */
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

/** Bicubic’s score on the crops, where it is the same for all runs; a line each would say nothing. */
export function baselinesOf(runs: readonly ReadRun[], quantity: Quantity): Baseline[] {
  if (quantity.id === 'gain') return [{ label: 'bicubic', value: 0, colour: 'lr' }];
  if (quantity.id === 'real-mean' || quantity.id === 'fake-mean')
    return [{ label: '', value: 0.5, colour: 'grid' }];
  if (quantity.source !== 'validations') return [];
  const values = runs.flatMap(({ content }) => {
    const line = content.validations.findLast(({ extent }) => extent === 'crop');
    const value = line && quantity.of({ ...line, model: line.bicubic });
    return value === undefined || value === null ? [] : [quantity.format(value)];
  });
  const [label] = values;
  if (label === undefined || new Set(values).size > 1) return [];
  const line = runs.flatMap(({ content }) => content.validations).find(({ extent }) => extent === 'crop')!;
  return [{ label: `bicubic ${label}`, value: quantity.of({ ...line, model: line.bicubic })!, colour: 'lr' }];
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
