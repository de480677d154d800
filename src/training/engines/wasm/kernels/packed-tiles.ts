/** The inner loop of Winograd's convolutions: many tiles of rows that were packed for it, by one panel. */
import { type I32Local, Vector, type VectorLocal } from '../../../../assembler';
import { routine } from './kernel';
import { accumulate, TILE_COLUMNS, TILE_ROWS } from './tiles';

/** Steps of the sums that addresses are moved on after. A branch between them keeps V8 from loading for all of them at once. */
const STEPS = [0, 1, 2, 3];

/**
 * c = a · panel for rows of a that are packed by fours, [rows / 4][length / 4][4 rows][4], `quadBytes` from one four to the next:
 * one address walks through all of a, which leaves the loop little else to do than to multiply. Rows of c come whole:
 * all four of each, eight columns, `rowBytes` apart. `keep` tells whether c is added to, in the order of one longer sum.
 */
export const packedTiles = routine(
  'packedTiles',
  ['a', 'quadBytes', 'quads', 'length', 'panel', 'c', 'rowBytes', 'keep'],
  (f, p) => {
    const b = [f.vector(), f.vector()] as const;
    const [k, panel, row] = [f.integer(), f.integer(), f.integer()];
    const gap = f.integer(p.quadBytes.sub(p.length.and(-4).shiftLeft(4)));
    /** The next quads, one for each address. */
    const quads = (sums: readonly VectorLocal[], as: readonly I32Local[]): void => {
      as.slice(1).forEach((a, i) => {
        a.set(as[i]!.add(p.quadBytes));
      });
      f.if(
        p.keep,
        () => {
          row.set(p.c);
          for (let i = 0; i < sums.length / 2; i++) {
            sums[2 * i]!.set(row.load());
            sums[2 * i + 1]!.set(row.load(16));
            row.advance(p.rowBytes);
          }
        },
        () => {
          for (const sum of sums) sum.set(Vector.zero());
        },
      );
      panel.set(p.panel);
      k.set(p.length);
      f.doInTurnWhile(
        STEPS.map((step) => () => {
          b[0].set(panel.load(step * TILE_COLUMNS * 4));
          b[1].set(panel.load(step * TILE_COLUMNS * 4 + 16));
          accumulate(f, sums, b, (i) => as[i >> 2]!.loadSplat((i & 3) * 16 + step * 4));
          if (step === STEPS.length - 1) {
            panel.advance(STEPS.length * TILE_COLUMNS * 4);
            for (const a of as) a.advance(STEPS.length * TILE_ROWS * 4);
          }
          k.set(k.sub(1));
        }),
        () => k,
      );
      row.set(p.c);
      for (let i = 0; i < sums.length / 2; i++) {
        f.store(row, sums[2 * i]!);
        f.store(row, sums[2 * i + 1]!, 16);
        row.advance(p.rowBytes);
      }
      p.c.set(row);
      p.a.set(as.at(-1)!.add(gap));
      p.quads.set(p.quads.sub(as.length));
    };
    const sums = f.vectors(2 * TILE_ROWS);
    if (f.target.wide) {
      const tall = [...sums, ...f.vectors(2 * TILE_ROWS)];
      const second = f.integer();
      f.if(p.quads.moreThan(1), () => {
        f.doWhile(
          () => {
            quads(tall, [p.a, second]);
          },
          () => p.quads.moreThan(1),
        );
      });
      f.if(p.quads, () => {
        quads(sums, [p.a]);
      });
    } else {
      f.doWhile(
        () => {
          quads(sums, [p.a]);
        },
        () => p.quads,
      );
    }
  },
);
