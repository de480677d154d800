/** Large windows between few and many channels: nested Winograd, one image after the other. */
import type { ConvolutionGeometry } from '../../../../graph/convolution-geometry';
import { nestedFilterGradient, nestedProducts, nestedSpread } from '../../kernels/nested-gradient';
import {
  NESTED_POINTS,
  NESTED_STEP,
  nestedFilter,
  nestedGradientTiles,
  nestedTiles,
} from '../../kernels/nested-tiles';
import { MOST_FEW_CHANNELS, nestedFromFew, nestedToFew } from '../../kernels/nested-winograd';
import { TILE_COLUMNS } from '../../kernels/tiles';
import { gatherFloats } from '../../kernels/winograd-tiles';
import { PLANE_GAP } from '../../kernels/winograd-transforms';
import type { Buffer } from '../buffer';
import type { PlanBuilder } from '../plan-builder';
import type { ConvolutionTensors } from './convolution';
import { imageSize, type LoweringSettings, type Tensor } from './lowering';

/** With fewer, transforms cost more than they save. */
const LEAST_MANY_CHANNELS = 16;

/** Bytes of transformed tiles at a time: an image of training whole, larger ones in strips of at least so many rows of tiles. */
const STRIP_BYTES = 16 * 1024 * 1024;
const LEAST_STRIP_ROWS = 8;

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** Whether a convolution and its gradients are computed so. */
export function nestingPays(
  { rows, columns, inputChannels, outputChannels }: ConvolutionGeometry,
  { exactness }: LoweringSettings,
): boolean {
  const [few, many] = [inputChannels, outputChannels].sort((a, b) => a - b) as [number, number];
  return (
    (exactness === 'winograd6' || exactness === 'winograd4') &&
    [rows, columns].every(({ kernel, stride }) => stride === 1 && kernel > 3 && kernel % NESTED_STEP === 0) &&
    few <= MOST_FEW_CHANNELS &&
    many >= LEAST_MANY_CHANNELS &&
    many % 4 === 0
  );
}

/** A grid of tiles on an image batch, begun `top` and `left` pixels before each image. */
interface TileGrid {
  readonly down: number;
  readonly across: number;
  readonly top: number;
  readonly left: number;
}

/** Transformed tiles of one image, or of a strip of it, at a time, all of them in the same place. */
function tilePlanes(
  plan: PlanBuilder,
  x: Tensor,
  kernel: typeof nestedTiles,
  { down, across, top, left }: TileGrid,
): { tiles: Buffer; rowBytes: number; gather: (image: number, skippedRows?: number) => void } {
  const { height, width, channels } = imageSize(x.shape);
  // Fewer than four channels are stored as vectors, whose overhang the last tile of a row needs room for.
  const rowFloats = across * channels + (channels % 4 === 0 ? 0 : 4);
  const tiles = plan.temporary(NESTED_POINTS * (down * rowFloats + PLANE_GAP / 4));
  const scratch = plan.scratch(gatherFloats(5, channels));
  const gather = (image: number, skippedRows = 0): void => {
    plan.call(kernel, {
      tiles,
      image: x.buffer.at(image * height * width * channels),
      height,
      width,
      channels,
      top: top - skippedRows * NESTED_STEP,
      left,
      down,
      across,
      rowBytes: rowFloats * 4,
      scratch: scratch.buffer,
      scratchBytes: scratch.bytesPerThread,
    });
  };
  return { tiles, rowBytes: rowFloats * 4, gather };
}

const tilesOver = (pixels: number): number => Math.ceil(pixels / NESTED_STEP);

/** y from x with zeros around it; `turned` computes an input gradient. */
function run(
  plan: PlanBuilder,
  { x, filter, y, bias, slopes }: ConvolutionTensors,
  { top, left, turned }: { top: number; left: number; turned: boolean },
): void {
  const { images, height, width, channels: outputChannels } = imageSize(y.shape);
  const inputChannels = x.shape[3]!;
  const [kernelRows, kernelColumns] = filter.shape as [number, number];
  const [blockRows, blockColumns] = [kernelRows / NESTED_STEP, kernelColumns / NESTED_STEP];
  const toFew = outputChannels <= MOST_FEW_CHANNELS;
  const depth = blockRows * blockColumns * inputChannels;
  const columns = toFew ? MOST_FEW_CHANNELS : roundUp(outputChannels, TILE_COLUMNS);
  const panels = plan.derived(`nested panels of ${filter.id}${turned ? ' turned' : ''}`, () => {
    const result = plan.temporary(NESTED_POINTS * columns * depth);
    const scratch = plan.scratch(gatherFloats(0, 0));
    const tap = inputChannels * outputChannels;
    const direction = turned ? -1 : 1;
    plan.call(nestedFilter, {
      panels: result,
      filter: filter.buffer,
      origin: turned ? (kernelRows * kernelColumns - 1) * tap : 0,
      blockRows,
      blockColumns,
      depth: inputChannels,
      channels: outputChannels,
      rowStep: direction * kernelColumns * tap,
      columnStep: direction * tap,
      depthStep: turned ? 1 : outputChannels,
      channelStep: turned ? inputChannels : 1,
      planeBytes: columns * depth * 4,
      panelBytes: TILE_COLUMNS * depth * 4,
      columnBytes: toFew ? depth * 4 : 4,
      depthBytes: toFew ? 4 : TILE_COLUMNS * 4,
      scratch: scratch.buffer,
      scratchBytes: scratch.bytesPerThread,
    });
    return result;
  });
  const across = tilesOver(width) + blockColumns - 1;
  // Strips of a large image overlap by the window's rows of blocks, less one.
  const fittingRows = Math.floor(STRIP_BYTES / (NESTED_POINTS * across * inputChannels * 4));
  const strip = Math.min(tilesOver(height), Math.max(LEAST_STRIP_ROWS, fittingRows - blockRows + 1));
  const down = strip + blockRows - 1;
  const { tiles, rowBytes, gather } = tilePlanes(plan, x, nestedTiles, { down, across, top, left });
  const sumFloats = tilesOver(width) * (toFew ? 4 : columns) + PLANE_GAP / 4;
  const scratch = plan.scratch(gatherFloats(0, 0) + NESTED_POINTS * sumFloats);
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < tilesOver(height); row += strip) {
      const firstRow = row * NESTED_STEP;
      gather(image, row);
      plan.call(toFew ? nestedToFew : nestedFromFew, {
        y: y.buffer.at((image * height + firstRow) * width * outputChannels),
        tiles,
        panels,
        bias: bias?.buffer,
        slopes,
        height: Math.min(strip * NESTED_STEP, height - firstRow),
        width,
        inputChannels,
        outputChannels,
        blockRows,
        blockColumns,
        down,
        rowBytes,
        scratch: scratch.buffer,
        scratchBytes: scratch.bytesPerThread,
      });
    }
  }
}

export function convolveNested(
  plan: PlanBuilder,
  { rows, columns }: ConvolutionGeometry,
  tensors: ConvolutionTensors,
): void {
  run(plan, tensors, { top: rows.before, left: columns.before, turned: false });
}

export function inputGradientNested(
  plan: PlanBuilder,
  { rows, columns }: ConvolutionGeometry,
  { dy, filter, dx }: { dy: Tensor; filter: Tensor; dx: Tensor },
): void {
  const border = {
    top: rows.kernel - 1 - rows.before,
    left: columns.kernel - 1 - columns.before,
    turned: true,
  };
  run(plan, { x: dy, filter, y: dx }, border);
}

export function filterGradientNested(
  plan: PlanBuilder,
  { batch, rows, columns, inputChannels, outputChannels }: ConvolutionGeometry,
  { x, dy, dfilter }: { x: Tensor; dy: Tensor; dfilter: Tensor },
): void {
  const [blockRows, blockColumns] = [rows.kernel / NESTED_STEP, columns.kernel / NESTED_STEP];
  const [down, across] = [tilesOver(rows.output), tilesOver(columns.output)];
  const [moreDown, moreAcross] = [down + blockRows - 1, across + blockColumns - 1];
  const fewOutputs = outputChannels <= MOST_FEW_CHANNELS;
  const many = fewOutputs ? inputChannels : outputChannels;
  const few = fewOutputs ? outputChannels : inputChannels;
  // Block (u, v) multiplies dy's tile (i, j) with x's tile (i + u, j + v). With few outputs, x's tiles are the rows of the
  // product, so dy's are read from (u, v) tiles before them, the blocks from last to first.
  const xGrid = { down: moreDown, across: moreAcross, top: rows.before, left: columns.before };
  const xTiles = tilePlanes(plan, x, nestedTiles, xGrid);
  const dyTiles = tilePlanes(
    plan,
    dy,
    nestedGradientTiles,
    fewOutputs
      ? {
          down: moreDown + blockRows - 1,
          across: moreAcross + blockColumns - 1,
          top: (blockRows - 1) * NESTED_STEP,
          left: (blockColumns - 1) * NESTED_STEP,
        }
      : { down, across, top: 0, left: 0 },
  );
  const [manyTiles, fewTiles] = fewOutputs ? [xTiles, dyTiles] : [dyTiles, xTiles];
  const grid = fewOutputs ? { down: moreDown, across: moreAcross } : { down, across };
  const count = grid.down * grid.across;
  // Blocks are laid side by side as vectors, each over the overhang of the one before.
  const blockFloats = blockColumns * few;
  const width = roundUp((blockRows - 1) * blockFloats + roundUp(blockFloats, 4), TILE_COLUMNS);
  const spread = plan.temporary(NESTED_POINTS * count * width + 4);
  const products = plan.temporary(NESTED_POINTS * many * width);
  for (let image = 0; image < batch; image++) {
    xTiles.gather(image);
    dyTiles.gather(image);
    plan.call(nestedSpread, {
      spread,
      tiles: fewTiles.tiles,
      ...grid,
      channels: few,
      tilesDown: fewOutputs ? moreDown + blockRows - 1 : moreDown,
      tilesRowBytes: fewTiles.rowBytes,
      blockRows,
      blockFloats,
      columns: width,
    });
    plan.call(nestedProducts, {
      products,
      tiles: manyTiles.tiles,
      spread,
      channels: many,
      columns: width,
      count,
      keep: image,
    });
  }
  const scratch = plan.scratch(gatherFloats(0, 0));
  plan.call(nestedFilterGradient, {
    result: dfilter.buffer,
    products,
    many,
    few,
    manyStep: fewOutputs ? few : 1,
    fewStep: fewOutputs ? 1 : many,
    blockRows,
    blockColumns,
    columns: width,
    backwards: fewOutputs ? 1 : 0,
    scratch: scratch.buffer,
    scratchBytes: scratch.bytesPerThread,
  });
}
