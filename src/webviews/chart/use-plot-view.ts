/** What a chart draws now: the part of the table in sight, smoothed and in as many points as there are pixels. */
import { useMemo, useRef } from 'preact/hooks';
import type { ChartGroup } from './chart-group';
import type { Baseline, Curve, Mark } from './curve';
import { downsample } from './downsample';
import type { PlotView } from './plot';
import { smooth } from './smooth';
import type { Table } from './table';

interface PlotViewInputs {
  id: string;
  table: Table;
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
  const { id, table, curves, curveKey, group, columns, rawBehind } = inputs;
  const { xAxis, zoom, smoothing, hidden: hiddenCurves } = group.state.value;
  const hidden = curves.map((curve) => hiddenCurves.includes(`${id}/${curve.id}`));
  const drawn = useRef({ revision: inputs.revision, smoothing });
  if (inputs.onScreen) drawn.current = { revision: inputs.revision, smoothing };
  const { revision, smoothing: weight } = drawn.current;

  const smoothed = useMemo(
    () => (weight > 0 ? curves.map((curve) => smoothCurve(curve, table, weight)) : null),
    [table, curveKey, weight, revision],
  );
  const view = useMemo((): PlotView => {
    const x = xAxis === 'step' ? table.steps : table.elapsed;
    const raw = curves.map((curve) => table.column(curve.id));
    const range = zoom ?? group.extent.value[xAxis];
    const behind = smoothed && rawBehind ? raw : [];
    const points = downsample(x, [...(smoothed ?? raw), ...behind], range, columns);
    return {
      x: points.x,
      ys: points.ys.slice(0, curves.length),
      raw: behind.length > 0 ? points.ys.slice(curves.length) : null,
      range,
      baselines: inputs.baselines,
      marks: inputs.marks,
      hidden,
    };
  }, [table, curveKey, smoothed, revision, xAxis, zoom, columns, rawBehind, hidden.join()]);
  return { view, smoothed };
}

/** Single measurements stay what they are, and so do schedules. */
function smoothCurve(curve: Curve, table: Table, weight: number): readonly number[] {
  const values = table.column(curve.id);
  return curve.sparse === true || curve.line === 'steps' ? values : smooth(values, weight);
}
