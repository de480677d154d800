/** How a curve is drawn: its line, the raw line behind it while smoothing is on, and the edges of its band. */
import uPlot from 'uplot';
import { palette } from '../kit/theme';
import type { Curve } from './curve';

export const RAW_ALPHA = 0.3;
export const DASHES: Record<NonNullable<Curve['line']>, number[]> = {
  solid: [],
  dashed: [6, 4],
  points: [],
  steps: [],
};

const BAND_ALPHA = 0.18;

/** An edge of a band: only what is between two of them is drawn. */
export const EDGE: uPlot.Series = { width: 0, points: { show: false } };

export function bandColour({ colour }: Curve): string {
  return `color-mix(in srgb, ${palette.peek()[colour]} ${100 * BAND_ALPHA}%, transparent)`;
}

export function seriesOf(curve: Curve, raw: boolean): uPlot.Series {
  const { line = 'solid' } = curve;
  const series: uPlot.Series = {
    stroke: () => palette.peek()[curve.colour],
    width: raw ? 1 : 1.5,
    alpha: raw ? RAW_ALPHA : 1,
    dash: DASHES[line],
    spanGaps: curve.sparse ?? curve.bridged ?? false,
    show: !raw,
    points: { size: 4, fill: () => palette.peek()[curve.colour] },
  };
  if (raw) series.points = { show: false };
  if (line === 'points') {
    series.paths = () => null;
    series.points = { show: !raw, size: 8, width: 1.5, fill: () => palette.peek().background };
  }
  if (line === 'steps') {
    series.paths = uPlot.paths.stepped!({ align: 1 });
    series.points = { show: false };
  }
  return series;
}
