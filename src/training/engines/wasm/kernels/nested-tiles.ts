/** What `nested-winograd.ts` works on: transformed tiles of images, and transformed blocks of filters. */
import { kernel } from './kernel';
import { type Matrix, transposed, winograd3 } from './winograd-algorithms';
import { gatherTiles } from './winograd-tiles';
import { PLANE_GAP, transform2D, transformRegisters } from './winograd-transforms';

/** Pixels between two tiles, and between two blocks of a window. */
export const NESTED_STEP = winograd3.step;
export const NESTED_POINTS = winograd3.points ** 2;

/**
 * Transformed tiles of one image, in planes [point][row of tiles][tile][channels]; `rowBytes` holds a row of them and the
 * overhang of the last one. Rows and columns begin `top` and `left` pixels before the image. Threads share rows.
 */
function tilesKernel(name: string, matrix: Matrix) {
  const gather = gatherTiles(`${name}Gather`, matrix, NESTED_STEP);
  return kernel(
    name,
    {
      tiles: 'write',
      image: 'read',
      height: 'integer',
      width: 'integer',
      channels: 'integer',
      top: 'integer',
      left: 'integer',
      down: 'integer',
      across: 'integer',
      rowBytes: 'integer',
      scratch: 'scratch',
      scratchBytes: 'integer',
    },
    (f, p) => {
      const planeBytes = f.integer(p.down.mul(p.rowBytes).add(PLANE_GAP));
      const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
      f.forShare(p.down, (row) => {
        const from = f.integer(row.mul(p.across));
        f.invoke(gather, {
          target: p.tiles.add(row.mul(p.rowBytes)),
          planeBytes,
          pairBytes: 32,
          halfBytes: 16,
          tileBytes: p.channels.shiftLeft(2),
          chunkVectors: p.channels,
          chunkBytes: 0,
          x: p.image,
          height: p.height,
          width: p.width,
          channels: p.channels,
          top: p.top,
          left: p.left,
          across: p.across,
          down: p.down,
          from,
          to: from.add(p.across),
          scratch,
        });
      });
    },
  );
}

/** Tiles of 5 × 5 input pixels. */
export const nestedTiles = tilesKernel('nestedTiles', winograd3.input);
/** Tiles of 3 × 3 pixels of an output's gradient. */
export const nestedGradientTiles = tilesKernel('nestedGradientTiles', transposed(winograd3.output));

/**
 * Transformed blocks of the filter. Element k = (block, input channel) of output channel c goes to
 * (c ≫ 3)·panelBytes + (c & 7)·columnBytes + k·depthBytes of its point's plane. Steps through the filter are in floats
 * from `origin` on, as for `packShifted`; negative ones turn it round.
 */
export const nestedFilter = kernel(
  'nestedFilter',
  {
    panels: 'write',
    filter: 'read',
    origin: 'integer',
    blockRows: 'integer',
    blockColumns: 'integer',
    depth: 'integer',
    channels: 'integer',
    rowStep: 'integer',
    columnStep: 'integer',
    depthStep: 'integer',
    channelStep: 'integer',
    planeBytes: 'integer',
    panelBytes: 'integer',
    columnBytes: 'integer',
    depthBytes: 'integer',
    scratch: 'scratch',
    scratchBytes: 'integer',
  },
  (f, p) => {
    const registers = transformRegisters(f);
    const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
    const target = f.integer();
    f.forShare(p.channels, (channel) => {
      const column = f.integer(
        channel.shiftRight(3).mul(p.panelBytes).add(channel.and(7).mul(p.columnBytes)),
      );
      f.for(0, p.blockRows, 1, (blockRow) => {
        f.for(0, p.blockColumns, 1, (blockColumn) => {
          const block = f.integer(blockRow.mul(p.blockColumns).add(blockColumn));
          const corner = blockRow.mul(p.rowStep).add(blockColumn.mul(p.columnStep)).mul(NESTED_STEP);
          const first = f.integer(p.origin.add(corner).add(channel.mul(p.channelStep)));
          f.for(0, p.depth, 1, (d) => {
            const source = f.integer(p.filter.add(first.add(d.mul(p.depthStep)).shiftLeft(2)));
            target.set(p.panels.add(column).add(block.mul(p.depth).add(d).mul(p.depthBytes)));
            transform2D(
              f,
              winograd3.filter,
              registers,
              scratch,
              (row, tapColumn) =>
                source.add(p.rowStep.mul(row).add(p.columnStep.mul(tapColumn)).shiftLeft(2)).loadLane(),
              (_row, _column, value) => {
                f.storeLane(target, value, 0);
                target.advance(p.planeBytes);
              },
            );
          });
        });
      });
    });
  },
);

export const nestedTilesKernels = [nestedTiles, nestedGradientTiles, nestedFilter];
