/**
 * Tiles gathered four at a time, in the order in which products read them fastest: in each point's plane
 * [tile / 4][channel][4 tiles], so that one address walks through all rows of a tile of sums. Channels are vectors in the
 * image, so four tiles' points are transposed once they are transformed.
 */
import { type I32, type I32Local } from '../../../../assembler';
import { routine } from './kernel';
import { transpose4 } from './lanes';
import type { Winograd } from './winograd-algorithms';
import { borderTile, tileGrid } from './winograd-tiles';
import { transform2D, transformRegisters, TRANSFORM_SCRATCH } from './winograd-transforms';

export const TILES_A_QUAD = 4;
/** Vectors of channels that are transformed before they are transposed: a cache line of a pixel. */
const CHUNK_VECTORS = 4;
/** A point of four channels of four tiles. */
const POINT_BYTES = TILES_A_QUAD * 16;

/** Floats of one part's scratch: the transform's grid, the points of a chunk, and four tiles of `side` × `side` pixels. */
export function quadFloats(points: number, side: number, channels: number): number {
  const chunk = CHUNK_VECTORS * points * (POINT_BYTES / 4);
  return TRANSFORM_SCRATCH / 4 + chunk + TILES_A_QUAD * (side ** 2 * channels + 16);
}

/** Points of `vectors` vectors of channels of one tile; each point at `target` + (vector · points + point) · POINT_BYTES. */
function tileChunk({ name, input: matrix, points }: Winograd) {
  const side = matrix[0]!.length;
  return routine(
    `winogradTileChunk${name}`,
    ['target', 'first', 'rowBytes', 'pixelBytes', 'vectors', 'scratch'],
    (f, p) => {
      const registers = transformRegisters(f);
      const rows = Array.from({ length: side }, () => f.integer());
      f.for(0, p.vectors, 1, () => {
        rows.forEach((pointer, i) => {
          pointer.set(i === 0 ? p.first : rows[i - 1]!.add(p.rowBytes));
        });
        let [walked, point] = [0, 0];
        transform2D(
          f,
          matrix,
          registers,
          p.scratch,
          (wantedRow, wantedColumn) => {
            // Columns come one after the other, so the row pointers walk along.
            if (wantedColumn !== walked) {
              walked = wantedColumn;
              for (const pointer of rows) pointer.advance(p.pixelBytes);
            }
            return rows[wantedRow]!.load();
          },
          (_row, _column, value) => {
            f.store(p.target, value, point++ * POINT_BYTES);
          },
        );
        p.first.advance(16);
        p.target.advance(points ** 2 * POINT_BYTES);
      });
    },
  );
}

/**
 * Tiles [from, to) of an image batch, their fours at `target` + four · `quadBytes` of each plane, and `chunkBytes` further on
 * after every `chunkVectors` vectors of channels, a multiple of four. Tiles that are missing in the last four are copies of the
 * last one.
 */
export function gatherQuads(winograd: Winograd) {
  const { name, input: matrix, points, step } = winograd;
  const side = matrix[0]!.length;
  const copyTile = borderTile(side);
  const transformChunk = tileChunk(winograd);
  return routine(
    `winogradGatherQuads${name}`,
    [
      'target',
      'planeBytes',
      'quadBytes',
      'chunkVectors',
      'chunkBytes',
      'x',
      ...tileGrid,
      'from',
      'to',
      'scratch',
    ],
    (f, p) => {
      const pixelBytes = f.integer(p.channels.shiftLeft(2));
      const imageRowBytes = f.integer(p.width.mul(pixelBytes));
      const borderRowBytes = f.integer(pixelBytes.mul(side));
      const tileBytes = f.integer(borderRowBytes.mul(side).add(64));
      const vectors = f.integer(p.channels.add(3).shiftRight(2));
      const chunk = f.integer(p.scratch.add(TRANSFORM_SCRATCH));
      const copies = f.integer(chunk.add(CHUNK_VECTORS * points ** 2 * POINT_BYTES));
      const last = f.integer(p.to.sub(1));
      const tiles = Array.from({ length: TILES_A_QUAD }, () => ({
        first: f.integer(),
        rowBytes: f.integer(),
      }));
      const [rows, columns] = [f.vectors(4), f.vectors(4)];
      const [index, source, target] = [f.integer(), f.integer(), f.integer()];
      const inside = (at: I32, size: I32): I32 => at.lessThan(size).and(at.add(side - 1).lessThan(size));

      const locate = (tile: I32Local, copy: I32, { first, rowBytes }: (typeof tiles)[number]): void => {
        const tileRow = f.integer(tile.div(p.across));
        const row = f.integer(tileRow.rem(p.down).mul(step).sub(p.top));
        const column = f.integer(tile.rem(p.across).mul(step).sub(p.left));
        const image = f.integer(p.x.add(tileRow.div(p.down).mul(p.height).mul(imageRowBytes)));
        f.if(
          inside(row, p.height).and(inside(column, p.width)),
          () => {
            first.set(image.add(row.mul(imageRowBytes)).add(column.mul(pixelBytes)));
            rowBytes.set(imageRowBytes);
          },
          () => {
            const { height, width, channels } = p;
            first.set(copy);
            rowBytes.set(borderRowBytes);
            f.invoke(copyTile, { target: first, image, row, column, height, width, channels });
          },
        );
      };

      f.for(p.from, p.to, TILES_A_QUAD, (quad) => {
        tiles.forEach((tile, j) => {
          index.set(quad.add(j).min(last));
          locate(index, copies.add(tileBytes.mul(j)), tile);
        });
        const quadTarget = f.integer(p.target.add(quad.sub(p.from).shiftRight(2).mul(p.quadBytes)));
        f.for(0, vectors, CHUNK_VECTORS, (v) => {
          const left = f.integer(vectors.sub(v));
          const count = f.integer(left.moreThan(CHUNK_VECTORS).select(f.integer(CHUNK_VECTORS), left));
          tiles.forEach(({ first, rowBytes }, j) => {
            const channels = first.add(v.shiftLeft(4));
            f.invoke(transformChunk, {
              target: chunk.add(j * 16),
              first: channels,
              rowBytes,
              pixelBytes,
              vectors: count,
              scratch: p.scratch,
            });
          });
          const place = v.div(p.chunkVectors).mul(p.chunkBytes).add(v.rem(p.chunkVectors).mul(POINT_BYTES));
          const chunkTarget = f.integer(quadTarget.add(place));
          f.for(0, points ** 2, 1, (point) => {
            source.set(chunk.add(point.mul(POINT_BYTES)));
            target.set(chunkTarget.add(point.mul(p.planeBytes)));
            f.for(0, count, 1, () => {
              rows.forEach((vector, j) => {
                vector.set(source.load(j * 16));
              });
              transpose4(rows, columns);
              columns.forEach((vector, i) => {
                f.store(target, vector, i * 16);
              });
              source.advance(points ** 2 * POINT_BYTES);
              target.advance(POINT_BYTES);
            });
          });
        });
      });
    },
  );
}
