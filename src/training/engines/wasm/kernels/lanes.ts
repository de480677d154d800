/**
 * Four floats at a time, then the rest one by one, from one source: the body is written twice, on whole vectors and on
 * vectors whose first lane alone is loaded and stored. So no kernel asks for channel counts that are multiples of four.
 */
import {
  type FunctionBuilder,
  type I32,
  type I32Local,
  type Integer,
  Vector,
  type VectorLocal,
} from '../../../../assembler';
import { type KernelBuilder, routine } from './kernel';

export interface Lanes {
  readonly bytes: 16 | 4;
  readonly load: (address: I32, offset?: number) => Vector;
  readonly store: (address: I32, value: Vector, offset?: number) => void;
}

function lanes(f: FunctionBuilder, bytes: 16 | 4): Lanes {
  return bytes === 16
    ? {
        bytes,
        load: (address, offset) => address.load(offset),
        store: (address, value, offset) => {
          f.store(address, value, offset);
        },
      }
    : {
        bytes,
        load: (address, offset) => address.loadLane(offset),
        store: (address, value, offset) => {
          f.storeLane(address, value, 0, offset);
        },
      };
}

/** Runs `body` over the byte offsets of `count` consecutive floats. */
export function forLanes(
  f: FunctionBuilder,
  count: Integer,
  body: (offset: I32Local, lanes: Lanes) => void,
): void {
  if (typeof count === 'number') {
    const whole = count - (count % 4);
    f.for(0, whole * 4, 16, (offset) => {
      body(offset, lanes(f, 16));
    });
    if (whole < count) {
      f.for(whole * 4, count * 4, 4, (offset) => {
        body(offset, lanes(f, 4));
      });
    }
    return;
  }
  const end = f.integer(count.shiftLeft(2));
  const whole = f.integer(end.and(-16));
  f.for(0, whole, 16, (offset) => {
    body(offset, lanes(f, 16));
  });
  f.for(whole, end, 4, (offset) => {
    body(offset, lanes(f, 4));
  });
}

/** Like `forLanes`, over this part's share of `count` floats, cut at multiples of four. */
export function shareLanes(
  f: KernelBuilder,
  count: Integer,
  body: (at: I32Local, lanes: Lanes) => void,
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

/** Copies `count` floats; the two places do not overlap. */
export const copyFloats = routine(
  'copyFloats',
  ['target', 'source', 'count'],
  (f, { target, source, count }) => {
    forLanes(f, count, (offset, { load, store }) => {
      store(target.add(offset), load(source.add(offset)));
    });
  },
);

/** Clears `count` floats. */
export const zeroFloats = routine('zeroFloats', ['target', 'count'], (f, { target, count }) => {
  forLanes(f, count, (offset, { store }) => {
    store(target.add(offset), Vector.zero());
  });
});

/** Sets `columns` to those of the 4 × 4 matrix `rows`, which is lost. */
export function transpose4(rows: readonly VectorLocal[], columns: readonly VectorLocal[]): void {
  const [a, b, c, d] = rows as [VectorLocal, VectorLocal, VectorLocal, VectorLocal];
  const [w, x, y, z] = columns as [VectorLocal, VectorLocal, VectorLocal, VectorLocal];
  w.set(a.shuffle(b, [0, 4, 1, 5]));
  x.set(c.shuffle(d, [0, 4, 1, 5]));
  y.set(a.shuffle(b, [2, 6, 3, 7]));
  z.set(c.shuffle(d, [2, 6, 3, 7]));
  a.set(w);
  c.set(y);
  w.set(a.shuffle(x, [0, 1, 4, 5]));
  x.set(a.shuffle(x, [2, 3, 6, 7]));
  y.set(c.shuffle(z, [0, 1, 4, 5]));
  z.set(c.shuffle(z, [2, 3, 6, 7]));
}
