/** What a plot is told: how it draws for as long as it lives, and what is in sight at the moment. */
import type { Baseline, Curve, Mark, XAxis } from './curve';
import type { Range } from './downsample';

export interface PlotOptions {
  curves: readonly Curve[];
  logarithmic: boolean;
  xAxis: XAxis;
  /** Fixed y range; without it the curves in sight and the baselines decide. */
  yRange?: Range | undefined;
  /** Whether 0 is always in sight on a linear axis. */
  fromZero: boolean;
  onPoint: (x: number | null) => void;
  onZoom: (range: Range | null) => void;
}

export interface PlotView {
  x: number[];
  /** Faint behind `ys` while smoothing is on. */
  raw: (number | null)[][] | null;
  ys: (number | null)[][];
  /** The lower and the upper edge of the band of each curve that has one, in the order of the curves. */
  bands: (number | null)[][];
  range: Range;
  baselines: readonly Baseline[];
  marks: readonly Mark[];
  hidden: readonly boolean[];
}
