/** Convolutions and their input gradients as direct ones: borders, filters in panels, then the kernels. */
import type { ConvolutionGeometry } from '../../../../graph/convolution-geometry';
import { convolve, packPanels, packTurned } from '../../kernels/convolution';
import { fill } from '../../kernels/elementwise';
import { pad } from '../../kernels/spatial';
import { TILE_COLUMNS } from '../../kernels/tiles';
import type { Buffer, Place } from '../buffer';
import type { PlanBuilder } from '../plan-builder';
import { imageSize, type Tensor } from './lowering';

/** An image batch with a border of zeros; sizes of the whole in pixels. */
export interface Padded {
  readonly buffer: Buffer;
  readonly height: number;
  readonly width: number;
}

/** `x` inside zeros, `top` and `left` of them before it; `x` itself where there is nothing to add. */
export function padded(
  plan: PlanBuilder,
  x: Tensor,
  border: { top: number; left: number; height: number; width: number },
): Padded {
  const { images, height, width, channels } = imageSize(x.shape);
  const { top, left } = border;
  if (border.height === height && border.width === width) return { buffer: x.buffer, height, width };
  const key = `${x.id} padded by ${top}, ${left} to ${border.height} × ${border.width}`;
  const buffer = plan.derived(key, () => {
    const result = plan.temporary(images * border.height * border.width * channels);
    plan.call(pad, {
      result,
      x: x.buffer,
      images,
      height,
      rowFloats: width * channels,
      top,
      left: left * channels,
      paddedHeight: border.height,
      paddedRowFloats: border.width * channels,
    });
    return result;
  });
  return { buffer, height: border.height, width: border.width };
}

/** Rows of output a block: about a hundred pixels, whose windows stay in the cache for all panels. */
export function blockRows(columns: number): number {
  return Math.max(1, Math.round(96 / columns));
}

export function paddedInput(plan: PlanBuilder, x: Tensor, { rows, columns }: ConvolutionGeometry): Padded {
  return padded(plan, x, {
    top: rows.before,
    left: columns.before,
    height: rows.before + rows.input + rows.after,
    width: columns.before + columns.input + columns.after,
  });
}

/** Byte strides of windows over a padded input of `channels`. */
export function windowStrides(input: Padded, channels: number, stride: number) {
  const xRow = input.width * channels * 4;
  return {
    xRow,
    xImage: input.height * xRow,
    xStepRow: stride * xRow,
    xStepColumn: stride * channels * 4,
  };
}

/**
 * The operands of a convolution y = rectified(bias + x ∗ filter). `slopes` is one float an output channel, by which
 * negative sums are multiplied: a PReLU's, or `equalSlopes` for a leaky ReLU. Without it nothing is done to them.
 */
export interface ConvolutionTensors {
  readonly x: Tensor;
  readonly filter: Tensor;
  readonly y: Tensor;
  readonly bias?: Tensor | undefined;
  readonly slopes?: Place | undefined;
}

export function convolveDirect(
  plan: PlanBuilder,
  geometry: ConvolutionGeometry,
  tensors: ConvolutionTensors,
): void {
  const { batch, rows, columns, inputChannels, outputChannels } = geometry;
  const { x, filter, y, bias, slopes } = tensors;
  const depth = rows.kernel * columns.kernel * inputChannels;
  const panels = plan.derived(`panels of ${filter.id}`, () => {
    const result = plan.temporary(Math.ceil(outputChannels / TILE_COLUMNS) * TILE_COLUMNS * depth);
    plan.call(packPanels, { panels: result, matrix: filter.buffer, depth, columns: outputChannels });
    return result;
  });
  const input = paddedInput(plan, x, geometry);
  plan.call(convolve, {
    y: y.buffer,
    x: input.buffer,
    panels,
    bias: bias?.buffer,
    slopes,
    images: batch,
    rows: rows.output,
    columns: columns.output,
    channels: outputChannels,
    windowRows: rows.kernel,
    windowFloats: columns.kernel * inputChannels,
    ...windowStrides(input, inputChannels, rows.stride),
    yImage: rows.output * columns.output * outputChannels * 4,
    yRow: columns.output * outputChannels * 4,
    yColumn: outputChannels * 4,
    blockRows: blockRows(columns.output),
  });
}

/** Which taps of one axis meet input positions `phase`, `phase` + stride, …, in order of their positions in dy. */
interface PhaseAxis {
  readonly phase: number;
  readonly taps: number;
  /** The tap at the smallest position; the next ones are `stride` lower. */
  readonly firstTap: number;
  /** Position in dy that the first tap reads for the first input position of this phase. */
  readonly offset: number;
  /** How many input positions there are in this phase. */
  readonly count: number;
}

/** dx[stride·i + phase] = Σ over taps k with (phase + before − k) divisible of dy[i + (phase + before − k)/stride]. */
function phasesOf(axis: ConvolutionGeometry['rows']): PhaseAxis[] {
  const { stride, before, kernel, input } = axis;
  return Array.from({ length: Math.min(stride, input) }, (_, phase) => {
    const taps = Array.from({ length: kernel }, (_unused, k) => k).filter(
      (k) => (phase + before - k) % stride === 0,
    );
    const firstTap = taps.at(-1) ?? 0;
    return {
      phase,
      taps: taps.length,
      firstTap,
      offset: (phase + before - firstTap) / stride,
      count: Math.ceil((input - phase) / stride),
    };
  });
}

/** How far an axis of dy must be extended so that all phases can read it. */
function phaseBorder(axis: ConvolutionGeometry['rows'], phases: readonly PhaseAxis[]) {
  const used = phases.filter((phase) => phase.taps > 0);
  const before = Math.max(0, ...used.map((phase) => -phase.offset));
  const end = Math.max(axis.output, ...used.map((phase) => phase.offset + phase.taps + phase.count - 1));
  return { before, size: before + end };
}

export function inputGradientDirect(
  plan: PlanBuilder,
  geometry: ConvolutionGeometry,
  tensors: { dy: Tensor; filter: Tensor; dx: Tensor },
): void {
  const { batch, rows, columns, inputChannels, outputChannels } = geometry;
  const { dy, filter, dx } = tensors;
  const stride = rows.stride;
  const [rowPhases, columnPhases] = [phasesOf(rows), phasesOf(columns)];
  const [rowBorder, columnBorder] = [phaseBorder(rows, rowPhases), phaseBorder(columns, columnPhases)];
  const input = padded(plan, dy, {
    top: rowBorder.before,
    left: columnBorder.before,
    height: rowBorder.size,
    width: columnBorder.size,
  });
  const reachedAll = [...rowPhases, ...columnPhases].every((phase) => phase.taps > 0);
  if (!reachedAll) plan.call(fill, { result: dx.buffer, value: 0, count: dx.count });
  for (const row of rowPhases) {
    for (const column of columnPhases) {
      if (row.taps === 0 || column.taps === 0) continue;
      const depth = row.taps * column.taps * outputChannels;
      const key = `panels of ${filter.id} turned, ${stride}: ${row.firstTap}, ${column.firstTap}`;
      const panels = plan.derived(key, () => {
        const result = plan.temporary(Math.ceil(inputChannels / TILE_COLUMNS) * TILE_COLUMNS * depth);
        plan.call(packTurned, {
          panels: result,
          filter: filter.buffer,
          kernelWidth: columns.kernel,
          inputChannels,
          outputChannels,
          tapRows: row.taps,
          tapColumns: column.taps,
          firstRow: row.firstTap,
          firstColumn: column.firstTap,
          stride,
        });
        return result;
      });
      const firstRow = rowBorder.before + row.offset;
      const firstColumn = columnBorder.before + column.offset;
      plan.call(convolve, {
        y: dx.buffer.at((row.phase * columns.input + column.phase) * inputChannels),
        x: input.buffer.at((firstRow * input.width + firstColumn) * outputChannels),
        panels,
        bias: undefined,
        slopes: undefined,
        images: batch,
        rows: row.count,
        columns: column.count,
        channels: inputChannels,
        windowRows: row.taps,
        windowFloats: column.taps * outputChannels,
        ...windowStrides(input, outputChannels, 1),
        yImage: rows.input * columns.input * inputChannels * 4,
        yRow: stride * columns.input * inputChannels * 4,
        yColumn: stride * inputChannels * 4,
        blockRows: blockRows(column.count),
      });
    }
  }
}
