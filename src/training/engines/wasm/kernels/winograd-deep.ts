/**
 * Winograd for layers with many channels and few tiles, whose transformed filters would be far larger than the images:
 * writing them to memory and reading them back would take longer than the products. So all tiles are transformed first,
 * and then every panel of eight output channels is carried through all steps while it stays in the second-level cache:
 * its filters are transformed, multiplied with all tiles, and the sums transformed back; for the filter gradient, its
 * products are summed over all tiles and transformed back at once. Threads share the panels.
 */
import type { I32 } from '../../../../assembler';
import { kernel } from './kernel';
import { forLanes } from './lanes';
import { packedTiles } from './packed-tiles';
import { forTiles, outerTile, rowsOfTile, TILE_COLUMNS } from './tiles';
import { transposed, type Winograd } from './winograd-algorithms';
import { panelRows, turnedPanelRows } from './winograd-filter';
import { gatherQuads, TILES_A_QUAD } from './winograd-quads';
import { nextPlane, scatterTiles } from './winograd-tiles';
import { PLANE_GAP, transform2D, transformRegisters } from './winograd-transforms';

const PANEL_ROW = TILE_COLUMNS * 4;

/** All tiles of the input: [point][tile / 4][channels, rounded up to vectors][4 tiles], with a gap between points. */
export function allTilesKernel(winograd: Winograd) {
  const { name, outputs: m } = winograd;
  const gather = gatherQuads(winograd);
  return kernel(
    `winogradAllTiles${name}`,
    {
      tiles: 'write',
      x: 'read',
      images: 'integer',
      xHeight: 'integer',
      xWidth: 'integer',
      top: 'integer',
      left: 'integer',
      height: 'integer',
      width: 'integer',
      channels: 'integer',
      scratch: 'scratch',
      scratchBytes: 'integer',
    },
    (f, p) => {
      const across = f.integer(p.width.add(m - 1).div(m));
      const down = f.integer(p.height.add(m - 1).div(m));
      const count = f.integer(p.images.mul(across).mul(down));
      const quads = f.integer(count.add(TILES_A_QUAD - 1).shiftRight(2));
      const quadBytes = f.integer(p.channels.add(3).and(-4).shiftLeft(4));
      const share = f.share(quads);
      const end = f.integer(share.to.shiftLeft(2));
      f.invoke(gather, {
        target: p.tiles.add(share.from.mul(quadBytes)),
        planeBytes: quads.mul(quadBytes).add(PLANE_GAP),
        quadBytes,
        x: p.x,
        height: p.xHeight,
        width: p.xWidth,
        channels: p.channels,
        top: p.top,
        left: p.left,
        across,
        down,
        from: share.from.shiftLeft(2),
        to: end.min(count),
        scratch: p.scratch.add(p.scratchBytes.mul(f.part)),
      });
    },
  );
}

/**
 * y = bias + x ∗ filter from all tiles of x, `rectified` by one slope a channel (a bias or slopes at address 0 are none).
 * `inputChannels` and `outputChannels` are the filter's; turned, they change places. A part's scratch holds
 * `transformBytes` for transforms, a panel and its sums.
 */
export function fromTilesKernel(winograd: Winograd, turned: boolean, filter = winograd) {
  const { name, outputs: m, points } = winograd;
  const makePanel = turned ? turnedPanelRows(filter) : panelRows(filter);
  const scatter = scatterTiles(winograd);
  return kernel(
    `winogradFromTiles${turned ? 'Turned' : ''}${name}`,
    {
      y: 'write',
      tiles: 'read',
      filter: 'read',
      bias: 'read',
      slopes: 'read',
      images: 'integer',
      height: 'integer',
      width: 'integer',
      inputChannels: 'integer',
      outputChannels: 'integer',
      transformBytes: 'integer',
      scratch: 'scratch',
      scratchBytes: 'integer',
    },
    (f, p) => {
      const across = f.integer(p.width.add(m - 1).div(m));
      const down = f.integer(p.height.add(m - 1).div(m));
      const count = f.integer(p.images.mul(across).mul(down));
      const [depth, channels] = turned
        ? [p.outputChannels, p.inputChannels]
        : [p.inputChannels, p.outputChannels];
      const yRow = f.integer(p.width.mul(channels).shiftLeft(2));
      const yImage = f.integer(yRow.mul(p.height));
      const quads = f.integer(count.add(TILES_A_QUAD - 1).shiftRight(2));
      const quadBytes = f.integer(depth.add(3).and(-4).shiftLeft(4));
      const tilePlane = f.integer(quads.mul(quadBytes).add(PLANE_GAP));
      const panelPlane = f.integer(depth.mul(PANEL_ROW).add(PLANE_GAP));
      const sumPlane = f.integer(quads.mul(TILES_A_QUAD * PANEL_ROW).add(PLANE_GAP));
      const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
      const panel = f.integer(scratch.add(p.transformBytes));
      const sums = f.integer(panel.add(panelPlane.mul(points * points)));
      const behind = (start: I32, bytes: I32): I32 => start.select(start.add(bytes), start);
      f.forShare(channels.add(TILE_COLUMNS - 1).div(TILE_COLUMNS), (item) => {
        const column = f.integer(item.mul(TILE_COLUMNS));
        const columnBytes = f.integer(column.shiftLeft(2));
        f.invoke(makePanel, {
          target: panel,
          planeBytes: panelPlane,
          filter: p.filter,
          inputChannels: p.inputChannels,
          outputChannels: p.outputChannels,
          column,
          from: 0,
          to: depth,
          scratch,
        });
        f.for(0, points * points, 1, (point) => {
          f.invoke(packedTiles, {
            a: p.tiles.add(point.mul(tilePlane)),
            quadBytes,
            quads,
            length: depth,
            panel: panel.add(point.mul(panelPlane)),
            c: sums.add(point.mul(sumPlane)),
            rowBytes: PANEL_ROW,
          });
        });
        const columnsLeft = f.integer(channels.sub(column));
        f.invoke(scatter, {
          source: sums,
          planeBytes: sumPlane,
          tileBytes: PANEL_ROW,
          y: p.y.add(columnBytes),
          yRow,
          yImage,
          height: p.height,
          width: p.width,
          pixelBytes: channels.shiftLeft(2),
          channels: columnsLeft.moreThan(TILE_COLUMNS).select(f.integer(TILE_COLUMNS), columnsLeft),
          bias: behind(p.bias, columnBytes),
          slopes: behind(p.slopes, columnBytes),
          across,
          down,
          from: 0,
          to: count,
          scratch,
        });
      });
    },
  );
}

/** The filter gradient from the panels of all tiles that `gradientTilesKernel` makes. Scratch: a panel's products. */
export function filterGradientFromTilesKernel({ name, filter: matrix, points }: Winograd) {
  return kernel(
    `winogradFilterGradientFromTiles${name}`,
    {
      result: 'write',
      xTiles: 'read',
      dyTiles: 'read',
      inputChannels: 'integer',
      outputChannels: 'integer',
      count: 'integer',
      transformBytes: 'integer',
      scratch: 'scratch',
      scratchBytes: 'integer',
    },
    (f, p) => {
      const registers = transformRegisters(f);
      const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
      const products = f.integer(scratch.add(p.transformBytes));
      const panels = f.integer(p.outputChannels.add(TILE_COLUMNS - 1).div(TILE_COLUMNS));
      const quadBytes = f.integer(p.count.shiftLeft(4));
      const panelBytes = f.integer(p.count.mul(PANEL_ROW));
      const xPlane = f.integer(p.inputChannels.add(3).shiftRight(2).mul(quadBytes).add(PLANE_GAP));
      const dyPlane = f.integer(panels.mul(panelBytes).add(PLANE_GAP));
      const productPlane = f.integer(p.inputChannels.mul(PANEL_ROW).add(PLANE_GAP));
      const rowBytes = f.integer(p.outputChannels.shiftLeft(2));
      const tapBytes = f.integer(p.inputChannels.mul(rowBytes));
      f.forShare(panels, (panel) => {
        f.for(0, points * points, 1, (point) => {
          const a = f.integer(p.xTiles.add(point.mul(xPlane)));
          const b = f.integer(p.dyTiles.add(point.mul(dyPlane)).add(panel.mul(panelBytes)));
          const c = f.integer(products.add(point.mul(productPlane)));
          forTiles(f, p.inputChannels, rowsOfTile(f), (row, existing) => {
            f.invoke(outerTile, {
              a: a.add(row.shiftRight(2).mul(quadBytes)),
              aRowBytes: 16,
              aQuadBytes: quadBytes,
              aSegmentBytes: 0,
              b,
              bRowBytes: PANEL_ROW,
              bSegmentBytes: 0,
              segments: 1,
              length: p.count,
              c: c.add(row.mul(PANEL_ROW)),
              rowBytes: PANEL_ROW,
              rows: existing,
              columns: TILE_COLUMNS,
              keep: 0,
            });
          });
        });
        const column = f.integer(panel.mul(TILE_COLUMNS));
        const columnsLeft = f.integer(p.outputChannels.sub(column));
        const columns = f.integer(
          columnsLeft.moreThan(TILE_COLUMNS).select(f.integer(TILE_COLUMNS), columnsLeft),
        );
        f.for(0, p.inputChannels, 1, (input) => {
          const target = f.integer(p.result.add(input.mul(rowBytes)).add(column.shiftLeft(2)));
          forLanes(f, columns, (offset, { load, store }) => {
            const plane = f.integer(products.add(input.mul(PANEL_ROW)).add(offset));
            transform2D(
              f,
              transposed(matrix),
              registers,
              scratch,
              () => nextPlane(f, plane, productPlane, load),
              (tapColumn, tapRow, value) => {
                store(target.add(offset).add(tapBytes.mul(tapRow * 3 + tapColumn)), value);
              },
            );
          });
        });
      });
    },
  );
}
