/** Convolutions and their gradients by Winograd: padded inputs, transformed filters, then the kernels. */
import type { ConvolutionGeometry, WindowAxis } from '../../../../graph/convolution-geometry';
import { PLANE_GAP, TRANSFORM_FLOATS, type WinogradKernels } from '../../kernels/winograd';
import type { PlanBuilder } from '../plan-builder';
import { padded } from './convolution';
import type { Tensor } from './lowering';

/** Tiles a block: their inputs and sums stay in the second-level cache. A multiple of the product's tile rows. */
const BLOCK_TILES = 24;
/** Tiles a round of the filter gradient. */
const ROUND_TILES = 144;

/** Border of zeros before an axis, and its size when extended to whole tiles. */
interface TiledAxis {
  readonly before: number;
  readonly size: number;
  readonly tiles: number;
}

function tiled(before: number, outputs: number, { outputs: side }: WinogradKernels): TiledAxis {
  const tiles = Math.ceil(outputs / side);
  return { before, size: tiles * side + 2, tiles };
}

function padToTiles(plan: PlanBuilder, x: Tensor, rows: TiledAxis, columns: TiledAxis) {
  return padded(plan, x, {
    top: rows.before,
    left: columns.before,
    height: rows.size,
    width: columns.size,
  });
}

/** Tiles a block so that the threads have as many blocks each, of at most `BLOCK_TILES`. */
function blockTiles(tiles: number, threads: number): number {
  const blocksPerThread = Math.max(1, Math.ceil(tiles / threads / BLOCK_TILES));
  return Math.ceil(tiles / (threads * blocksPerThread) / 4) * 4;
}

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

function run(
  plan: PlanBuilder,
  kernels: WinogradKernels,
  tensors: { x: Tensor; filter: Tensor; y: Tensor; bias?: Tensor | undefined },
  axes: { rows: TiledAxis; columns: TiledAxis; height: number; width: number },
  turned: boolean,
): void {
  const { x, filter, y, bias } = tensors;
  const [images, , , inputChannels] = x.shape as [number, number, number, number];
  const outputChannels = y.shape[3]!;
  const panels = plan.derived(`Winograd ${kernels.outputs} of ${filter.id}${turned ? ' turned' : ''}`, () => {
    const result = plan.temporary(kernels.points * roundUp(outputChannels, 8) * inputChannels);
    const scratch = plan.scratch(TRANSFORM_FLOATS);
    const [rows, columns] = filter.shape.slice(2) as [number, number];
    plan.call(turned ? kernels.filterTurned : kernels.filter, {
      panels: result,
      filter: filter.buffer,
      inputChannels: rows,
      outputChannels: columns,
      scratch: scratch.buffer,
      scratchBytes: scratch.bytesPerThread,
    });
    return result;
  });
  const input = padToTiles(plan, x, axes.rows, axes.columns);
  const tiles = images * axes.rows.tiles * axes.columns.tiles;
  const block = blockTiles(tiles, plan.threads);
  const planeFloats = block * (roundUp(inputChannels, 4) + roundUp(outputChannels, 8)) + PLANE_GAP / 2;
  const scratch = plan.scratch(TRANSFORM_FLOATS + kernels.points * planeFloats);
  const xRow = input.width * inputChannels * 4;
  plan.call(kernels.forward, {
    y: y.buffer,
    x: input.buffer,
    panels,
    bias: bias?.buffer,
    images,
    height: axes.height,
    width: axes.width,
    inputChannels,
    outputChannels,
    xRow,
    xImage: input.height * xRow,
    blockTiles: block,
    scratch: scratch.buffer,
    scratchBytes: scratch.bytesPerThread,
  });
}

export function convolveWinograd(
  plan: PlanBuilder,
  kernels: WinogradKernels,
  { rows, columns }: ConvolutionGeometry,
  tensors: { x: Tensor; filter: Tensor; y: Tensor; bias?: Tensor | undefined },
): void {
  const axes = {
    rows: tiled(rows.before, rows.output, kernels),
    columns: tiled(columns.before, columns.output, kernels),
    height: rows.output,
    width: columns.output,
  };
  run(plan, kernels, tensors, axes, false);
}

/** dy with the border that the turned filter needs. */
const gradientAxis = (axis: WindowAxis, kernels: WinogradKernels): TiledAxis =>
  tiled(2 - axis.before, axis.input, kernels);

export function inputGradientWinograd(
  plan: PlanBuilder,
  kernels: WinogradKernels,
  { rows, columns }: ConvolutionGeometry,
  { dy, filter, dx }: { dy: Tensor; filter: Tensor; dx: Tensor },
): void {
  const axes = {
    rows: gradientAxis(rows, kernels),
    columns: gradientAxis(columns, kernels),
    height: rows.input,
    width: columns.input,
  };
  run(plan, kernels, { x: dy, filter, y: dx }, axes, true);
}

export function filterGradientWinograd(
  plan: PlanBuilder,
  kernels: WinogradKernels,
  { rows, columns, ...geometry }: ConvolutionGeometry,
  { x, dy, dfilter }: { x: Tensor; dy: Tensor; dfilter: Tensor },
): void {
  const { batch, inputChannels, outputChannels } = geometry;
  const [xRows, xColumns] = [
    tiled(rows.before, rows.output, kernels),
    tiled(columns.before, columns.output, kernels),
  ];
  // The input gradient pads dy for itself; whole tiles of dy fit into that.
  const [dyRows, dyColumns] = [gradientAxis(rows, kernels), gradientAxis(columns, kernels)];
  const input = padToTiles(plan, x, xRows, xColumns);
  const gradient = padToTiles(plan, dy, dyRows, dyColumns);
  const tiles = batch * xRows.tiles * xColumns.tiles;
  const round = Math.min(tiles, ROUND_TILES);
  const xPlane = roundUp(inputChannels, 4) * round + PLANE_GAP / 4;
  const dyPlane = roundUp(outputChannels, 8) * round + PLANE_GAP / 4;
  const xTiles = plan.temporary(kernels.points * xPlane);
  const dyTiles = plan.temporary(kernels.points * dyPlane);
  const pairs = inputChannels * outputChannels;
  const products = plan.temporary(kernels.points * pairs);
  const scratch = plan.scratch(TRANSFORM_FLOATS);
  const scratchOperands = { scratch: scratch.buffer, scratchBytes: scratch.bytesPerThread };
  const [xRow, dyRow] = [input.width * inputChannels * 4, gradient.width * outputChannels * 4];
  for (let first = 0; first < tiles; first += round) {
    const count = Math.min(round, tiles - first);
    const channels = { inputChannels, outputChannels };
    plan.call(kernels.gradientTiles, {
      xTiles,
      dyTiles,
      x: input.buffer,
      dy: gradient.buffer.at((dyRows.before * gradient.width + dyColumns.before) * outputChannels),
      across: xColumns.tiles,
      down: xRows.tiles,
      ...channels,
      xRow,
      xImage: input.height * xRow,
      dyRow,
      dyImage: gradient.height * dyRow,
      first,
      count,
      ...scratchOperands,
    });
    const keep = first === 0 ? 0 : 1;
    plan.call(kernels.gradientProducts, { products, xTiles, dyTiles, ...channels, count, keep });
  }
  plan.call(kernels.filterGradient, { result: dfilter.buffer, products, pairs, ...scratchOperands });
}
