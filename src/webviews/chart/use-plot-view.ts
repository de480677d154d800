/** What a chart draws now: the part of the table in sight, smoothed and in as many points as there are pixels. */
import { useMemo, useRef } from 'preact/hooks';
import type { ChartGroup } from './chart-group';
import type { Baseline, Curve, Mark } from './curve';
import { downsample, type Series } from './downsample';
import type { PlotView } from './plot-view';
import { smooth } from './smooth';
import type { ChartTable } from './table';

interface PlotViewInputs {
  id: string;
  table: ChartTable;
  revision: number;
  curves: readonly Curve[];
  /** Changes when the curves do. */
  curveKey: string;
  baselines: readonly Baseline[];
  marks: readonly Mark[];
  group: ChartGroup;
  /** Width of the chart in device pixels. */
  columns: number;
  /** A chart out of sight keeps its last view and draws the newest when it comes into sight. */
  onScreen: boolean;
  rawBehind: boolean;
}

export interface PlotViewResult {
  view: PlotView;
  /** The smoothed curves, row by row; null while smoothing is off. */
  smoothed: readonly (readonly number[])[] | null;
}

export function usePlotView(inputs: PlotViewInputs): PlotViewResult {
  const { id, curves, curveKey, group, columns, rawBehind } = inputs;
  const { xAxis, zoom, smoothing, hidden: hiddenCurves } = group.state.value;
  const hidden = curves.map((curve) => hiddenCurves.includes(`${id}/${curve.id}`));
  const newest = { revision: inputs.revision, smoothing, table: inputs.table, curveKey };
  const drawn = useRef(newest);
  // Other curves are another drawing: an older table may lack their columns.
  if (inputs.onScreen || drawn.current.curveKey !== curveKey) drawn.current = newest;
  const { revision, smoothing: weight, table } = drawn.current;

  const smoothed = useMemo(
    () => (weight > 0 ? curves.map((curve) => smoothCurve(curve, table, weight)) : null),
    [table, curveKey, weight, revision],
  );
  const view = useMemo((): PlotView => {
    const x = xAxis === 'step' ? table.steps : table.elapsed;
    const raw = curves.map((curve): Series => ({
      values: table.column(curve.id),
      range: table.range?.(curve.id),
    }));
    const range = zoom ?? group.extent.value[xAxis];
    const lines = smoothed?.map((values, index): Series => {
      return values === raw[index]!.values ? raw[index]! : { values };
    });
    const behind = lines && rawBehind ? raw : [];
    const bands = curves.flatMap((curve, index) =>
      curve.deviation === undefined
        ? []
        : bandAround((lines ?? raw)[index]!.values, smooth(table.column(curve.deviation), weight)),
    );
    const points = downsample(x, [...(lines ?? raw), ...behind, ...bands], range, columns);
    return {
      x: points.x,
      ys: points.ys.slice(0, curves.length),
      raw: behind.length > 0 ? points.ys.slice(curves.length, 2 * curves.length) : null,
      bands: points.ys.slice(curves.length + behind.length),
      range,
      baselines: inputs.baselines,
      marks: inputs.marks,
      hidden,
    };
  }, [table, curveKey, smoothed, revision, xAxis, zoom, columns, rawBehind, hidden.join()]);
  return { view, smoothed };
}

/** Single measurements stay what they are, and so do schedules. */
function smoothCurve(curve: Curve, table: ChartTable, weight: number): readonly number[] {
  const values = table.column(curve.id);
  return curve.sparse === true || curve.line === 'steps' ? values : smooth(values, weight);
}

/** The lower and the upper edge of the band of mean ± deviation. */
function bandAround(mean: readonly number[], deviation: readonly number[]): Series[] {
  return [-1, 1].map((sign) => ({ values: mean.map((value, row) => value + sign * deviation[row]!) }));
}
