/**
 * Winograd for layers with many channels and few tiles, whose transformed filters would be far larger than the images:
 * writing them to memory and reading them back would take longer than the products. So all tiles are transformed first, in
 * chunks of input channels of which one stays in the second-level cache while it meets panel after panel of eight output
 * channels: their filters are transformed and multiplied with all tiles; for the filter gradient, products are summed over all
 * tiles and transformed back at once. Chunks add to each other's sums, in the order of one long sum. Threads share the panels.
 */
import type { I32 } from '../../../../assembler';
import { kernel } from './kernel';
import { forLanes } from './lanes';
import { packedTiles } from './packed-tiles';
import { forTiles, outerTile, rowsOfTile, TILE_COLUMNS } from './tiles';
import { transposed, type Winograd } from './winograd-algorithms';
import { panelRows, turnedPanelRows } from './winograd-filter';
import { xPlaneBytes } from './winograd-gradient';
import { gatherQuads, TILES_A_QUAD } from './winograd-quads';
import { nextPlane, scatterTiles } from './winograd-tiles';
import { PLANE_GAP, transform2D, transformRegisters } from './winograd-transforms';

const PANEL_ROW = TILE_COLUMNS * 4;

/** Bytes of a chunk's plane of all tiles: [tile / 4][chunk / 4][4 tiles][4], with a gap between planes. */
const tilePlaneBytes = (quads: I32, chunk: I32): I32 => quads.mul(chunk.shiftLeft(4)).add(PLANE_GAP);

/** All tiles of the input: [channel / `chunk`][point][tile / 4][chunk / 4][4 tiles][4]; `chunk` is a multiple of 16. */
export function allTilesKernel(winograd: Winograd) {
  const { name, outputs: m, points } = winograd;
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
      chunk: 'integer',
      scratch: 'scratch',
      scratchBytes: 'integer',
    },
    (f, p) => {
      const across = f.integer(p.width.add(m - 1).div(m));
      const down = f.integer(p.height.add(m - 1).div(m));
      const count = f.integer(p.images.mul(across).mul(down));
      const quads = f.integer(count.add(TILES_A_QUAD - 1).shiftRight(2));
      const quadBytes = f.integer(p.chunk.shiftLeft(4));
      const planeBytes = f.integer(tilePlaneBytes(quads, p.chunk));
      const share = f.share(quads);
      const end = f.integer(share.to.shiftLeft(2));
      f.invoke(gather, {
        target: p.tiles.add(share.from.mul(quadBytes)),
        planeBytes,
        quadBytes,
        chunkVectors: p.chunk.shiftRight(2),
        chunkBytes: planeBytes.mul(points ** 2),
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
 * `transformBytes` for transforms, a chunk of a panel, and the sums of its share of the panels.
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
      chunk: 'integer',
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
      const quads = f.integer(count.add(TILES_A_QUAD - 1).shiftRight(2));
      const quadBytes = f.integer(p.chunk.shiftLeft(4));
      const tilePlane = f.integer(tilePlaneBytes(quads, p.chunk));
      const share = f.share(channels.add(TILE_COLUMNS - 1).div(TILE_COLUMNS));
      const sumRow = f.integer(share.to.sub(share.from).mul(PANEL_ROW));
      const panelPlane = f.integer(p.chunk.mul(PANEL_ROW).add(PLANE_GAP));
      const sumPlane = f.integer(quads.mul(TILES_A_QUAD).mul(sumRow).add(PLANE_GAP));
      const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
      const panel = f.integer(scratch.add(p.transformBytes));
      const sums = f.integer(panel.add(panelPlane.mul(points ** 2)));
      const tiles = f.integer(p.tiles);
      f.for(0, depth, p.chunk, (from) => {
        const end = f.integer(from.add(p.chunk));
        const to = f.integer(end.min(depth));
        f.for(share.from, share.to, 1, (item) => {
          f.invoke(makePanel, {
            target: panel.sub(from.mul(PANEL_ROW)),
            planeBytes: panelPlane,
            filter: p.filter,
            inputChannels: p.inputChannels,
            outputChannels: p.outputChannels,
            column: item.mul(TILE_COLUMNS),
            from,
            to,
            scratch,
          });
          const column = f.integer(sums.add(item.sub(share.from).mul(PANEL_ROW)));
          f.for(0, points ** 2, 1, (point) => {
            f.invoke(packedTiles, {
              a: tiles.add(point.mul(tilePlane)),
              quadBytes,
              quads,
              length: to.sub(from),
              panel: panel.add(point.mul(panelPlane)),
              c: column.add(point.mul(sumPlane)),
              rowBytes: sumRow,
              keep: from,
            });
          });
        });
        tiles.advance(tilePlane.mul(points ** 2));
      });
      const firstBytes = f.integer(share.from.mul(PANEL_ROW));
      const channelsLeft = f.integer(channels.sub(share.from.mul(TILE_COLUMNS)));
      const shared = f.integer(share.to.sub(share.from).mul(TILE_COLUMNS));
      const behind = (start: I32): I32 => start.select(start.add(firstBytes), start);
      f.if(sumRow, () => {
        f.invoke(scatter, {
          source: sums,
          planeBytes: sumPlane,
          tileBytes: sumRow,
          y: p.y.add(firstBytes),
          yRow,
          yImage: yRow.mul(p.height),
          height: p.height,
          width: p.width,
          pixelBytes: channels.shiftLeft(2),
          channels: shared.min(channelsLeft),
          bias: behind(p.bias),
          slopes: behind(p.slopes),
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

/**
 * The filter gradient from the panels of all tiles that `gradientTilesKernel` makes. A part's scratch holds `transformBytes`
 * for transforms and the products of a chunk of a panel.
 */
export function filterGradientFromTilesKernel({ name, filter: matrix, points }: Winograd) {
  return kernel(
    `winogradFilterGradientFromTiles${name}`,
    {
      result: 'write',
      xTiles: 'read',
      dyTiles: 'read',
      inputChannels: 'integer',
      outputChannels: 'integer',
      chunk: 'integer',
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
      const vectorBytes = f.integer(p.count.shiftLeft(4));
      const panelBytes = f.integer(p.count.mul(PANEL_ROW));
      const xPlane = f.integer(xPlaneBytes(p.chunk, vectorBytes));
      const dyPlane = f.integer(panels.mul(panelBytes).add(PLANE_GAP));
      const productPlane = f.integer(p.chunk.mul(PANEL_ROW).add(PLANE_GAP));
      const rowBytes = f.integer(p.outputChannels.shiftLeft(2));
      const tapBytes = f.integer(p.inputChannels.mul(rowBytes));
      const share = f.share(panels);
      const xTiles = f.integer(p.xTiles);
      f.for(0, p.inputChannels, p.chunk, (from) => {
        const inputsLeft = f.integer(p.inputChannels.sub(from));
        const inputs = f.integer(inputsLeft.min(p.chunk));
        f.for(share.from, share.to, 1, (panel) => {
          f.for(0, points * points, 1, (point) => {
            const a = f.integer(xTiles.add(point.mul(xPlane)));
            const b = f.integer(p.dyTiles.add(point.mul(dyPlane)).add(panel.mul(panelBytes)));
            const c = f.integer(products.add(point.mul(productPlane)));
            forTiles(f, inputs, rowsOfTile(f), (row, existing) => {
              f.invoke(outerTile, {
                a: a.add(row.shiftRight(2).mul(vectorBytes)),
                aRowBytes: 16,
                aQuadBytes: vectorBytes,
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
          f.for(0, inputs, 1, (input) => {
            const target = f.integer(p.result.add(from.add(input).mul(rowBytes)).add(column.shiftLeft(2)));
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
        xTiles.advance(xPlane.mul(points ** 2));
      });
    },
  );
}
