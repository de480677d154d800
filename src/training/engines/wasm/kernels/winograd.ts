/**
 * 3×3 convolutions by the algorithms of `winograd-algorithms.ts`: stride 1 and 2, forward and input gradient (which has
 * the filter turned round, and with stride 2 other matrices), and the families of their kernels. A block of tiles goes
 * through input transform, one small matrix product for each point and output transform while it stays in the second-level
 * cache. Threads share tiles.
 */
import { kernel, type Kernel } from './kernel';
import { packedTiles } from './packed-tiles';
import { TILE_COLUMNS } from './tiles';
import {
  strided3,
  strided4,
  type Winograd,
  winograd2,
  winograd4,
  winograd6,
  type WinogradFamily,
} from './winograd-algorithms';
import { filterGradientKernel, filterKernel } from './winograd-filter';
import { allTilesKernel, filterGradientFromTilesKernel, fromTilesKernel } from './winograd-deep';
import { gradientTilesKernel, winogradGradientProducts } from './winograd-gradient';
import { gatherQuads, TILES_A_QUAD } from './winograd-quads';
import { scatterTiles } from './winograd-tiles';
import { PLANE_GAP } from './winograd-transforms';

const PANEL_ROW = TILE_COLUMNS * 4;

/**
 * y = bias + x ∗ filter, `rectified` by one slope a channel (a bias or slopes at address 0 are none). A part's scratch has
 * `gridBytes` for gathering tiles, then room for `blockTiles` tiles of inputs and sums.
 */
function forwardKernel(winograd: Winograd) {
  const { name, outputs: m, points } = winograd;
  const gather = gatherQuads(winograd);
  const scatter = scatterTiles(winograd);
  return kernel(
    `winogradForward${name}`,
    {
      y: 'write',
      x: 'read',
      panels: 'read',
      bias: 'read',
      slopes: 'read',
      images: 'integer',
      xHeight: 'integer',
      xWidth: 'integer',
      top: 'integer',
      left: 'integer',
      height: 'integer',
      width: 'integer',
      inputChannels: 'integer',
      outputChannels: 'integer',
      gridBytes: 'integer',
      blockTiles: 'integer',
      scratch: 'scratch',
      scratchBytes: 'integer',
    },
    (f, p) => {
      const across = f.integer(p.width.add(m - 1).div(m));
      const down = f.integer(p.height.add(m - 1).div(m));
      const tiles = f.integer(p.images.mul(across).mul(down));
      const yRow = f.integer(p.width.mul(p.outputChannels).shiftLeft(2));
      const yImage = f.integer(yRow.mul(p.height));
      const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
      const quadBytes = f.integer(p.inputChannels.add(3).and(-4).shiftLeft(4));
      const sumRow = f.integer(p.outputChannels.add(7).and(-8).shiftLeft(2));
      const inputPlane = f.integer(p.blockTiles.shiftRight(2).mul(quadBytes).add(PLANE_GAP));
      const sumPlane = f.integer(p.blockTiles.mul(sumRow).add(PLANE_GAP));
      const inputs = f.integer(scratch.add(p.gridBytes));
      const sums = f.integer(inputs.add(inputPlane.mul(points * points)));
      const panelBytes = f.integer(p.inputChannels.mul(PANEL_ROW));
      const panel = f.integer();
      // By quads and not by blocks: the last block is smaller, and threads would have unequal shares.
      const share = f.share(tiles.add(TILES_A_QUAD - 1).div(TILES_A_QUAD));
      const blockQuads = f.integer(p.blockTiles.div(TILES_A_QUAD));
      f.for(share.from, share.to, blockQuads, (first) => {
        const quadsLeft = f.integer(share.to.sub(first));
        const quads = f.integer(quadsLeft.min(blockQuads));
        const from = f.integer(first.mul(TILES_A_QUAD));
        const end = f.integer(from.add(quads.mul(TILES_A_QUAD)));
        const to = f.integer(end.min(tiles));
        const range = { across, down, from, to, scratch };
        f.invoke(gather, {
          target: inputs,
          planeBytes: inputPlane,
          quadBytes,
          chunkVectors: p.inputChannels,
          chunkBytes: 0,
          x: p.x,
          height: p.xHeight,
          width: p.xWidth,
          channels: p.inputChannels,
          top: p.top,
          left: p.left,
          ...range,
        });
        panel.set(p.panels);
        f.for(0, points * points, 1, (point) => {
          const a = f.integer(inputs.add(point.mul(inputPlane)));
          const c = f.integer(sums.add(point.mul(sumPlane)));
          f.for(0, sumRow, PANEL_ROW, (column) => {
            f.invoke(packedTiles, {
              a,
              quadBytes,
              quads,
              length: p.inputChannels,
              panel,
              c: c.add(column),
              rowBytes: sumRow,
              keep: 0,
            });
            panel.advance(panelBytes);
          });
          panel.advance(PLANE_GAP);
        });
        f.invoke(scatter, {
          source: sums,
          planeBytes: sumPlane,
          tileBytes: sumRow,
          y: p.y,
          yRow,
          yImage,
          height: p.height,
          width: p.width,
          pixelBytes: p.outputChannels.shiftLeft(2),
          channels: p.outputChannels,
          bias: p.bias,
          slopes: p.slopes,
          ...range,
        });
      });
    },
  );
}

/** What the plan has to know of an algorithm, and its kernels: the filter's, and the one for all the rest. */
function convolution(winograd: Winograd, turned: boolean, filter = winograd) {
  const { name, outputs, points, input } = winograd;
  return {
    name,
    outputs,
    points: points ** 2,
    side: input[0]!.length,
    filter: filterKernel(filter, turned),
    run: forwardKernel(winograd),
    allTiles: allTilesKernel(winograd),
    fromTiles: fromTilesKernel(winograd, turned, filter),
  };
}

function family({ stride, forward, inputGradient }: WinogradFamily) {
  const convolve = convolution(forward, false);
  return {
    stride,
    forward: convolve,
    /** By how many zeros precede the image. */
    inputGradient: inputGradient.map((winograd) => convolution(winograd, true, forward)),
    gradientTiles: gradientTilesKernel(forward),
    filterGradient: filterGradientKernel(forward),
    filterGradientFromTiles: filterGradientFromTilesKernel(forward),
  };
}

export type WinogradKernels = ReturnType<typeof family>;
export type WinogradConvolution = WinogradKernels['forward'];
export const winograd6Kernels = family(winograd6);
export const winograd4Kernels = family(winograd4);
export const winograd2Kernels = family(winograd2);
export const strided4Kernels = family(strided4);
export const strided3Kernels = family(strided3);

const families = [winograd6Kernels, winograd4Kernels, winograd2Kernels, strided4Kernels, strided3Kernels];

/** Stride 1 has the same kernels for both directions. */
const all: readonly Kernel[] = [
  ...families.flatMap(
    ({ forward, inputGradient, gradientTiles, filterGradient, filterGradientFromTiles }) => [
      ...[forward, ...inputGradient].flatMap(({ filter, run, allTiles, fromTiles }) => [
        filter,
        run,
        allTiles,
        fromTiles,
      ]),
      gradientTiles,
      filterGradient,
      filterGradientFromTiles,
    ],
  ),
  winogradGradientProducts,
];

export const winogradKernels: readonly Kernel[] = [
  ...new Map(all.map((definition) => [definition.name, definition])).values(),
];
