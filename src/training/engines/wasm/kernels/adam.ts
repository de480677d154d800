/** Adam, from a gradient in memory and from one that is made on the way. */
import type { I32Local, Vector } from '../../../../assembler';
import { forVectors } from './elementwise';
import { kernel, type KernelBuilder, type Variables } from './kernel';
import { forLanes, type Lanes } from './lanes';
import { forTiles, MOST_TILE_ROWS, outerTile, rowsOfTile, TILE_COLUMNS, TILE_ROWS } from './tiles';

const parameters = {
  newParameter: 'write',
  newM: 'write',
  newV: 'write',
  parameter: 'read',
  m: 'read',
  v: 'read',
  stepSize: 'read',
  epsilon: 'read',
  beta1: 'float',
  beta2: 'float',
  oneMinusBeta1: 'float',
  oneMinusBeta2: 'float',
} as const;

/**
 * One step (Kingma and Ba 2015, algorithm 1) with the bias corrections inside the scalars `stepSize` and `epsilon`:
 * m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², parameter ← parameter − stepSize·m / (√v + epsilon).
 */
function adamStep(f: KernelBuilder, p: Variables<typeof parameters>) {
  const stepSize = f.vector(p.stepSize.loadSplat());
  const epsilon = f.vector(p.epsilon.loadSplat());
  const [beta1, beta2] = [f.vector(p.beta1.splat()), f.vector(p.beta2.splat())];
  const [rest1, rest2] = [f.vector(p.oneMinusBeta1.splat()), f.vector(p.oneMinusBeta2.splat())];
  const [g, m, v] = [f.vector(), f.vector(), f.vector()];
  return (at: I32Local, gradient: Vector, { load, store }: Pick<Lanes, 'load' | 'store'>): void => {
    g.set(gradient);
    m.set(load(p.m.add(at)).mul(beta1).add(g.mul(rest1)));
    v.set(load(p.v.add(at)).mul(beta2).add(g.mul(g).mul(rest2)));
    const step = m.mul(stepSize).div(v.sqrt().add(epsilon));
    store(p.newParameter.add(at), load(p.parameter.add(at)).sub(step));
    store(p.newM.add(at), m);
    store(p.newV.add(at), v);
  };
}

export const adam = kernel('adam', { ...parameters, gradient: 'read', count: 'integer' }, (f, p) => {
  const step = adamStep(f, p);
  const whole: Pick<Lanes, 'load' | 'store'> = {
    load: (address) => address.load(),
    store: (address, value) => {
      f.store(address, value);
    },
  };
  forVectors(f, p.count, (at) => {
    step(at, p.gradient.add(at).load(), whole);
  });
});

/** Floats of scratch that a thread needs for a product of so many columns. */
export function adamOfProductScratch(depth: number, columns: number): number {
  const panels = Math.ceil(columns / TILE_COLUMNS) * TILE_COLUMNS * depth;
  return panels + MOST_TILE_ROWS * (depth + columns) + TILE_COLUMNS;
}

/**
 * Adam on a matrix [rows][columns] whose gradient is [depth][rows]ᵀ · [depth][columns]: a dense layer's, where `depth` is the
 * batch. A few rows of the gradient are made and used at a time, in the cache; the whole is as large as the layer, and would be
 * written to memory and read back.
 */
export const adamOfProduct = kernel(
  'adamOfProduct',
  {
    ...parameters,
    a: 'read',
    b: 'read',
    depth: 'integer',
    rows: 'integer',
    columns: 'integer',
    scratch: 'scratch',
    scratchBytes: 'integer',
  },
  (f, p) => {
    const tileRows = rowsOfTile(f);
    const aRow = f.integer(p.rows.shiftLeft(2));
    const bRow = f.integer(p.columns.shiftLeft(2));
    const panelBytes = f.integer(p.depth.mul(TILE_COLUMNS * 4));
    const aTile = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
    const gradient = f.integer(aTile.add(p.depth.mul(MOST_TILE_ROWS * 4)));
    const panels = f.integer(gradient.add(p.columns.mul(MOST_TILE_ROWS * 4)));
    const [source, target] = [f.integer(), f.integer()];
    // Rows of b are often 4096 bytes apart, where they fight for one set of the cache: every thread has them in panels.
    forTiles(f, p.columns, TILE_COLUMNS, (column) => {
      source.set(p.b.add(column.shiftLeft(2)));
      target.set(panels.add(column.mul(p.depth).shiftLeft(2)));
      f.for(0, p.depth, 1, () => {
        f.store(target, source.load());
        f.store(target, source.load(16), 16);
        source.advance(bRow);
        target.advance(TILE_COLUMNS * 4);
      });
    });
    const step = adamStep(f, p);
    const at = f.integer();
    f.forShare(p.rows.add(tileRows - 1).div(tileRows), (tile) => {
      const row = f.integer(tile.mul(tileRows));
      const rowsLeft = f.integer(p.rows.sub(row));
      source.set(p.a.add(row.shiftLeft(2)));
      target.set(aTile);
      f.for(0, p.depth, 1, () => {
        for (let offset = 0; offset < tileRows * 4; offset += 16)
          f.store(target, source.load(offset), offset);
        source.advance(aRow);
        target.advance(tileRows * 4);
      });
      target.set(panels);
      forTiles(f, p.columns, TILE_COLUMNS, (column, columns) => {
        f.invoke(outerTile, {
          a: aTile,
          aRowBytes: tileRows * 4,
          aQuadBytes: TILE_ROWS * 4,
          aSegmentBytes: 0,
          b: target,
          bRowBytes: TILE_COLUMNS * 4,
          bSegmentBytes: 0,
          segments: 1,
          length: p.depth,
          c: gradient.add(column.shiftLeft(2)),
          rowBytes: bRow,
          rows: rowsLeft,
          columns,
          keep: 0,
        });
        target.advance(panelBytes);
      });
      const first = f.integer(row.mul(bRow));
      const count = f.integer(rowsLeft.min(f.integer(tileRows)).mul(p.columns));
      forLanes(f, count, (offset, lanes) => {
        at.set(first.add(offset));
        step(at, lanes.load(gradient.add(offset)), lanes);
      });
    });
  },
);

export const adamKernels = [adam, adamOfProduct];
