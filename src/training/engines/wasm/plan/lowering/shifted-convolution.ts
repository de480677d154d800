/** Convolutions of stride 1 with few output channels: windows' columns as columns of the product. */
import type { ConvolutionGeometry, WindowAxis } from '../../../../graph/convolution-geometry';
import { convolve } from '../../kernels/convolution';
import { addShifted, packShifted } from '../../kernels/shifted-convolution';
import { TILE_COLUMNS } from '../../kernels/tiles';
import type { PlanBuilder } from '../plan-builder';
import { blockRows, type ConvolutionTensors, padded, windowStrides } from './convolution';
import type { Tensor } from './lowering';

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** Whether columns of the window fill tiles so much better that adding them up afterwards is worth it. */
export function shiftingPays(kernelColumns: number, channels: number): boolean {
  const direct = kernelColumns * roundUp(channels, TILE_COLUMNS);
  return roundUp(kernelColumns * channels, TILE_COLUMNS) <= 0.75 * direct;
}

/** One axis of a convolution as a window that slides over a padded input. */
interface SlidingAxis {
  readonly kernel: number;
  readonly before: number;
  readonly size: number;
  readonly output: number;
}

function convolveShifted(
  plan: PlanBuilder,
  { rows, columns }: { rows: SlidingAxis; columns: SlidingAxis },
  tensors: ConvolutionTensors,
  turned: boolean,
): void {
  const { x, filter, y, bias, slopes } = tensors;
  const images = x.shape[0]!;
  const [depth, channels] = [x.shape[3]!, y.shape[3]!];
  const zChannels = roundUp(columns.kernel * channels, TILE_COLUMNS);
  const panels = plan.derived(`shifted panels of ${filter.id}${turned ? ' turned' : ''}`, () => {
    const result = plan.temporary(zChannels * rows.kernel * depth);
    const tap = depth * channels;
    const direction = turned ? -1 : 1;
    plan.call(packShifted, {
      panels: result,
      filter: filter.buffer,
      origin: turned ? (rows.kernel * columns.kernel - 1) * tap : 0,
      kernelRows: rows.kernel,
      kernelColumns: columns.kernel,
      depth,
      channels,
      rowStep: direction * columns.kernel * tap,
      columnStep: direction * tap,
      depthStep: turned ? 1 : channels,
      channelStep: turned ? depth : 1,
    });
    return result;
  });
  const input = padded(plan, x, {
    top: rows.before,
    left: columns.before,
    height: rows.size,
    width: columns.size,
  });
  const z = plan.temporary(images * rows.output * columns.size * zChannels);
  plan.call(convolve, {
    y: z,
    x: input.buffer,
    panels,
    bias: undefined,
    slopes: undefined,
    images,
    rows: rows.output,
    columns: columns.size,
    channels: zChannels,
    windowRows: rows.kernel,
    windowFloats: depth,
    ...windowStrides(input, depth, 1),
    yImage: rows.output * columns.size * zChannels * 4,
    yRow: columns.size * zChannels * 4,
    yColumn: zChannels * 4,
    blockRows: blockRows(columns.size),
  });
  plan.call(addShifted, {
    y: y.buffer,
    z,
    bias: bias?.buffer,
    slopes,
    rows: images * rows.output,
    width: columns.output,
    channels,
    kernelColumns: columns.kernel,
    zWidth: columns.size,
    zPixelBytes: zChannels * 4,
  });
}

export function convolveFewOutputs(
  plan: PlanBuilder,
  { rows, columns }: ConvolutionGeometry,
  tensors: ConvolutionTensors,
): void {
  const sliding = ({ kernel, before, input, after, output }: WindowAxis): SlidingAxis => ({
    kernel,
    before,
    size: before + input + after,
    output,
  });
  convolveShifted(plan, { rows: sliding(rows), columns: sliding(columns) }, tensors, false);
}

/** The gradient for an input with few channels: the turned filter slides over dy. */
export function inputGradientFewInputs(
  plan: PlanBuilder,
  { rows, columns }: ConvolutionGeometry,
  { dy, filter, dx }: { dy: Tensor; filter: Tensor; dx: Tensor },
): void {
  const sliding = ({ kernel, before, input }: WindowAxis): SlidingAxis => ({
    kernel,
    before: kernel - 1 - before,
    size: input + kernel - 1,
    output: input,
  });
  const axes = { rows: sliding(rows), columns: sliding(columns) };
  convolveShifted(plan, axes, { x: dy, filter, y: dx }, true);
}
