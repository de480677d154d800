/**
 * The curves of one chart on a canvas. Only it and what it draws with know uPlot; it is told what is in sight and draws it, and
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
import type { Mark } from './curve';
import type { Range } from './downsample';
import { markX } from './mark-places';
import { drawMarks } from './marks';
import { sceneOf, type Ticks } from './plot-scene';
import { bandColour, EDGE, seriesOf } from './plot-series';
import type { PlotOptions, PlotView } from './plot-view';
import type { Scene } from './scene';
import { yRangeOf } from './y-range';

const Y_AXIS_WIDTH = 58;

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
        ...curves.map((curve) => seriesOf(curve, true)),
        ...curves.map((curve) => seriesOf(curve, false)),
        ...this.banded.flatMap(() => [EDGE, EDGE]),
      ],
      bands: this.banded.map((curve, index) => ({
        series: [this.firstBand + 2 * index + 1, this.firstBand + 2 * index],
        fill: () => bandColour(curves[curve]!),
      })),
      scales: {
        x: { time: false, range: () => [this.view.range.min, this.view.range.max] },
        y: {
          // 3 is Distr.Logarithmic, 1 Distr.Linear.
          // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a const enum, which isolatedModules cannot name
          distr: this.options.logarithmic ? 3 : 1,
          range: (_, low, high) => yRangeOf(this.options, this.view.baselines, low, high),
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
