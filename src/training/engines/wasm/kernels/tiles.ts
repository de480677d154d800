/**
 * The two inner loops that all convolutions and matrix products end in: tiles of 4 × 8 sums, held in eight registers.
 * 4 × 8 is the shape that V8 keeps in registers on x86 (fifteen are free; larger tiles spill and halve the speed), with
 * the reduction loop not unrolled; 37 to 51 of 58 GFLOP/s a core were measured on Zen 4. Paired into registers of 256 bits,
 * those would be four sums, each of which waits for its last product: wide modules have tiles of 8 × 8.
 */
import { I32, type I32Local, type Integer, Vector, type VectorLocal } from '../../../../assembler';
import { routine, type RoutineBuilder } from './kernel';

export const TILE_ROWS = 4;
export const TILE_COLUMNS = 8;
/** Rows of a tile of a wide module. */
export const MOST_TILE_ROWS = 2 * TILE_ROWS;

interface Destination {
  readonly c: I32;
  readonly rowBytes: I32;
  /** How much of the tile exists. */
  readonly rows: I32;
  readonly columns: I32;
}

/**
 * The addresses of the tile's rows from `start` on. Rows that do not exist have the address of the last one that does,
 * so reading them is allowed; a tile is stored from its last row to its first, so that what exists is written last.
 */
function rowAddresses(f: RoutineBuilder, start: I32, rowBytes: I32, rows: I32, count: number): I32Local[] {
  const addresses = [f.integer(start)];
  for (let i = 1; i < count; i++) {
    const above = addresses[i - 1]!;
    addresses.push(f.integer(above.add(rows.moreThan(i).select(rowBytes, I32.constant(0)))));
  }
  return addresses;
}

function storeTile(f: RoutineBuilder, sums: readonly VectorLocal[], destination: Destination): void {
  const { c, rowBytes, rows, columns } = destination;
  const addresses = rowAddresses(f, c, rowBytes, rows, sums.length / 2);
  const order = [...addresses.keys()].reverse();
  // V8 takes pairs apart where they are made, for all uses of their halves: these copies are made behind the loop.
  if (f.target.wide) for (const sum of sums) sum.set(sum.and(sum));
  f.if(
    columns.atLeast(TILE_COLUMNS),
    () => {
      for (const i of order) {
        f.store(addresses[i]!, sums[2 * i]!, 0);
        f.store(addresses[i]!, sums[2 * i + 1]!, 16);
      }
    },
    () => {
      for (const i of order) {
        for (let column = 0; column < TILE_COLUMNS - 1; column++) {
          f.if(columns.moreThan(column), () => {
            f.storeLane(addresses[i]!, sums[2 * i + (column >> 2)]!, column & 3, column * 4);
          });
        }
      }
    },
  );
}

/** The sums of one step of a reduction: row i, with a[i] in all lanes, times the eight columns of b. */
export function accumulate(
  f: RoutineBuilder,
  sums: readonly VectorLocal[],
  b: readonly [VectorLocal, VectorLocal],
  splat: (row: number) => Vector,
): void {
  const a = f.vector();
  for (let i = 0; i < sums.length / 2; i++) {
    a.set(splat(i));
    sums[2 * i]!.set(f.multiplyAdd(a, b[0], sums[2 * i]!));
    sums[2 * i + 1]!.set(f.multiplyAdd(a, b[1], sums[2 * i + 1]!));
  }
}

/** x where it is positive, slope · x elsewhere: PReLU, leaky ReLU (all slopes equal), ReLU (all zero). */
export function rectified(x: VectorLocal, slope: Vector): Vector {
  return x.moreThan(Vector.zero()).select(x, x.mul(slope));
}

/**
 * c[i][j] = bias[j] + Σ over `segments` of Σ over `length` of a[i][k] · panel[k][j], then `rectified` by slopes[j].
 * Row i of a starts `aRowBytes` after row i − 1; the next segment of a starts `segmentBytes` after this one. The panel,
 * eight floats for each k, goes on through the segments. A bias or slopes at address 0 are none.
 */
export const panelTile = routine(
  'panelTile',
  [
    'a',
    'aRowBytes',
    'segments',
    'segmentBytes',
    'length',
    'panel',
    'bias',
    'slopes',
    'c',
    'rowBytes',
    'rows',
    'columns',
  ],
  (f, p) => {
    const b = [f.vector(), f.vector()] as const;
    const gap = f.integer(p.segmentBytes.sub(p.length.shiftLeft(2)));
    const k = f.integer();
    const tile = (rows: number): void => {
      const a = rowAddresses(f, p.a, p.aRowBytes, p.rows, rows);
      const sums = f.vectors(2 * rows);
      f.if(
        p.bias,
        () => {
          sums.forEach((sum, i) => {
            sum.set(p.bias.load((i & 1) * 16));
          });
        },
        () => {
          for (const sum of sums) sum.set(Vector.zero());
        },
      );
      f.doWhile(
        () => {
          k.set(p.length);
          f.doWhile(
            () => {
              b[0].set(p.panel.load());
              b[1].set(p.panel.load(16));
              accumulate(f, sums, b, (row) => a[row]!.loadSplat());
              p.panel.advance(TILE_COLUMNS * 4);
              for (const address of a) address.advance(4);
              k.set(k.sub(1));
            },
            () => k,
          );
          for (const address of a) address.advance(gap);
          p.segments.set(p.segments.sub(1));
        },
        () => p.segments,
      );
      f.if(p.slopes, () => {
        sums.forEach((sum, i) => {
          sum.set(rectified(sum, p.slopes.load((i & 1) * 16)));
        });
      });
      storeTile(f, sums, p);
    };
    if (f.target.wide) {
      f.if(
        p.rows.moreThan(TILE_ROWS),
        () => {
          tile(2 * TILE_ROWS);
        },
        () => {
          tile(TILE_ROWS);
        },
      );
    } else tile(TILE_ROWS);
  },
);

/**
 * c[i][j] (+)= Σ over `segments` of Σ over `length` of a[k][i] · b[k][j]: a product of a transposed matrix.
 * Four consecutive floats of each row of a and eight of each row of b are read; the rows are `aRowBytes` and `bRowBytes`
 * apart, the segments `aSegmentBytes` and `bSegmentBytes`; a tall tile reads four more of a `aQuadBytes` further on.
 * `keep` tells whether c is added to.
 */
export const outerTile = routine(
  'outerTile',
  [
    'a',
    'aRowBytes',
    'aQuadBytes',
    'aSegmentBytes',
    'b',
    'bRowBytes',
    'bSegmentBytes',
    'segments',
    'length',
    'c',
    'rowBytes',
    'rows',
    'columns',
    'keep',
  ],
  (f, p) => {
    const b = [f.vector(), f.vector()] as const;
    const aGap = f.integer(p.aSegmentBytes.sub(p.length.mul(p.aRowBytes)));
    const bGap = f.integer(p.bSegmentBytes.sub(p.length.mul(p.bRowBytes)));
    const k = f.integer();
    const tile = (as: readonly I32Local[]): void => {
      const sums = f.vectors(as.length * 2 * TILE_ROWS);
      f.if(
        p.keep,
        () => {
          // Columns that do not exist are read and never stored: every buffer has room behind its end.
          const addresses = rowAddresses(f, p.c, p.rowBytes, p.rows, sums.length / 2);
          sums.forEach((sum, i) => {
            sum.set(addresses[i >> 1]!.load((i & 1) * 16));
          });
        },
        () => {
          for (const sum of sums) sum.set(Vector.zero());
        },
      );
      f.doWhile(
        () => {
          k.set(p.length);
          f.doWhile(
            () => {
              b[0].set(p.b.load());
              b[1].set(p.b.load(16));
              accumulate(f, sums, b, (row) => as[row >> 2]!.loadSplat((row & 3) * 4));
              p.b.advance(p.bRowBytes);
              for (const a of as) a.advance(p.aRowBytes);
              k.set(k.sub(1));
            },
            () => k,
          );
          for (const a of as) a.advance(aGap);
          p.b.advance(bGap);
          p.segments.set(p.segments.sub(1));
        },
        () => p.segments,
      );
      storeTile(f, sums, p);
    };
    if (f.target.wide) {
      f.if(
        p.rows.moreThan(TILE_ROWS),
        () => {
          tile([p.a, f.integer(p.a.add(p.aQuadBytes))]);
        },
        () => {
          tile([p.a]);
        },
      );
    } else tile([p.a]);
  },
);

/** The rows of a tile of this module. */
export function rowsOfTile(f: RoutineBuilder): number {
  return f.target.wide ? MOST_TILE_ROWS : TILE_ROWS;
}

/** Runs `body` for each tile of `count` rows or columns, with how many of it exist (at least that many, or all). */
export function forTiles(
  f: RoutineBuilder,
  count: Integer,
  size: number,
  body: (start: I32Local, existing: I32) => void,
): void {
  const total = f.integer(count);
  f.for(0, total, size, (start) => {
    body(start, total.sub(start));
  });
}
