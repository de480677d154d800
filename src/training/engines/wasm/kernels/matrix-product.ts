/**
 * Matrix products. `productOfTransposed` is the one with both reductions along rows, [depth][rows]ᵀ · [depth][columns],
 * in tiles of outer products; `productWithTransposed` is [rows][depth] · [columns][depth]ᵀ, in tiles of 4 × 2 inner
 * products along the vectors. Others transpose a first. Dense layers have few rows (the batch) and a large b, which is
 * read once, in order, in blocks of eight rows.
 */
import { I32, type I32Local, Vector } from '../../../../assembler';
import { kernel } from './kernel';
import { forTiles, MOST_TILE_ROWS, outerTile, rowsOfTile, TILE_COLUMNS, TILE_ROWS } from './tiles';

/** Rows of b a block. */
const BLOCK_DEPTH = 32;
/** A tile's floats of each row of a block of a. */
const ROWS_BYTES = BLOCK_DEPTH * MOST_TILE_ROWS * 4;
/** Eight floats of each row of a block of b; a line more, so that panels do not all meet in a few sets of the cache. */
const PANEL_BYTES = BLOCK_DEPTH * TILE_COLUMNS * 4 + 64;

/** Floats of scratch that a thread of `threads` needs for a b of so many columns. */
export function productScratch(columns: number, threads: number): number {
  const panels = Math.ceil(Math.ceil(columns / TILE_COLUMNS) / threads);
  return (ROWS_BYTES + panels * PANEL_BYTES) / 4;
}

/**
 * The rows of both matrices are often a multiple of 4096 bytes long, so that what lies below each other fights for one set
 * of the cache: blocks are copied together first, b in panels of eight columns, a by fours.
 */
export const productOfTransposed = kernel(
  'productOfTransposed',
  {
    result: 'write',
    a: 'read',
    b: 'read',
    depth: 'integer',
    rows: 'integer',
    columns: 'integer',
    scratch: 'scratch',
    scratchBytes: 'integer',
  },
  (f, p) => {
    const rowBytes = rowsOfTile(f) * 4;
    const aRow = f.integer(p.rows.shiftLeft(2));
    const bRow = f.integer(p.columns.shiftLeft(2));
    const { from, to } = f.share(p.columns.add(TILE_COLUMNS - 1).div(TILE_COLUMNS));
    const rows = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
    const panels = f.integer(rows.add(ROWS_BYTES));
    const [source, target] = [f.integer(), f.integer()];
    f.for(0, p.depth, BLOCK_DEPTH, (k) => {
      const length = f.integer(p.depth.sub(k).min(I32.constant(BLOCK_DEPTH)));
      f.for(0, length, 1, (i) => {
        source.set(p.b.add(k.add(i).mul(bRow)).add(from.mul(TILE_COLUMNS * 4)));
        target.set(panels.add(i.mul(TILE_COLUMNS * 4)));
        f.for(from, to, 1, () => {
          f.store(target, source.load());
          f.store(target, source.load(16), 16);
          source.advance(TILE_COLUMNS * 4);
          target.advance(PANEL_BYTES);
        });
      });
      forTiles(f, p.rows, rowsOfTile(f), (row, rowsLeft) => {
        source.set(p.a.add(k.mul(aRow)).add(row.shiftLeft(2)));
        target.set(rows);
        f.for(0, length, 1, () => {
          for (let at = 0; at < rowBytes; at += 16) f.store(target, source.load(at), at);
          source.advance(aRow);
          target.advance(rowBytes);
        });
        target.set(panels);
        f.for(from, to, 1, (tile) => {
          const column = f.integer(tile.mul(TILE_COLUMNS));
          f.invoke(outerTile, {
            a: rows,
            aRowBytes: rowBytes,
            aQuadBytes: TILE_ROWS * 4,
            aSegmentBytes: 0,
            b: target,
            bRowBytes: TILE_COLUMNS * 4,
            bSegmentBytes: 0,
            segments: 1,
            length,
            c: p.result.add(row.mul(bRow)).add(column.shiftLeft(2)),
            rowBytes: bRow,
            rows: rowsLeft,
            columns: p.columns.sub(column),
            keep: k,
          });
          target.advance(PANEL_BYTES);
        });
      });
    });
  },
);

/** Lanes below `count` set, the others not, for count in 1 to 3. */
function firstLanes(count: I32): Vector {
  const counts = count.toFloat().splat();
  return Vector.lanes(0, 1, 2, 3).lessThan(counts);
}

/** Columns of the result that are computed at a time. */
const DOT_COLUMNS = 2;

export const productWithTransposed = kernel(
  'productWithTransposed',
  { result: 'write', a: 'read', b: 'read', depth: 'integer', rows: 'integer', columns: 'integer' },
  (f, p) => {
    const rowBytes = f.integer(p.depth.shiftLeft(2));
    const whole = f.integer(rowBytes.and(-16));
    const sums = f.vectors(TILE_ROWS * DOT_COLUMNS);
    const [a, b0, b1, mask] = [f.vector(), f.vector(), f.vector(), f.vector(Vector.zero())];
    const rest = f.integer(p.depth.and(3));
    f.if(rest, () => {
      mask.set(firstLanes(rest));
    });
    f.forShare(p.columns.add(DOT_COLUMNS - 1).div(DOT_COLUMNS), (pair) => {
      const column = f.integer(pair.mul(DOT_COLUMNS));
      const second = f.integer(column.add(1).lessThan(p.columns));
      const bFirst = f.integer(p.b.add(column.mul(rowBytes)));
      const bSecond = f.integer(bFirst.add(second.mul(rowBytes)));
      forTiles(f, p.rows, TILE_ROWS, (row, rowsLeft) => {
        const aRows: I32Local[] = [f.integer(p.a.add(row.mul(rowBytes)))];
        for (let i = 1; i < TILE_ROWS; i++) {
          aRows.push(f.integer(aRows[i - 1]!.add(rowsLeft.moreThan(i).mul(rowBytes))));
        }
        for (const sum of sums) sum.set(Vector.zero());
        const accumulate = (at: I32Local, load: (address: I32) => Vector): void => {
          b0.set(load(bFirst.add(at)));
          b1.set(load(bSecond.add(at)));
          aRows.forEach((address, i) => {
            a.set(load(address.add(at)));
            sums[2 * i]!.set(f.multiplyAdd(a, b0, sums[2 * i]!));
            sums[2 * i + 1]!.set(f.multiplyAdd(a, b1, sums[2 * i + 1]!));
          });
        };
        f.for(0, whole, 16, (at) => {
          accumulate(at, (address) => address.load());
        });
        f.if(rest, () => {
          accumulate(whole, (address) => address.load().and(mask));
        });
        for (let i = 0; i < TILE_ROWS; i++) {
          f.if(rowsLeft.moreThan(i), () => {
            const target = f.integer(p.result.add(row.add(i).mul(p.columns).add(column).shiftLeft(2)));
            sums.slice(2 * i, 2 * i + 2).forEach((sum, j) => {
              // Halves, then quarters: the four lanes' sum ends up in lane 0.
              sum.set(sum.add(sum.shuffle(sum, [2, 3, 0, 1])));
              sum.set(sum.add(sum.shuffle(sum, [1, 0, 3, 2])));
              f.if(j === 0 ? I32.constant(1) : second, () => {
                f.storeLane(target, sum, 0, j * 4);
              });
            });
          });
        }
      });
    });
  },
);

export const matrixProductKernels = [productOfTransposed, productWithTransposed];
