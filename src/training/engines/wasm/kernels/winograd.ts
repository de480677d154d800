/**
 * 3×3 convolutions of stride 1 by Winograd's F(4×4) and F(2×2), forward, input gradient (the same with the filter turned
 * round) and filter gradient. A block of tiles goes through input transform, one small matrix product for each of the 36
 * (16) points and output transform while it stays in the second-level cache. Threads share blocks of tiles.
 */
import { kernel, type Kernel } from './kernel';
import { forTiles, panelTile, TILE_COLUMNS, TILE_ROWS } from './tiles';
import { filterGradientKernel, filterKernel } from './winograd-filter';
import { gradientProductsKernel, gradientTilesKernel } from './winograd-gradient';
import { gatherTiles, scatterTiles } from './winograd-tiles';
import { PLANE_GAP, type Winograd, winograd2, winograd4 } from './winograd-transforms';

const PANEL_ROW = TILE_COLUMNS * 4;

/**
 * y = bias + x ∗ filter, `rectified` by one slope a channel (a bias or slopes at address 0 are none). A part's scratch holds the transforms' grid, then `blockTiles` tiles of inputs and sums.
 */
function forwardKernel(winograd: Winograd) {
  const { outputs: m, points } = winograd;
  const gather = gatherTiles(`winogradGather${m}`, winograd.input, m);
  const scatter = scatterTiles(winograd);
  return kernel(
    `winogradForward${m}`,
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
      const inputRow = f.integer(p.inputChannels.add(3).and(-4).shiftLeft(2));
      const sumRow = f.integer(p.outputChannels.add(7).and(-8).shiftLeft(2));
      const inputPlane = f.integer(p.blockTiles.mul(inputRow).add(PLANE_GAP));
      const sumPlane = f.integer(p.blockTiles.mul(sumRow).add(PLANE_GAP));
      const inputs = f.integer(scratch.add(p.gridBytes));
      const sums = f.integer(inputs.add(inputPlane.mul(points * points)));
      const panelBytes = f.integer(p.inputChannels.mul(PANEL_ROW));
      const panel = f.integer();
      f.forShare(tiles.add(p.blockTiles).sub(1).div(p.blockTiles), (block) => {
        const from = f.integer(block.mul(p.blockTiles));
        const end = f.integer(from.add(p.blockTiles));
        const to = f.integer(end.min(tiles));
        const range = { across, down, from, to, scratch };
        f.invoke(gather, {
          target: inputs,
          planeBytes: inputPlane,
          pairBytes: 32,
          halfBytes: 16,
          tileBytes: inputRow,
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
            forTiles(f, to.sub(from), TILE_ROWS, (row, existing) => {
              f.invoke(panelTile, {
                a: a.add(row.mul(inputRow)),
                aRowBytes: inputRow,
                segments: 1,
                segmentBytes: 0,
                length: p.inputChannels,
                panel,
                bias: 0,
                slopes: 0,
                c: c.add(row.mul(sumRow)).add(column),
                rowBytes: sumRow,
                rows: existing,
                columns: TILE_COLUMNS,
              });
            });
            panel.advance(panelBytes);
          });
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
          channels: p.outputChannels,
          bias: p.bias,
          slopes: p.slopes,
          ...range,
        });
      });
    },
  );
}

function family(winograd: Winograd) {
  return {
    outputs: winograd.outputs,
    points: winograd.points ** 2,
    filter: filterKernel(winograd, false),
    filterTurned: filterKernel(winograd, true),
    forward: forwardKernel(winograd),
    gradientTiles: gradientTilesKernel(winograd),
    gradientProducts: gradientProductsKernel(winograd),
    filterGradient: filterGradientKernel(winograd),
  };
}

export type WinogradKernels = ReturnType<typeof family>;
export const winograd4Kernels = family(winograd4);
export const winograd2Kernels = family(winograd2);

export const winogradKernels: readonly Kernel[] = [winograd4Kernels, winograd2Kernels].flatMap((kernels) => [
  kernels.filter,
  kernels.filterTurned,
  kernels.forward,
  kernels.gradientTiles,
  kernels.gradientProducts,
  kernels.filterGradient,
]);
