/** Convolutions and their gradients by Winograd: transformed filters, then the kernels. */
import type { ConvolutionGeometry } from '../../../../graph/convolution-geometry';
import type { WinogradKernels } from '../../kernels/winograd';
import { FILTER_SCRATCH_FLOATS } from '../../kernels/winograd-filter';
import { gatherFloats } from '../../kernels/winograd-tiles';
import { PLANE_GAP } from '../../kernels/winograd-transforms';
import type { PlanBuilder } from '../plan-builder';
import type { ConvolutionTensors } from './convolution';
import { imageSize, type Tensor } from './lowering';

/** Tiles a block: their inputs and sums stay in the second-level cache. A multiple of the product's tile rows. */
const BLOCK_TILES = 24;
/** Tiles a round of the filter gradient. */
const ROUND_TILES = 144;

/** Tiles a block so that the threads have as many blocks each, of at most `BLOCK_TILES`. */
function blockTiles(tiles: number, threads: number): number {
  const blocksPerThread = Math.max(1, Math.ceil(tiles / threads / BLOCK_TILES));
  return Math.ceil(tiles / (threads * blocksPerThread) / 4) * 4;
}

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** y of any size from x with zeros around it, `top` and `left` of them before its first pixel. */
function run(
  plan: PlanBuilder,
  kernels: WinogradKernels,
  { x, filter, y, bias, slopes }: ConvolutionTensors,
  { top, left, turned }: { top: number; left: number; turned: boolean },
): void {
  const size = imageSize(x.shape);
  const { height, width, channels: outputChannels } = imageSize(y.shape);
  const inputChannels = size.channels;
  const panels = plan.derived(`Winograd ${kernels.outputs} of ${filter.id}${turned ? ' turned' : ''}`, () => {
    const result = plan.temporary(kernels.points * roundUp(outputChannels, 8) * inputChannels);
    const scratch = plan.scratch(FILTER_SCRATCH_FLOATS);
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
  const { outputs: side } = kernels;
  const tiles = size.images * Math.ceil(height / side) * Math.ceil(width / side);
  const block = blockTiles(tiles, plan.threads);
  const planeFloats = block * (roundUp(inputChannels, 4) + roundUp(outputChannels, 8)) + PLANE_GAP / 2;
  const gridFloats = roundUp(gatherFloats(inputChannels), 16);
  const scratch = plan.scratch(gridFloats + kernels.points * planeFloats);
  plan.call(kernels.forward, {
    y: y.buffer,
    x: x.buffer,
    panels,
    bias: bias?.buffer,
    slopes,
    images: size.images,
    xHeight: size.height,
    xWidth: size.width,
    top,
    left,
    height,
    width,
    inputChannels,
    outputChannels,
    gridBytes: gridFloats * 4,
    blockTiles: block,
    scratch: scratch.buffer,
    scratchBytes: scratch.bytesPerThread,
  });
}

export function convolveWinograd(
  plan: PlanBuilder,
  kernels: WinogradKernels,
  { rows, columns }: ConvolutionGeometry,
  tensors: ConvolutionTensors,
): void {
  run(plan, kernels, tensors, { top: rows.before, left: columns.before, turned: false });
}

export function inputGradientWinograd(
  plan: PlanBuilder,
  kernels: WinogradKernels,
  { rows, columns }: ConvolutionGeometry,
  { dy, filter, dx }: { dy: Tensor; filter: Tensor; dx: Tensor },
): void {
  const border = { top: 2 - rows.before, left: 2 - columns.before, turned: true };
  run(plan, kernels, { x: dy, filter, y: dx }, border);
}

export function filterGradientWinograd(
  plan: PlanBuilder,
  kernels: WinogradKernels,
  { batch, rows, columns, inputChannels, outputChannels }: ConvolutionGeometry,
  { x, dy, dfilter }: { x: Tensor; dy: Tensor; dfilter: Tensor },
): void {
  const { outputs: side, points } = kernels;
  const tiles = batch * Math.ceil(rows.output / side) * Math.ceil(columns.output / side);
  const round = Math.min(tiles, ROUND_TILES);
  const xTiles = plan.temporary(points * (roundUp(inputChannels, 4) * round + PLANE_GAP / 4));
  const dyTiles = plan.temporary(points * (roundUp(outputChannels, 8) * round + PLANE_GAP / 4));
  const pairs = inputChannels * outputChannels;
  const products = plan.temporary(points * pairs);
  const scratch = plan.scratch(gatherFloats(Math.max(inputChannels, outputChannels)));
  const scratchOperands = { scratch: scratch.buffer, scratchBytes: scratch.bytesPerThread };
  const channels = { inputChannels, outputChannels };
  for (let first = 0; first < tiles; first += round) {
    const count = Math.min(round, tiles - first);
    plan.call(kernels.gradientTiles, {
      xTiles,
      dyTiles,
      x: x.buffer,
      dy: dy.buffer,
      xHeight: rows.input,
      xWidth: columns.input,
      top: rows.before,
      left: columns.before,
      dyHeight: rows.output,
      dyWidth: columns.output,
      ...channels,
      first,
      count,
      ...scratchOperands,
    });
    const keep = first === 0 ? 0 : 1;
    plan.call(kernels.gradientProducts, { products, xTiles, dyTiles, ...channels, count, keep });
  }
  plan.call(kernels.filterGradient, { result: dfilter.buffer, products, pairs, ...scratchOperands });
}
