/** From where to where the y axis of a chart goes. */
import uPlot from 'uplot';
import type { PlotOptions, PlotView } from './plot-view';

/** What an axis shows at least, from its lowest line to its highest. */
const LEAST_SPREAD = 1e-3;

/** @param low the lowest value of the curves in sight, null where there is none; `high` likewise */
export function yRangeOf(
  { yRange, logarithmic, fromZero }: PlotOptions,
  baselines: PlotView['baselines'],
  low: number | null,
  high: number | null,
): uPlot.Range.MinMax {
  if (yRange) return [yRange.min, yRange.max];
  const values = [low, high, ...baselines.map(({ value }) => value)].filter((value) => value !== null);
  if (values.length === 0) return logarithmic ? [0.1, 1] : [0, 1];
  const [min, max] = [Math.min(...values), Math.max(...values)];
  if (logarithmic) return uPlot.rangeLog(min, max, 10, min * 30 < max);
  if (min === max) {
    return uPlot.rangeNum(min - (Math.abs(min) * 0.1 || 1), max + (Math.abs(max) * 0.1 || 1), 0, false);
  }
  if (fromZero) return uPlot.rangeNum(Math.min(0, min), max, 0.1, false);
  // A single validation may lie as good as on its baseline; the difference is nothing to magnify.
  const spread = Math.max(0, LEAST_SPREAD - (max - min)) / 2;
  return uPlot.rangeNum(min - spread, max + spread, 0.1, false);
}
