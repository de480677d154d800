/**
 * The curves of one chart on a canvas. The only module that knows uPlot; it is told what is in sight and draws it, and
 * reports what the pointer does.
 */
import './valid-language';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clock, ticks } from '../kit/format';
import { palette } from '../kit/theme';
import { decades, stepIncrements, timeIncrements } from './axes';
import { drawBaselines } from './baselines';
import type { Point } from './label-place';
import type { Baseline, Curve, Mark, XAxis } from './curve';
import type { Range } from './downsample';
import { markX } from './mark-places';
import { drawMarks } from './marks';
import { DASHES, RAW_ALPHA, sceneOf, type Ticks } from './plot-scene';
import type { Scene } from './scene';

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

const Y_AXIS_WIDTH = 58;
/** What an axis shows at least, from its lowest line to its highest. */
const LEAST_SPREAD = 1e-3;
const BAND_ALPHA = 0.18;
/** An edge of a band: only what is between two of them is drawn. */
const EDGE: uPlot.Series = { width: 0, points: { show: false } };

export class Plot {
  private readonly plot: uPlot;
  private view: PlotView;
  /** The lines of the axes that are labelled, as they were last drawn. */
  private readonly ticks: Ticks = { x: [], y: [] };

  constructor(
    container: HTMLElement,
    private readonly options: PlotOptions,
    size: { width: number; height: number },
    view: PlotView,
  ) {
    this.view = view;
    this.plot = new uPlot(this.uPlotOptions(size), this.data(), container);
  }

  draw(view: PlotView): void {
    this.view = view;
    this.plot.batch(() => {
      this.options.curves.forEach((_, index) => {
        const shown = view.hidden[index] !== true;
        this.show(1 + index, shown && view.raw !== null);
        this.show(1 + this.options.curves.length + index, shown);
      });
      this.banded.forEach((curve, index) => {
        for (const edge of [0, 1]) this.show(this.firstBand + 2 * index + edge, view.hidden[curve] !== true);
      });
      this.plot.setData(this.data(), true);
    });
  }

  resize(size: { width: number; height: number }): void {
    this.plot.setSize(size);
  }

  redraw(): void {
    this.plot.redraw(false, true);
  }

  /** Moves the crosshair to a value of the x axis, without telling anyone. */
  pointAt(x: number | null): void {
    const left = x === null ? -10 : this.plot.valToPos(x, 'x');
    if (Math.abs((this.plot.cursor.left ?? -10) - left) > 0.5) this.plot.setCursor({ left, top: -10 }, false);
  }

  /** Marks a stretch of the x axis; an empty one marks nothing. */
  select({ min, max }: Range): void {
    const left = this.plot.valToPos(min, 'x');
    const width = max > min ? this.plot.valToPos(max, 'x') - left : 0;
    const height = this.plot.over.clientHeight;
    this.plot.setSelect({ left, top: 0, width, height: width === 0 ? 0 : height }, false);
  }

  /** Width of the plotting area in device pixels: how many points can be told apart. */
  get columns(): number {
    return Math.max(1, Math.round(this.plot.bbox.width));
  }

  /** How many units of the x axis a CSS pixel is. */
  get unitsPerPixel(): number {
    return this.plot.posToVal(1, 'x') - this.plot.posToVal(0, 'x');
  }

  /** What is drawn, as shapes. */
  scene(): Scene {
    return sceneOf(this.plot, this.view, this.options, this.ticks);
  }

  get canvas(): HTMLCanvasElement {
    return this.plot.ctx.canvas;
  }

  destroy(): void {
    this.plot.destroy();
  }

  /** Indices of the curves that have a band. */
  private get banded(): number[] {
    return this.options.curves.flatMap(({ deviation }, index) => (deviation === undefined ? [] : [index]));
  }

  private get firstBand(): number {
    return 1 + 2 * this.options.curves.length;
  }

  private show(series: number, shown: boolean): void {
    if (this.plot.series[series]?.show !== shown) this.plot.setSeries(series, { show: shown }, false);
  }

  /** uPlot's series: x, the raw curves, the curves themselves, then the edges of their bands. */
  private data(): uPlot.AlignedData {
    const { x, raw, ys, bands } = this.view;
    const positive = (values: (number | null)[]) =>
      this.options.logarithmic ? values.map((value) => (value !== null && value > 0 ? value : null)) : values;
    return [
      x,
      ...(raw ?? ys.map(() => x.map(() => null))).map(positive),
      ...ys.map(positive),
      ...bands.map(positive),
    ];
  }

  private uPlotOptions(size: { width: number; height: number }): uPlot.Options {
    const { curves, xAxis, onPoint, onZoom } = this.options;
    return {
      ...size,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      series: [
        {},
        ...curves.map((curve) => this.series(curve, true)),
        ...curves.map((curve) => this.series(curve, false)),
        ...this.banded.flatMap(() => [EDGE, EDGE]),
      ],
      bands: this.banded.map((curve, index) => ({
        series: [this.firstBand + 2 * index + 1, this.firstBand + 2 * index],
        fill: () => translucent(palette.peek()[curves[curve]!.colour], BAND_ALPHA),
      })),
      scales: {
        x: { time: false, range: () => [this.view.range.min, this.view.range.max] },
        y: {
          // 3 is Distr.Logarithmic, 1 Distr.Linear.
          // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a const enum, which isolatedModules cannot name
          distr: this.options.logarithmic ? 3 : 1,
          range: (_, low, high) => this.yRange(low, high),
        },
      },
      axes: [
        this.axis({
          values: (_, splits) =>
            this.label('x', splits, xAxis === 'step' ? ticks(splits) : splits.map(clock)),
          size: 26,
          ...(xAxis === 'step' ? { incrs: stepIncrements } : { incrs: timeIncrements }),
        }),
        this.axis({
          // On a logarithmic axis uPlot gives null for the values between those that it labels.
          values: (_, splits: (number | null)[]) => this.label('y', splits, ticks(splits)),
          size: Y_AXIS_WIDTH,
          ...(this.options.logarithmic
            ? {
                grid: {
                  stroke: () => palette.peek().grid,
                  width: 1,
                  filter: (plot, splits) => decades(splits, plot.scales['y'] ?? {}),
                },
              }
            : {}),
        }),
      ],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false },
        bind: {
          dblclick: () => () => {
            onZoom(null);
            return null;
          },
          mouseleave: () => () => {
            onPoint(null);
            return null;
          },
        },
      },
      hooks: {
        setCursor: [
          (plot) => {
            const left = plot.cursor.left ?? -1;
            if (left >= 0) onPoint(plot.posToVal(left, 'x'));
          },
        ],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width > 3) {
              onZoom({ min: plot.posToVal(left, 'x'), max: plot.posToVal(left + width, 'x') });
            }
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
        drawAxes: [
          (plot) => {
            const position = (value: number) => plot.valToPos(value, 'y', true);
            const { baselines } = this.view;
            if (baselines.length === 0) return;
            const drawing = { position, palette: palette.peek(), ratio: uPlot.pxRatio };
            drawBaselines(plot.ctx, plot.bbox, baselines, drawnCurves(plot), drawing);
          },
        ],
        draw: [
          (plot) => {
            const { left, width } = plot.bbox;
            const { min, max } = this.view.range;
            const position = (mark: Mark) => left + (width * (markX(mark, xAxis) - min)) / (max - min);
            drawMarks(plot.ctx, plot.bbox, this.view.marks, position, palette.peek(), uPlot.pxRatio);
          },
        ],
      },
    };
  }

  private label(axis: 'x' | 'y', splits: readonly (number | null)[], labels: string[]): string[] {
    this.ticks[axis] = splits.flatMap((value, index) =>
      value === null || !labels[index] ? [] : [{ value, label: labels[index] }],
    );
    return labels;
  }

  private series(curve: Curve, raw: boolean): uPlot.Series {
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

  private axis(own: uPlot.Axis): uPlot.Axis {
    return {
      stroke: () => palette.peek().muted,
      font: `11px ${palette.peek().font}`,
      grid: { stroke: () => palette.peek().grid, width: 1 },
      ticks: { show: false },
      gap: 6,
      ...own,
    };
  }

  private yRange(low: number | null, high: number | null): uPlot.Range.MinMax {
    const fixed = this.options.yRange;
    if (fixed) return [fixed.min, fixed.max];
    const values = [low, high, ...this.view.baselines.map((baseline) => baseline.value)].filter(
      (value) => value !== null,
    );
    if (values.length === 0) return this.options.logarithmic ? [0.1, 1] : [0, 1];
    const [min, max] = [Math.min(...values), Math.max(...values)];
    if (this.options.logarithmic) return uPlot.rangeLog(min, max, 10, min * 30 < max);
    if (min === max)
      return uPlot.rangeNum(min - (Math.abs(min) * 0.1 || 1), max + (Math.abs(max) * 0.1 || 1), 0, false);
    if (this.options.fromZero) return uPlot.rangeNum(Math.min(0, min), max, 0.1, false);
    // A single validation may lie as good as on its baseline; the difference is nothing to magnify.
    const spread = Math.max(0, LEAST_SPREAD - (max - min)) / 2;
    return uPlot.rangeNum(min - spread, max + spread, 0.1, false);
  }
}

/** The curves in sight as points in device pixels, in the order of x. */
function drawnCurves(plot: uPlot): Point[][] {
  const [xs, ...columns] = plot.data;
  return columns.flatMap((column, index) => {
    if (plot.series[index + 1]?.show !== true) return [];
    const points: Point[] = [];
    column.forEach((value, at) => {
      const x = xs[at];
      if (typeof value !== 'number' || x === undefined) return;
      points.push({ x: plot.valToPos(x, 'x', true), y: plot.valToPos(value, 'y', true) });
    });
    return [points];
  });
}

function translucent(colour: string, alpha: number): string {
  return `color-mix(in srgb, ${colour} ${100 * alpha}%, transparent)`;
}
