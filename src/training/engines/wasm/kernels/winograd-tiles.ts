/**
 * Tiles of images for Winograd: gathered from an image into one plane for each point, and scattered back. Tiles that reach
 * over the image's edge are copied, with zeros there, before they are transformed, and clipped when they are stored:
 * images need no border and may have any size.
 */
import { type I32, type I32Local, Vector } from '../../../../assembler';
import { routine, type RoutineBuilder } from './kernel';
import { copyFloats, forLanes, zeroFloats } from './lanes';
import { rectified } from './tiles';
import type { Matrix, Winograd } from './winograd-algorithms';
import { tileAddress, transform2D, transformRegisters, TRANSFORM_SCRATCH } from './winograd-transforms';

/** Floats of one part's scratch for gathering tiles of `side` × `side` pixels: the transform's grid and one tile. */
export function gatherFloats(side: number, channels: number): number {
  return TRANSFORM_SCRATCH / 4 + side ** 2 * channels + 16;
}

/** Parameters that say where tiles lie on an unpadded image batch: `top` and `left` are zeros before its first pixel. */
export const tileGrid = ['height', 'width', 'channels', 'top', 'left', 'across', 'down'] as const;

/**
 * Copies a tile that reaches over an edge, with zeros there: `side` × `side` pixels from (row, column) on, which wrap
 * around to huge numbers above and left of the image.
 */
export function borderTile(side: number) {
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
 * vector v of tile t is at (v ≫ 1)·pairBytes + (v & 1)·halfBytes + (t − from)·tileBytes of its plane, and begins anew
 * `chunkBytes` further on after every `chunkVectors`, an even number. Behind the transform's grid, `scratch` has room for a tile
 * of pixels.
 */
export function gatherTiles(name: string, matrix: Matrix, step: number) {
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
      'chunkVectors',
      'chunkBytes',
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
        const chunkTarget = f.integer(p.target.add(tile.sub(p.from).mul(p.tileBytes)));
        f.for(0, vectors, p.chunkVectors, (chunk) => {
          const end = f.integer(chunk.add(p.chunkVectors));
          f.for(chunk, end.min(vectors), 1, (v) => {
            rows.forEach((pointer, i) => {
              pointer.set(i === 0 ? first.add(v.shiftLeft(4)) : rows[i - 1]!.add(rowBytes));
            });
            const pair = v.sub(chunk).shiftRight(1).mul(p.pairBytes);
            target.set(chunkTarget.add(pair).add(v.and(1).mul(p.halfBytes)));
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
          chunkTarget.advance(p.chunkBytes);
        });
      });
    },
  );
}

/** Reads a vector at `plane` and moves `plane` on to the next one. */
export function nextPlane(
  f: RoutineBuilder,
  plane: I32Local,
  planeBytes: I32,
  load = (address: I32): Vector => address.load(),
): Vector {
  const value = f.vector(load(plane));
  plane.advance(planeBytes);
  return value;
}

/** `channels` of tiles of outputs from their points' planes, clipped to the image, with a bias and slopes for negative sums where there are any. */
export function scatterTiles({ name, output: matrix, outputs: m }: Winograd) {
  return routine(
    `winogradScatter${name}`,
    [
      'source',
      'planeBytes',
      'tileBytes',
      'y',
      'yRow',
      'yImage',
      'height',
      'width',
      'pixelBytes',
      'channels',
      'bias',
      'slopes',
      'across',
      'down',
      'from',
      'to',
      'scratch',
    ],
    (f, p) => {
      const registers = transformRegisters(f);
      const [bias, slope, result] = [f.vector(Vector.zero()), f.vector(), f.vector()];
      const image = { base: p.y, imageBytes: p.yImage, rowBytes: p.yRow, pixelBytes: p.pixelBytes };
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
          else column.set(columns![i - 1]!.add(left.add(i).lessThan(p.width).mul(p.pixelBytes)));
        });
        forLanes(f, p.channels, (channel, { load, store }) => {
          f.if(p.bias, () => {
            bias.set(load(p.bias.add(channel)));
          });
          f.if(p.slopes, () => {
            slope.set(load(p.slopes.add(channel)));
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
              result.set(value.add(bias));
              f.if(p.slopes, () => {
                result.set(rectified(result, slope));
              });
              store(rows![row]!.add(columns![column]!).add(channel), result);
            },
            'backward',
          );
        });
      });
    },
  );
}
