/** Convolutions and their gradients by Winograd: transformed filters, then the kernels. */
import type { ConvolutionGeometry } from '../../../../graph/convolution-geometry';
import {
  strided3Kernels,
  strided4Kernels,
  winograd2Kernels,
  winograd4Kernels,
  winograd6Kernels,
  type WinogradConvolution,
  type WinogradKernels,
} from '../../kernels/winograd';
import { FILTER_SCRATCH_FLOATS } from '../../kernels/winograd-filter';
import { winogradGradientProducts } from '../../kernels/winograd-gradient';
import { quadFloats, TILES_A_QUAD } from '../../kernels/winograd-quads';
import { gatherFloats } from '../../kernels/winograd-tiles';
import { TILE_COLUMNS } from '../../kernels/tiles';
import { PLANE_GAP } from '../../kernels/winograd-transforms';
import type { PlanBuilder } from '../plan-builder';
import type { ConvolutionTensors } from './convolution';
import { type Exactness, imageSize, type LoweringSettings, type Tensor } from './lowering';

/** Bytes that a block of tiles may take with the points of its inputs and sums: the second-level cache holds a panel, too. */
const BLOCK_BYTES = 400 * 1024;
/** Tiles a block: enough to make use of a panel of the filter, and no more than help. Multiples of the product's tile rows. */
const [LEAST_TILES, MOST_TILES] = [8, 32];
/** How many times larger the transformed filter must be than the transformed images to be made panel by panel. */
const DEEP = 1;
/** Tiles a round of the filter gradient: more where the products are too large to come back to often. */
const [ROUND_TILES, LONG_ROUND_TILES] = [72, 144];
const LARGE_PRODUCTS_BYTES = 2 * 1024 * 1024;

/** Tiles a block so that the threads have as many blocks each. */
function blockTiles(tiles: number, bytesPerTile: number, threads: number): number {
  const fitting = Math.floor(BLOCK_BYTES / bytesPerTile / 4) * 4;
  const most = Math.min(MOST_TILES, Math.max(LEAST_TILES, fitting));
  const blocksPerThread = Math.max(1, Math.ceil(tiles / threads / most));
  return Math.ceil(tiles / (threads * blocksPerThread) / 4) * 4;
}

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** With fewer channels than this on either side, transforms cost more than they save. */
const LEAST_CHANNELS = 8;

/** What the transforms of a layer's filters cost beside those of its images, in tiles: measured on layers of 6² to 48² pixels. */
const FILTER_TILES = 10;

/** By stride, the algorithms that a setting allows: the more exact first, for it is taken where both have as many products. */
const algorithms: Readonly<Record<Exactness, Readonly<Record<1 | 2, readonly WinogradKernels[]>>>> = {
  winograd6: { 1: [winograd4Kernels, winograd6Kernels], 2: [strided3Kernels, strided4Kernels] },
  winograd4: { 1: [winograd4Kernels], 2: [strided3Kernels, strided4Kernels] },
  winograd2: { 1: [winograd2Kernels], 2: [strided3Kernels] },
  direct: { 1: [], 2: [] },
};

/** The algorithm that serves this convolution and its gradients with fewest products; undefined where the direct one does better. */
export function winogradFor(
  { batch, rows, columns, inputChannels, outputChannels }: ConvolutionGeometry,
  { exactness, largeTilesFrom = 0 }: LoweringSettings,
): WinogradKernels | undefined {
  const { stride } = rows;
  const fewest = Math.min(inputChannels, outputChannels);
  if (fewest < LEAST_CHANNELS) return undefined;
  if ([rows, columns].some(({ kernel }) => kernel !== 3) || columns.stride !== stride) return undefined;
  if (stride !== 1 && stride !== 2) return undefined;
  // With stride 2 the input gradient's tiles begin with an even or an odd sample, alike along both axes.
  if (stride === 2 && rows.before !== columns.before) return undefined;
  const products = ({ forward: { outputs, points } }: WinogradKernels): number => {
    const tiles = batch * Math.ceil(rows.output / outputs) * Math.ceil(columns.output / outputs);
    return points * (tiles + FILTER_TILES);
  };
  const allowed = exactness === 'winograd6' && fewest < largeTilesFrom ? 'winograd4' : exactness;
  return algorithms[allowed][stride].toSorted((a, b) => products(a) - products(b))[0];
}

/** y of any size from x with zeros around it, `top` and `left` of them before its first pixel. */
function run(
  plan: PlanBuilder,
  convolution: WinogradConvolution,
  tensors: ConvolutionTensors,
  border: { top: number; left: number },
): void {
  const { outputs, points } = convolution;
  const { images, height, width, channels: outputChannels } = imageSize(tensors.y.shape);
  const inputChannels = tensors.x.shape[3]!;
  const tiles = images * Math.ceil(height / outputs) * Math.ceil(width / outputs);
  const filterFloats = points * roundUp(outputChannels, 8) * inputChannels;
  const tileFloats = points * roundUp(inputChannels, 4) * tiles;
  if (filterFloats > DEEP * tileFloats) runDeep(plan, convolution, tensors, { ...border, tiles });
  else runBlocks(plan, convolution, tensors, { ...border, tiles });
}

/** Bytes that a chunk of all tiles may take: the second-level cache holds it, and a chunk of a panel. */
const CHUNK_BYTES = 640 * 1024;
/** Channels a chunk, at least: with fewer, sums are fetched and put back too often. A multiple of what gathering takes at a time. */
const LEAST_CHUNK = 64;
const CHUNK_STEP = 32;

/** Channels a chunk, all chunks as even as they can be. */
function chunkChannels(channels: number, bytesPerChannel: number): number {
  const most = Math.max(LEAST_CHUNK, CHUNK_BYTES / bytesPerChannel);
  return roundUp(Math.ceil(channels / Math.ceil(channels / most)), CHUNK_STEP);
}

/** Chunk after chunk of input channels, and in each panel after panel of the filter, with all tiles. */
function runDeep(
  plan: PlanBuilder,
  { points, side, allTiles, fromTiles }: WinogradConvolution,
  { x, filter, y, bias, slopes }: ConvolutionTensors,
  { top, left, tiles: count }: { top: number; left: number; tiles: number },
): void {
  const size = imageSize(x.shape);
  const { height, width, channels } = imageSize(y.shape);
  const output = { images: size.images, height, width };
  const wholeCount = roundUp(count, TILES_A_QUAD);
  const chunk = chunkChannels(size.channels, points * wholeCount * 4);
  const chunks = Math.ceil(size.channels / chunk);
  const tiles = plan.temporary(chunks * points * (chunk * wholeCount + PLANE_GAP / 4));
  const gathering = plan.scratch(quadFloats(side, size.channels));
  plan.call(allTiles, {
    tiles,
    x: x.buffer,
    ...output,
    xHeight: size.height,
    xWidth: size.width,
    top,
    left,
    channels: size.channels,
    chunk,
    scratch: gathering.buffer,
    scratchBytes: gathering.bytesPerThread,
  });
  const [inputChannels, outputChannels] = filter.shape.slice(2) as [number, number];
  const panels = Math.ceil(Math.ceil(channels / TILE_COLUMNS) / plan.threads);
  const panelFloats = points * (chunk * TILE_COLUMNS + PLANE_GAP / 4);
  const sumFloats = points * (wholeCount * panels * TILE_COLUMNS + PLANE_GAP / 4);
  const scratch = plan.scratch(FILTER_SCRATCH_FLOATS + panelFloats + sumFloats);
  plan.call(fromTiles, {
    y: y.buffer,
    tiles,
    filter: filter.buffer,
    bias: bias?.buffer,
    slopes,
    ...output,
    inputChannels,
    outputChannels,
    chunk,
    transformBytes: FILTER_SCRATCH_FLOATS * 4,
    scratch: scratch.buffer,
    scratchBytes: scratch.bytesPerThread,
  });
}

/** Block after block of tiles, with the whole filter. */
function runBlocks(
  plan: PlanBuilder,
  { points, side: inputSide, filter: filterKernel, run: kernel }: WinogradConvolution,
  { x, filter, y, bias, slopes }: ConvolutionTensors,
  { top, left, tiles }: { top: number; left: number; tiles: number },
): void {
  const size = imageSize(x.shape);
  const { height, width, channels: outputChannels } = imageSize(y.shape);
  const inputChannels = size.channels;
  const panels = plan.derived(`${filterKernel.name} of ${filter.id}`, () => {
    const result = plan.temporary(points * (roundUp(outputChannels, 8) * inputChannels + PLANE_GAP / 4));
    const scratch = plan.scratch(FILTER_SCRATCH_FLOATS);
    const [rows, columns] = filter.shape.slice(2) as [number, number];
    plan.call(filterKernel, {
      panels: result,
      filter: filter.buffer,
      inputChannels: rows,
      outputChannels: columns,
      scratch: scratch.buffer,
      scratchBytes: scratch.bytesPerThread,
    });
    return result;
  });
  const channelFloats = roundUp(inputChannels, 4) + roundUp(outputChannels, 8);
  const block = blockTiles(tiles, points * channelFloats * 4, plan.threads);
  const planeFloats = block * channelFloats + PLANE_GAP / 2;
  const gridFloats = roundUp(quadFloats(inputSide, inputChannels), 16);
  const scratch = plan.scratch(gridFloats + points * planeFloats);
  plan.call(kernel, {
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
  run(plan, kernels.forward, tensors, { top: rows.before, left: columns.before });
}

export function inputGradientWinograd(
  plan: PlanBuilder,
  kernels: WinogradKernels,
  { rows, columns }: ConvolutionGeometry,
  { dy, filter, dx }: { dy: Tensor; filter: Tensor; dx: Tensor },
): void {
  const convolution = kernels.inputGradient[rows.before === 0 ? 0 : 1]!;
  // How far before an output tile its window begins.
  const border = (before: number): number => (kernels.stride === 1 ? 2 : 1) - before;
  const borders = { top: border(rows.before), left: border(columns.before) };
  run(plan, convolution, { x: dy, filter, y: dx }, borders);
}

export function filterGradientWinograd(
  plan: PlanBuilder,
  kernels: WinogradKernels,
  { batch, rows, columns, inputChannels, outputChannels }: ConvolutionGeometry,
  { x, dy, dfilter }: { x: Tensor; dy: Tensor; dfilter: Tensor },
): void {
  const { outputs, points, side } = kernels.forward;
  const tiles = batch * Math.ceil(rows.output / outputs) * Math.ceil(columns.output / outputs);
  const pairs = inputChannels * outputChannels;
  const deep = pairs > DEEP * tiles * inputChannels;
  const large = points * pairs * 4 > LARGE_PRODUCTS_BYTES;
  const round = deep ? tiles : Math.min(tiles, large ? LONG_ROUND_TILES : ROUND_TILES);
  const wholeInputs = roundUp(inputChannels, 8);
  const chunk = deep ? chunkChannels(inputChannels, points * tiles * 4) : wholeInputs;
  const chunks = Math.ceil(inputChannels / chunk);
  const xTiles = plan.temporary(chunks * points * (chunk * round + PLANE_GAP / 4));
  const dyTiles = plan.temporary(points * (roundUp(outputChannels, 8) * round + PLANE_GAP / 4));
  const scratch = plan.scratch(gatherFloats(side, Math.max(inputChannels, outputChannels)));
  const scratchOperands = { scratch: scratch.buffer, scratchBytes: scratch.bytesPerThread };
  const channels = { inputChannels, outputChannels };
  const gather = (first: number, count: number): void => {
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
      chunk,
      first,
      count,
      ...scratchOperands,
    });
  };
  if (deep) {
    gather(0, tiles);
    const panelFloats = points * (chunk * TILE_COLUMNS + PLANE_GAP / 4);
    const panel = plan.scratch(FILTER_SCRATCH_FLOATS + panelFloats);
    plan.call(kernels.filterGradientFromTiles, {
      result: dfilter.buffer,
      xTiles,
      dyTiles,
      ...channels,
      chunk,
      count: tiles,
      transformBytes: FILTER_SCRATCH_FLOATS * 4,
      scratch: panel.buffer,
      scratchBytes: panel.bytesPerThread,
    });
    return;
  }
  const products = plan.temporary(points * pairs);
  for (let first = 0; first < tiles; first += round) {
    const count = Math.min(round, tiles - first);
    gather(first, count);
    const keep = first === 0 ? 0 : 1;
    plan.call(winogradGradientProducts, {
      products,
      xTiles,
      dyTiles,
      points,
      ...channels,
      count,
      keep,
    });
  }
  plan.call(kernels.filterGradient, { result: dfilter.buffer, products, pairs, ...scratchOperands });
}
