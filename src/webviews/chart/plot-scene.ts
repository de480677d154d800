/** What uPlot has drawn, once more as geometry: for a picture that is not made of pixels. */
import type uPlot from 'uplot';
import type { Curve } from './curve';
import { apart, markX } from './mark-places';
import { DASHES, RAW_ALPHA } from './plot-series';
import type { PlotOptions, PlotView } from './plot-view';
import { runsOf, stepped, type Scene, type SceneLine } from './scene';

/** The lines of the axes that are labelled. */
export type Ticks = Record<'x' | 'y', { value: number; label: string }[]>;

export function sceneOf(
  plot: uPlot,
  view: PlotView,
  { curves, logarithmic, xAxis }: PlotOptions,
  ticks: Ticks,
): Scene {
  const area = plot.over.getBoundingClientRect();
  const outer = plot.root.getBoundingClientRect();
  const x = (value: number): number => plot.valToPos(value, 'x');
  const y = (value: number): number => plot.valToPos(value, 'y');
  const points = (values: readonly (number | null)[]) =>
    values.map((value, row) =>
      value === null || (logarithmic && value <= 0) ? null : ([x(view.x[row]!), y(value)] as const),
    );
  const shown = curves.flatMap((curve, index) => (view.hidden[index] === true ? [] : [{ curve, index }]));
  const line = (curve: Curve, values: readonly (number | null)[], raw: boolean): SceneLine => {
    const runs = runsOf(points(values), curve.sparse === true || curve.bridged === true);
    return {
      colour: curve.colour,
      runs: curve.line === 'steps' ? runs.map(stepped) : runs,
      dash: DASHES[curve.line ?? 'solid'],
      width: raw ? 1 : 1.5,
      opacity: raw ? RAW_ALPHA : 1,
      dots: curve.line === 'points',
    };
  };
  const edge = (values: readonly (number | null)[]) => points(values).filter((point) => point !== null);
  const banded = curves.flatMap((curve, index) =>
    curve.deviation === undefined ? [] : [{ curve, hidden: view.hidden[index] === true }],
  );
  return {
    width: outer.width,
    height: outer.height,
    area: {
      left: area.left - outer.left,
      top: area.top - outer.top,
      width: area.width,
      height: area.height,
    },
    x: ticks.x.map(({ value, label }) => ({ at: x(value), label })),
    y: ticks.y.map(({ value, label }) => ({ at: y(value), label })),
    bands: banded.flatMap(({ curve, hidden }, index) => {
      if (hidden) return [];
      const [low, high] = [edge(view.bands[2 * index]!), edge(view.bands[2 * index + 1]!)];
      return [{ colour: curve.colour, outline: [...low, ...high.toReversed()] }];
    }),
    lines: [
      ...shown.flatMap(({ curve, index }) => (view.raw ? [line(curve, view.raw[index]!, true)] : [])),
      ...shown.map(({ curve, index }) => line(curve, view.ys[index]!, false)),
    ],
    baselines: view.baselines.map(({ value, label, colour }) => ({ at: y(value), label, colour })),
    marks: apart(
      view.marks.flatMap((mark) => {
        const at = x(markX(mark, xAxis));
        return at < 0 || at > area.width ? [] : [{ kind: mark.kind, at, text: mark.text }];
      }),
      ({ at }) => at,
    ),
  };
}
