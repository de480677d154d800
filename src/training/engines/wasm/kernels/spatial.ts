/** Kernels that move pixels: borders, pixel shuffle, pooling. Threads share the rows of the result. */
import { type I32, type I32Local, type Integer, Vector } from '../../../../assembler';
import { kernel, type KernelBuilder } from './kernel';
import { copyFloats, forLanes, zeroFloats } from './lanes';

/**
 * [images][height][rowFloats] inside zeros: [images][paddedHeight][paddedRowFloats], `top` rows below the upper edge and
 * `left` floats from the left. All of the result is written.
 */
export const pad = kernel(
  'pad',
  {
    result: 'write',
    x: 'read',
    images: 'integer',
    height: 'integer',
    rowFloats: 'integer',
    top: 'integer',
    left: 'integer',
    paddedHeight: 'integer',
    paddedRowFloats: 'integer',
  },
  (f, p) => {
    const right = f.integer(p.paddedRowFloats.sub(p.left).sub(p.rowFloats));
    f.forShare(p.images.mul(p.paddedHeight), (row) => {
      const target = f.integer(p.result.add(row.mul(p.paddedRowFloats).shiftLeft(2)));
      // Rows above the image wrap around to huge numbers: one comparison tells both borders.
      const inside = f.integer(row.rem(p.paddedHeight).sub(p.top));
      f.if(
        inside.lessThan(p.height),
        () => {
          const sourceRow = row.div(p.paddedHeight).mul(p.height).add(inside);
          f.invoke(zeroFloats, { target, count: p.left });
          target.advance(p.left.shiftLeft(2));
          f.invoke(copyFloats, {
            target,
            source: p.x.add(sourceRow.mul(p.rowFloats).shiftLeft(2)),
            count: p.rowFloats,
          });
          f.invoke(zeroFloats, { target: target.add(p.rowFloats.shiftLeft(2)), count: right });
        },
        () => {
          f.invoke(zeroFloats, { target, count: p.paddedRowFloats });
        },
      );
    });
  },
);

/** Walks the runs of factor·channels floats that pixel shuffle moves; `height` and `width` are the packed side's. */
function forRuns(
  f: KernelBuilder,
  p: { images: I32; height: I32; width: I32; channels: I32; factor: I32; image: I32; packed: I32 },
  move: (image: I32Local, packed: I32Local, run: I32Local) => void,
): void {
  const run = f.integer(p.channels.mul(p.factor));
  const runBytes = f.integer(run.shiftLeft(2));
  const packedPixelBytes = f.integer(runBytes.mul(p.factor));
  const [image, packed] = [f.integer(), f.integer()];
  f.forShare(p.images.mul(p.height).mul(p.factor), (row) => {
    image.set(p.image.add(row.mul(p.width).mul(runBytes)));
    const packedRow = row.div(p.factor).mul(p.width).mul(packedPixelBytes);
    packed.set(p.packed.add(packedRow).add(row.rem(p.factor).mul(runBytes)));
    f.for(0, p.width, 1, () => {
      move(image, packed, run);
      image.advance(runBytes);
      packed.advance(packedPixelBytes);
    });
  });
}

const shuffleSize = {
  images: 'integer',
  height: 'integer',
  width: 'integer',
  channels: 'integer',
  factor: 'integer',
} as const;

/** [n, h, w, f·f·c] → [n, h·f, w·f, c]; height, width and channels are h, w and c. */
export const pixelShuffle = kernel('pixelShuffle', { result: 'write', x: 'read', ...shuffleSize }, (f, p) => {
  forRuns(f, { ...p, image: p.result, packed: p.x }, (image, packed, run) => {
    f.invoke(copyFloats, { target: image, source: packed, count: run });
  });
});

/** The inverse: [n, h·f, w·f, c] → [n, h, w, f·f·c]. */
export const pixelUnshuffle = kernel(
  'pixelUnshuffle',
  { result: 'write', x: 'read', ...shuffleSize },
  (f, p) => {
    forRuns(f, { ...p, image: p.x, packed: p.result }, (image, packed, run) => {
      f.invoke(copyFloats, { target: packed, source: image, count: run });
    });
  },
);

const imageSize = { images: 'integer', height: 'integer', width: 'integer', channels: 'integer' } as const;

/** Maximum of each whole 2×2 window; the sides are those of x. */
export const maxPool = kernel('maxPool', { result: 'write', x: 'read', ...imageSize }, (f, p) => {
  const pooledHeight = f.integer(p.height.div(2));
  const pooledWidth = f.integer(p.width.div(2));
  const pixelBytes = f.integer(p.channels.shiftLeft(2));
  const rowBytes = f.integer(pixelBytes.mul(p.width));
  f.forShare(p.images.mul(pooledHeight), (row) => {
    const sourceRow = row.div(pooledHeight).mul(p.height).add(row.rem(pooledHeight).shiftLeft(1));
    const x = f.integer(p.x.add(sourceRow.mul(rowBytes)));
    const y = f.integer(p.result.add(row.mul(pooledWidth).mul(pixelBytes)));
    f.for(0, pooledWidth, 1, () => {
      forLanes(f, p.channels, (_channel, { load, store, bytes }) => {
        const upper = load(x).max(load(x.add(pixelBytes)));
        const lower = load(x.add(rowBytes)).max(load(x.add(rowBytes).add(pixelBytes)));
        store(y, upper.max(lower));
        x.advance(bytes);
        y.advance(bytes);
      });
      x.advance(pixelBytes);
    });
  });
});

/** dy at the first maximum of each window, zero elsewhere, also in an odd last row or column. */
export const maxPoolGrad = kernel(
  'maxPoolGrad',
  { result: 'write', dy: 'read', x: 'read', ...imageSize },
  (f, p) => {
    const pooledHeight = f.integer(p.height.div(2));
    const pooledWidth = f.integer(p.width.div(2));
    const pixelBytes = f.integer(p.channels.shiftLeft(2));
    const rowBytes = f.integer(pixelBytes.mul(p.width));
    const corners = [f.integer(0), pixelBytes, rowBytes, f.integer(rowBytes.add(pixelBytes))];
    const [a, b, c, d] = [f.vector(), f.vector(), f.vector(), f.vector()];
    const values = [a, b, c, d];
    const [maximum, dy, taken, here] = [f.vector(), f.vector(), f.vector(), f.vector()];
    // Pairs of rows; with an odd height the last pair is one row, which no window covers.
    f.forShare(p.images.mul(p.height.add(1).div(2)), (pair) => {
      const pairs = p.height.add(1).div(2);
      const pairInImage = f.integer(pair.rem(pairs));
      const image = f.integer(pair.div(pairs));
      const first = f.integer(image.mul(p.height).add(pairInImage.shiftLeft(1)).mul(rowBytes));
      f.if(
        pairInImage.atLeast(pooledHeight),
        () => {
          f.invoke(zeroFloats, { target: p.result.add(first), count: p.width.mul(p.channels) });
        },
        () => {
          const at = f.integer(first);
          const dyAt = f.integer(
            p.dy.add(image.mul(pooledHeight).add(pairInImage).mul(pooledWidth).mul(pixelBytes)),
          );
          f.for(0, pooledWidth, 1, () => {
            forLanes(f, p.channels, (_channel, { load, store, bytes }) => {
              corners.forEach((corner, i) => {
                values[i]!.set(load(p.x.add(at).add(corner)));
              });
              maximum.set(a.max(b).max(c.max(d)));
              dy.set(load(dyAt));
              taken.set(Vector.zero());
              corners.forEach((corner, i) => {
                here.set(values[i]!.equals(maximum).andNot(taken));
                taken.set(taken.or(here));
                store(p.result.add(at).add(corner), dy.and(here));
              });
              at.advance(bytes);
              dyAt.advance(bytes);
            });
            at.advance(pixelBytes);
          });
          f.if(p.width.and(1), () => {
            f.invoke(zeroFloats, { target: p.result.add(at), count: p.channels });
            f.invoke(zeroFloats, { target: p.result.add(at).add(rowBytes), count: p.channels });
          });
        },
      );
    });
  },
);

/** The index in [0, size) that mirrors `index` − amount, the edge repeated; `lift` is a multiple of 2·size ≥ amount. */
function mirrored(f: KernelBuilder, index: I32, p: { amount: Integer; lift: I32 }, size: I32): I32Local {
  const period = size.shiftLeft(1);
  const phase = f.integer(index.add(p.lift).sub(p.amount).rem(period));
  phase.set(phase.lessThan(size).select(phase, period.sub(1).sub(phase)));
  return phase;
}

/** Both image axes extended by `amount` mirrored pixels a side. */
export const mirrorPad = kernel(
  'mirrorPad',
  {
    result: 'write',
    x: 'read',
    ...imageSize,
    amount: 'integer',
    liftHeight: 'integer',
    liftWidth: 'integer',
  },
  (f, p) => {
    const paddedHeight = f.integer(p.height.add(p.amount.shiftLeft(1)));
    const paddedWidth = f.integer(p.width.add(p.amount.shiftLeft(1)));
    const pixelBytes = f.integer(p.channels.shiftLeft(2));
    f.forShare(p.images.mul(paddedHeight), (row) => {
      const y = mirrored(f, row.rem(paddedHeight), { amount: p.amount, lift: p.liftHeight }, p.height);
      const sourceRow = f.integer(row.div(paddedHeight).mul(p.height).add(y).mul(p.width));
      const target = f.integer(p.result.add(row.mul(paddedWidth).mul(pixelBytes)));
      f.for(0, paddedWidth, 1, (column) => {
        const x = mirrored(f, column, { amount: p.amount, lift: p.liftWidth }, p.width);
        const source = p.x.add(sourceRow.add(x).mul(pixelBytes));
        f.invoke(copyFloats, { target, source, count: p.channels });
        target.advance(pixelBytes);
      });
    });
  },
);

export const spatialKernels = [pad, pixelShuffle, pixelUnshuffle, maxPool, maxPoolGrad, mirrorPad];
