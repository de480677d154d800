/**
 * The filter gradient by Winograd: dfilter = Gᵀ[Σ over tiles of (Bᵀ x B) ⊙ (A dy Aᵀ)]G, in rounds of tiles. A round
 * gathers tiles of x and dy into panels, then multiplies them, one product for each point.
 */
import type { I32 } from '../../../../assembler';
import { kernel } from './kernel';
import { forTiles, outerTile, rowsOfTile, TILE_COLUMNS } from './tiles';
import { transposed, type Winograd } from './winograd-algorithms';
import { gatherTiles } from './winograd-tiles';
import { PLANE_GAP } from './winograd-transforms';

const PANEL_ROW = TILE_COLUMNS * 4;

/**
 * First half of the filter gradient: the transforms of `count` tiles of x and dy from tile `first` on, both in panels:
 * x [input / `chunk`][point][chunk / 4][tiles][4], `chunk` a multiple of 8, and dy [point][outputs / 8][tiles][8].
 */
export function gradientTilesKernel(winograd: Winograd) {
  const { name, outputs: m } = winograd;
  const gatherX = gatherTiles(`winogradGather${name}`, winograd.input, winograd.step);
  const gatherDy = gatherTiles(`winogradGatherGradient${name}`, transposed(winograd.output), m);
  return kernel(
    `winogradGradientTiles${name}`,
    {
      xTiles: 'write',
      dyTiles: 'write',
      x: 'read',
      dy: 'read',
      xHeight: 'integer',
      xWidth: 'integer',
      top: 'integer',
      left: 'integer',
      dyHeight: 'integer',
      dyWidth: 'integer',
      inputChannels: 'integer',
      outputChannels: 'integer',
      chunk: 'integer',
      first: 'integer',
      count: 'integer',
      scratch: 'scratch',
      scratchBytes: 'integer',
    },
    (f, p) => {
      const share = f.share(p.count);
      const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
      const across = f.integer(p.dyWidth.add(m - 1).div(m));
      const down = f.integer(p.dyHeight.add(m - 1).div(m));
      const range = { across, down, from: p.first.add(share.from), to: p.first.add(share.to), scratch };
      const panels = p.outputChannels.add(7).shiftRight(3);
      const vectorBytes = f.integer(p.count.shiftLeft(4));
      const xPlane = f.integer(xPlaneBytes(p.chunk, vectorBytes));
      f.invoke(gatherX, {
        target: p.xTiles.add(share.from.shiftLeft(4)),
        planeBytes: xPlane,
        pairBytes: vectorBytes.shiftLeft(1),
        halfBytes: vectorBytes,
        tileBytes: 16,
        chunkVectors: p.chunk.shiftRight(2),
        chunkBytes: xPlane.mul(winograd.points ** 2),
        x: p.x,
        height: p.xHeight,
        width: p.xWidth,
        channels: p.inputChannels,
        top: p.top,
        left: p.left,
        ...range,
      });
      f.invoke(gatherDy, {
        target: p.dyTiles.add(share.from.shiftLeft(5)),
        planeBytes: panels.mul(vectorBytes.shiftLeft(1)).add(PLANE_GAP),
        pairBytes: vectorBytes.shiftLeft(1),
        halfBytes: 16,
        tileBytes: 32,
        chunkVectors: panels.shiftLeft(1),
        chunkBytes: 0,
        x: p.dy,
        height: p.dyHeight,
        width: p.dyWidth,
        channels: p.outputChannels,
        top: 0,
        left: 0,
        ...range,
      });
    },
  );
}

/** Bytes of a chunk's plane of x: `vectorBytes` for each four of its channels, and a gap. */
export const xPlaneBytes = (chunk: I32, vectorBytes: I32): I32 =>
  chunk.shiftRight(2).mul(vectorBytes).add(PLANE_GAP);

/** Second half: products [point][inputs][outputs] (+)= xTilesᵀ · dyTiles, of x in one chunk. Threads share points and panels. */
export const winogradGradientProducts = kernel(
  'winogradGradientProducts',
  {
    products: 'update',
    xTiles: 'read',
    dyTiles: 'read',
    points: 'integer',
    inputChannels: 'integer',
    outputChannels: 'integer',
    count: 'integer',
    keep: 'integer',
  },
  (f, p) => {
    const panels = f.integer(p.outputChannels.add(7).shiftRight(3));
    const vectorBytes = f.integer(p.count.shiftLeft(4));
    const panelBytes = f.integer(vectorBytes.shiftLeft(1));
    const xPlane = f.integer(xPlaneBytes(p.inputChannels.add(7).and(-8), vectorBytes));
    const dyPlane = f.integer(panels.mul(panelBytes).add(PLANE_GAP));
    const rowBytes = f.integer(p.outputChannels.shiftLeft(2));
    f.forShare(panels.mul(p.points), (item) => {
      const point = f.integer(item.div(panels));
      const panel = f.integer(item.rem(panels));
      const column = f.integer(panel.mul(TILE_COLUMNS));
      const a = f.integer(p.xTiles.add(point.mul(xPlane)));
      const b = f.integer(p.dyTiles.add(point.mul(dyPlane)).add(panel.mul(panelBytes)));
      const product = point.mul(p.inputChannels).mul(rowBytes).add(column.shiftLeft(2));
      const c = f.integer(p.products.add(product));
      forTiles(f, p.inputChannels, rowsOfTile(f), (row, existing) => {
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
          c: c.add(row.mul(rowBytes)),
          rowBytes,
          rows: existing,
          columns: p.outputChannels.sub(column),
          keep: p.keep,
        });
      });
    });
  },
);
