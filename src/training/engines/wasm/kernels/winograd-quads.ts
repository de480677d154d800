/**
 * Tiles gathered four at a time, in the order in which products read them fastest: in each point's plane
 * [tile / 4][channel / 4][4 tiles][4 channels], so that one address walks through all rows of a tile of sums, and channels stay
 * the vectors that they are in the image.
 */
import { type I32, type I32Local } from '../../../../assembler';
import { routine } from './kernel';
import type { Winograd } from './winograd-algorithms';
import { borderTile, tileGrid } from './winograd-tiles';
import { transform2D, transformRegisters, TRANSFORM_SCRATCH } from './winograd-transforms';

export const TILES_A_QUAD = 4;
/** Vectors of channels that are transformed of one tile before the next one's: a cache line of a pixel. */
const CHUNK_VECTORS = 4;
/** A vector of channels of four tiles, at one point. */
const POINT_BYTES = TILES_A_QUAD * 16;

/** Floats of one part's scratch: the transform's grid, and four tiles of `side` × `side` pixels. */
export function quadFloats(side: number, channels: number): number {
  return TRANSFORM_SCRATCH / 4 + TILES_A_QUAD * (side ** 2 * channels + 16);
}

/** All points of `vectors` vectors of channels of one tile; vectors are POINT_BYTES apart at `target`, and points `planeBytes`. */
function tileChunk({ name, input: matrix }: Winograd) {
  const side = matrix[0]!.length;
  return routine(
    `winogradTileChunk${name}`,
    ['target', 'planeBytes', 'first', 'rowBytes', 'pixelBytes', 'vectors', 'scratch'],
    (f, p) => {
      const registers = transformRegisters(f);
      const rows = Array.from({ length: side }, () => f.integer());
      const target = f.integer();
      f.for(0, p.vectors, 1, () => {
        rows.forEach((pointer, i) => {
          pointer.set(i === 0 ? p.first : rows[i - 1]!.add(p.rowBytes));
        });
        target.set(p.target);
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
              for (const pointer of rows) pointer.advance(p.pixelBytes);
            }
            return rows[wantedRow]!.load();
          },
          (_row, _column, value) => {
            // Results come in the order of the planes.
            f.store(target, value);
            target.advance(p.planeBytes);
          },
        );
        p.first.advance(16);
        p.target.advance(POINT_BYTES);
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
  const { name, input: matrix, step } = winograd;
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
      const copies = f.integer(p.scratch.add(TRANSFORM_SCRATCH));
      const last = f.integer(p.to.sub(1));
      const tiles = Array.from({ length: TILES_A_QUAD }, () => ({
        first: f.integer(),
        rowBytes: f.integer(),
      }));
      const index = f.integer();
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
          const place = v.div(p.chunkVectors).mul(p.chunkBytes).add(v.rem(p.chunkVectors).mul(POINT_BYTES));
          const chunkTarget = f.integer(quadTarget.add(place));
          tiles.forEach(({ first, rowBytes }, j) => {
            f.invoke(transformChunk, {
              target: chunkTarget.add(j * 16),
              planeBytes: p.planeBytes,
              first: first.add(v.shiftLeft(4)),
              rowBytes,
              pixelBytes,
              vectors: count,
              scratch: p.scratch,
            });
          });
        });
      });
    },
  );
}
