/**
 * 3×3 convolutions of stride 1 by Winograd's F(4×4) and F(2×2), forward, input gradient (the same with the filter turned
 * round) and filter gradient. A block of tiles goes through input transform, one small matrix product for each of the 36
 * (16) points and output transform while it stays in the second-level cache. Threads share blocks of tiles.
 *
 * Tiles that reach over the image's edge are copied, with zeros there, before they are transformed, and clipped when they
 * are stored: images need no border and may have any size.
 */
import { type I32, type I32Local, Vector } from '../assembler';
import { kernel, type Kernel, type KernelBuilder, routine, type RoutineBuilder } from './kernel';
import { copyFloats, forLanes, zeroFloats } from './lanes';
import { forTiles, outerTile, panelTile, TILE_COLUMNS, TILE_ROWS } from './tiles';
import {
  type Matrix,
  tileAddress,
  transform2D,
  transformRegisters,
  transpose,
  TRANSFORM_SCRATCH,
  type Winograd,
  winograd2,
  winograd4,
} from './winograd-transforms';

/** Bytes between two points' planes beyond their contents, so that they do not meet in the same cache sets. */
export const PLANE_GAP = 64;

const PANEL_ROW = TILE_COLUMNS * 4;

/** Floats of one thread's scratch for the transforms of filters, which have no tile of pixels. */
export const TRANSFORM_FLOATS = TRANSFORM_SCRATCH / 4;

/** Floats of one thread's scratch for gathering tiles: the transform's grid and a tile of at most 6 × 6 pixels. */
export function gatherFloats(channels: number): number {
  return TRANSFORM_FLOATS + 36 * channels + 16;
}

/** Parameters that say where tiles lie on an unpadded image batch: `top` and `left` are zeros before its first pixel. */
const tileGrid = ['height', 'width', 'channels', 'top', 'left', 'across', 'down'] as const;

/**
 * Copies a tile that reaches over an edge, with zeros there: `side` × `side` pixels from (row, column) on, which wrap
 * around to huge numbers above and left of the image.
 */
function borderTile(side: number) {
  return routine(
    `borderTile${side}`,
    ['target', 'image', 'row', 'column', 'height', 'width', 'channels'],
    (f, p) => {
      const pixelBytes = f.integer(p.channels.shiftLeft(2));
      const target = f.integer(p.target);
      f.for(0, side, 1, (i) => {
        const row = f.integer(p.row.add(i));
        f.for(0, side, 1, (j) => {
          const column = f.integer(p.column.add(j));
          f.if(
            row.lessThan(p.height).and(column.lessThan(p.width)),
            () => {
              const source = p.image.add(row.mul(p.width).add(column).mul(pixelBytes));
              f.invoke(copyFloats, { target, source, count: p.channels });
            },
            () => {
              f.invoke(zeroFloats, { target, count: p.channels });
            },
          );
          target.advance(pixelBytes);
        });
      });
    },
  );
}

/**
 * Tiles [from, to) of an image batch, each `side` × `side`, to one plane a point. Channels are stored by vectors of four:
 * vector v of tile t is at (v ≫ 1)·pairBytes + (v & 1)·halfBytes + (t − from)·tileBytes of its plane. Behind the
 * transform's grid, `scratch` has room for a tile of pixels.
 */
function gatherTiles(name: string, matrix: Matrix, step: number) {
  const side = matrix[0]!.length;
  const copyTile = borderTile(side);
  return routine(
    name,
    [
      'target',
      'planeBytes',
      'pairBytes',
      'halfBytes',
      'tileBytes',
      'x',
      ...tileGrid,
      'from',
      'to',
      'scratch',
    ],
    (f, p) => {
      const registers = transformRegisters(f);
      const pixelBytes = f.integer(p.channels.shiftLeft(2));
      const imageRowBytes = f.integer(p.width.mul(pixelBytes));
      const vectors = f.integer(p.channels.add(3).shiftRight(2));
      const rows = Array.from({ length: side }, () => f.integer());
      const [target, first, rowBytes] = [f.integer(), f.integer(), f.integer()];
      f.for(p.from, p.to, 1, (tile) => {
        const tileRow = f.integer(tile.div(p.across));
        const row = f.integer(tileRow.rem(p.down).mul(step).sub(p.top));
        const column = f.integer(tile.rem(p.across).mul(step).sub(p.left));
        const image = f.integer(p.x.add(tileRow.div(p.down).mul(p.height).mul(imageRowBytes)));
        const inside = (at: I32, size: I32): I32 => at.lessThan(size).and(at.add(side - 1).lessThan(size));
        f.if(
          inside(row, p.height).and(inside(column, p.width)),
          () => {
            first.set(image.add(row.mul(imageRowBytes)).add(column.mul(pixelBytes)));
            rowBytes.set(imageRowBytes);
          },
          () => {
            const { height, width, channels } = p;
            first.set(p.scratch.add(TRANSFORM_SCRATCH));
            rowBytes.set(pixelBytes.mul(side));
            f.invoke(copyTile, { target: first, image, row, column, height, width, channels });
          },
        );
        const tileTarget = f.integer(p.target.add(tile.sub(p.from).mul(p.tileBytes)));
        f.for(0, vectors, 1, (v) => {
          rows.forEach((pointer, i) => {
            pointer.set(i === 0 ? first.add(v.shiftLeft(4)) : rows[i - 1]!.add(rowBytes));
          });
          const half = v.and(1).mul(p.halfBytes);
          target.set(tileTarget.add(v.shiftRight(1).mul(p.pairBytes)).add(half));
          let walked = 0;
          transform2D(
            f,
            matrix,
            registers,
            p.scratch,
            (wantedRow, wantedColumn) => {
              // Columns come one after the other, so the row pointers walk along.
              if (wantedColumn !== walked) {
                walked = wantedColumn;
                for (const pointer of rows) pointer.advance(pixelBytes);
              }
              return rows[wantedRow]!.load();
            },
            (_row, _column, value) => {
              // Results come in the order of the planes.
              f.store(target, value);
              target.advance(p.planeBytes);
            },
          );
        });
      });
    },
  );
}

/** The filter to panels [point][⌈outputs / 8⌉][inputs][8]; turned, inputs and outputs change places and taps turn round. */
function filterKernel({ filter: matrix, outputs: m }: Winograd, turned: boolean) {
  return kernel(
    `winogradFilter${turned ? 'Turned' : ''}${m}`,
    {
      panels: 'write',
      filter: 'read',
      inputChannels: 'integer',
      outputChannels: 'integer',
      scratch: 'scratch',
      scratchBytes: 'integer',
    },
    (f, p) => {
      const registers = transformRegisters(f);
      const result = f.vector();
      const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
      const tapBytes = f.integer(p.inputChannels.mul(p.outputChannels).shiftLeft(2));
      const [depth, columns] = turned
        ? [p.outputChannels, p.inputChannels]
        : [p.inputChannels, p.outputChannels];
      const panelBytes = f.integer(depth.mul(PANEL_ROW));
      const planeBytes = f.integer(
        columns
          .add(TILE_COLUMNS - 1)
          .div(TILE_COLUMNS)
          .mul(panelBytes),
      );
      f.forShare(p.inputChannels, (input) => {
        const row = f.integer(p.filter.add(input.mul(p.outputChannels).shiftLeft(2)));
        forLanes(f, p.outputChannels, (offset, lanes) => {
          const channel = offset.shiftRight(2);
          const [column, k] = turned ? [input, channel] : [channel, input];
          const panel = column.div(TILE_COLUMNS).mul(panelBytes).add(k.mul(PANEL_ROW));
          const place = panel.add(column.rem(TILE_COLUMNS).shiftLeft(2));
          const target = f.integer(p.panels.add(place));
          const source = f.integer(row.add(offset));
          transform2D(
            f,
            matrix,
            registers,
            scratch,
            (tapRow, tapColumn) => {
              const tap = turned ? (2 - tapRow) * 3 + (2 - tapColumn) : tapRow * 3 + tapColumn;
              return lanes.load(source.add(tapBytes.mul(tap)));
            },
            (_row, _column, value) => {
              // Results come in the order of the planes.
              if (turned) {
                result.set(value);
                for (let lane = 0; lane < lanes.bytes / 4; lane++) {
                  f.storeLane(target, result, lane, lane * PANEL_ROW);
                }
              } else {
                lanes.store(target, value);
              }
              target.advance(planeBytes);
            },
          );
        });
      });
    },
  );
}

/** Reads a vector at `plane` and moves `plane` on to the next one. */
function nextPlane(
  f: RoutineBuilder,
  plane: I32Local,
  planeBytes: I32,
  load = (address: I32): Vector => address.load(),
): Vector {
  const value = f.vector(load(plane));
  plane.advance(planeBytes);
  return value;
}

/** A tile of outputs from its points' planes, clipped to the image, with a bias where there is one. */
function scatterTiles({ output: matrix, outputs: m }: Winograd) {
  return routine(
    `winogradScatter${m}`,
    [
      'source',
      'planeBytes',
      'tileBytes',
      'y',
      'yRow',
      'yImage',
      'height',
      'width',
      'channels',
      'bias',
      'across',
      'down',
      'from',
      'to',
      'scratch',
    ],
    (f, p) => {
      const registers = transformRegisters(f);
      const bias = f.vector(Vector.zero());
      const pixelBytes = f.integer(p.channels.shiftLeft(2));
      const image = { base: p.y, imageBytes: p.yImage, rowBytes: p.yRow, pixelBytes };
      const [rows, columns] = [0, 1].map(() => Array.from({ length: m }, () => f.integer()));
      f.for(p.from, p.to, 1, (tile) => {
        const first = f.integer(tileAddress(tile, p, image, m));
        const source = f.integer(p.source.add(tile.sub(p.from).mul(p.tileBytes)));
        const top = f.integer(tile.div(p.across).rem(p.down).mul(m));
        const left = f.integer(tile.rem(p.across).mul(m));
        // Pixels outside have the place of the last one inside, and are written before it.
        rows!.forEach((row, i) => {
          const above = i === 0 ? first : rows![i - 1]!;
          row.set(i === 0 ? above : above.add(top.add(i).lessThan(p.height).mul(p.yRow)));
        });
        columns!.forEach((column, i) => {
          if (i === 0) column.set(0);
          else column.set(columns![i - 1]!.add(left.add(i).lessThan(p.width).mul(pixelBytes)));
        });
        forLanes(f, p.channels, (channel, { load, store }) => {
          f.if(p.bias, () => {
            bias.set(load(p.bias.add(channel)));
          });
          const plane = f.integer(source.add(channel));
          // Planes are read in their order, which makes rows of columns: the results are turned back when stored.
          transform2D(
            f,
            matrix,
            registers,
            p.scratch,
            () => nextPlane(f, plane, p.planeBytes),
            (column, row, value) => {
              store(rows![row]!.add(columns![column]!).add(channel), value.add(bias));
            },
            'backward',
          );
        });
      });
    },
  );
}

/** y = bias + x ∗ filter. A thread's scratch holds the transforms' grid, then `blockTiles` tiles of inputs and sums. */
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
          ...range,
        });
      });
    },
  );
}

/**
 * First half of the filter gradient: the transforms of `count` tiles of x and dy from tile `first` on, both in panels:
 * x [point][inputs / 4][tiles][4], dy [point][outputs / 8][tiles][8].
 */
function gradientTilesKernel(winograd: Winograd) {
  const { outputs: m } = winograd;
  const gatherX = gatherTiles(`winogradGather${m}`, winograd.input, m);
  const gatherDy = gatherTiles(`winogradGatherGradient${m}`, transpose(winograd.output), m);
  return kernel(
    `winogradGradientTiles${m}`,
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
      const quads = p.inputChannels.add(3).shiftRight(2);
      const panels = p.outputChannels.add(7).shiftRight(3);
      const vectorBytes = f.integer(p.count.shiftLeft(4));
      f.invoke(gatherX, {
        target: p.xTiles.add(share.from.shiftLeft(4)),
        planeBytes: quads.mul(vectorBytes).add(PLANE_GAP),
        pairBytes: vectorBytes.shiftLeft(1),
        halfBytes: vectorBytes,
        tileBytes: 16,
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

/** Second half: products [point][inputs][outputs] (+)= xTilesᵀ · dyTiles. Threads share points and panels. */
function gradientProductsKernel({ outputs: m, points }: Winograd) {
  return kernel(
    `winogradGradientProducts${m}`,
    {
      products: 'update',
      xTiles: 'read',
      dyTiles: 'read',
      inputChannels: 'integer',
      outputChannels: 'integer',
      count: 'integer',
      keep: 'integer',
    },
    (f, p) => {
      const panels = f.integer(p.outputChannels.add(7).shiftRight(3));
      const vectorBytes = f.integer(p.count.shiftLeft(4));
      const panelBytes = f.integer(vectorBytes.shiftLeft(1));
      const xPlane = f.integer(p.inputChannels.add(3).shiftRight(2).mul(vectorBytes).add(PLANE_GAP));
      const dyPlane = f.integer(panels.mul(panelBytes).add(PLANE_GAP));
      const rowBytes = f.integer(p.outputChannels.shiftLeft(2));
      f.forShare(panels.mul(points * points), (item) => {
        const point = f.integer(item.div(panels));
        const panel = f.integer(item.rem(panels));
        const column = f.integer(panel.mul(TILE_COLUMNS));
        const a = f.integer(p.xTiles.add(point.mul(xPlane)));
        const b = f.integer(p.dyTiles.add(point.mul(dyPlane)).add(panel.mul(panelBytes)));
        const product = point.mul(p.inputChannels).mul(rowBytes).add(column.shiftLeft(2));
        const c = f.integer(p.products.add(product));
        forTiles(f, p.inputChannels, TILE_ROWS, (row, existing) => {
          f.invoke(outerTile, {
            a: a.add(row.shiftRight(2).mul(vectorBytes)),
            aRowBytes: 16,
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
}

/** dfilter = Gᵀ · products · G, for each pair of channels. */
function filterGradientKernel({ filter: matrix, outputs: m }: Winograd) {
  return kernel(
    `winogradFilterGradient${m}`,
    {
      result: 'write',
      products: 'read',
      pairs: 'integer',
      scratch: 'scratch',
      scratchBytes: 'integer',
    },
    (f, p) => {
      const registers = transformRegisters(f);
      const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
      const planeBytes = f.integer(p.pairs.shiftLeft(2));
      shareLanes(f, p.pairs, (at, { load, store }) => {
        const plane = f.integer(p.products.add(at));
        transform2D(
          f,
          transpose(matrix),
          registers,
          scratch,
          () => nextPlane(f, plane, planeBytes, load),
          (column, row, value) => {
            store(p.result.add(at).add(planeBytes.mul(row * 3 + column)), value);
          },
        );
      });
    },
  );
}

/** Like `forLanes`, over this thread's part of `count` floats, cut at multiples of four. */
function shareLanes(
  f: KernelBuilder,
  count: Parameters<typeof forLanes>[1],
  body: Parameters<typeof forLanes>[2],
): void {
  const total = f.integer(count);
  const { from, to } = f.share(total.add(3).shiftRight(2));
  const first = f.integer(from.shiftLeft(2));
  const end = f.integer(to.shiftLeft(2));
  f.if(first.lessThan(total), () => {
    const at = f.integer();
    forLanes(f, end.min(total).sub(first), (offset, lanes) => {
      at.set(first.shiftLeft(2).add(offset));
      body(at, lanes);
    });
  });
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
