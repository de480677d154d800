/** Filter gradients of direct convolutions: with packed operands, or in place where there are few channels. */
import type { ConvolutionGeometry } from '../../../../graph/convolution-geometry';
import { filterGradientDirect, filterGradientTransposed, transpose } from '../../kernels/convolution';
import { packedProducts, packRound } from '../../kernels/packed-filter-gradient';
import { TILE_COLUMNS } from '../../kernels/tiles';
import type { PlanBuilder } from '../plan-builder';
import { blockRows, paddedInput, windowStrides } from './convolution';
import type { Tensor } from './lowering';

/** With fewer input channels, the columns of a window share tiles better than packed channels would. */
const LEAST_PACKED_CHANNELS = 16;
/** Pixels a round of packing: both operands of a product stay in the cache. */
const ROUND_PIXELS = 144;

interface GradientTensors {
  readonly x: Tensor;
  readonly dy: Tensor;
  readonly dfilter: Tensor;
}

export function filterGradient(
  plan: PlanBuilder,
  geometry: ConvolutionGeometry,
  tensors: GradientTensors,
): void {
  const { inputChannels, outputChannels } = geometry;
  if (inputChannels >= LEAST_PACKED_CHANNELS && outputChannels >= TILE_COLUMNS) {
    packed(plan, geometry, tensors);
  } else {
    inPlace(plan, geometry, tensors);
  }
}

function packed(plan: PlanBuilder, geometry: ConvolutionGeometry, { x, dy, dfilter }: GradientTensors): void {
  const { batch, rows, columns, inputChannels, outputChannels } = geometry;
  const input = paddedInput(plan, x, geometry);
  const pixels = batch * rows.output * columns.output;
  const round = Math.min(pixels, ROUND_PIXELS);
  const taps = rows.kernel * columns.kernel;
  const xPacked = plan.temporary(taps * Math.ceil(inputChannels / 4) * 4 * round);
  const dyPacked = plan.temporary(Math.ceil(outputChannels / TILE_COLUMNS) * TILE_COLUMNS * round);
  const channels = { inputChannels, outputChannels };
  for (let first = 0; first < pixels; first += round) {
    const count = Math.min(round, pixels - first);
    plan.call(packRound, {
      xPacked,
      dyPacked,
      x: input.buffer,
      dy: dy.buffer,
      rows: rows.output,
      columns: columns.output,
      kernelRows: rows.kernel,
      kernelColumns: columns.kernel,
      ...channels,
      ...windowStrides(input, inputChannels, rows.stride),
      first,
      count,
    });
    const keep = first === 0 ? 0 : 1;
    plan.call(packedProducts, { result: dfilter.buffer, xPacked, dyPacked, taps, ...channels, count, keep });
  }
}

function inPlace(
  plan: PlanBuilder,
  geometry: ConvolutionGeometry,
  { x, dy, dfilter }: GradientTensors,
): void {
  const { batch, rows, columns, inputChannels, outputChannels } = geometry;
  const input = paddedInput(plan, x, geometry);
  const windowFloats = columns.kernel * inputChannels;
  const size = {
    images: batch,
    rows: rows.output,
    columns: columns.output,
    channels: outputChannels,
    windowRows: rows.kernel,
    windowFloats,
    ...windowStrides(input, inputChannels, rows.stride),
    blockRows: blockRows(columns.output),
  };
  if (outputChannels >= TILE_COLUMNS || windowFloats < TILE_COLUMNS) {
    plan.call(filterGradientDirect, { result: dfilter.buffer, x: input.buffer, dy: dy.buffer, ...size });
    return;
  }
  const turned = plan.temporary(dfilter.count);
  plan.call(filterGradientTransposed, { result: turned, x: input.buffer, dy: dy.buffer, ...size });
  plan.call(transpose, {
    result: dfilter.buffer,
    x: turned,
    count: rows.kernel,
    rows: outputChannels,
    columns: windowFloats,
  });
}
