/**
 * Global average pooling, and multinomial cross-entropy. Pooling adds in single precision, image by image; cross-entropies
 * are computed in double throughout: there are few logits.
 */
import { F64, type I32, type I32Local } from '../../../../assembler';
import { kernel, type KernelBuilder } from './kernel';
import { forLanes } from './lanes';

/** x [images][pixels][channels] to its means over the pixels, [images][channels]. Threads share the images. */
export const globalAverage = kernel(
  'globalAverage',
  {
    result: 'write',
    x: 'read',
    factor: 'float',
    images: 'integer',
    pixels: 'integer',
    channels: 'integer',
  },
  (f, p) => {
    const sum = f.vector();
    const address = f.integer();
    const rowBytes = f.integer(p.channels.shiftLeft(2));
    f.forShare(p.images, (image) => {
      const target = f.integer(p.result.add(image.mul(rowBytes)));
      const source = f.integer(p.x.add(image.mul(p.pixels).mul(rowBytes)));
      forLanes(f, p.channels, (channel, { load, store }) => {
        address.set(source.add(channel));
        sum.set(load(address));
        f.for(1, p.pixels, 1, () => {
          address.advance(rowBytes);
          sum.set(sum.add(load(address)));
        });
        store(target.add(channel), sum.mul(p.factor.splat()));
      });
    });
  },
);

/** dy [images][channels] times `factor` at every pixel of its image. Threads share the pixels. */
export const globalAverageGrad = kernel(
  'globalAverageGrad',
  {
    result: 'write',
    dy: 'read',
    factor: 'float',
    images: 'integer',
    pixels: 'integer',
    channels: 'integer',
  },
  (f, p) => {
    const rowBytes = f.integer(p.channels.shiftLeft(2));
    f.forShare(p.images.mul(p.pixels), (pixel) => {
      const target = f.integer(p.result.add(pixel.mul(rowBytes)));
      const source = f.integer(p.dy.add(pixel.div(p.pixels).mul(rowBytes)));
      forLanes(f, p.channels, (channel, { load, store }) => {
        store(target.add(channel), load(source.add(channel)).mul(p.factor.splat()));
      });
    });
  },
);

const double = (address: I32): F64 => address.loadFloat().toDouble();

/** Runs `body` on each row of logits with log Σ eˣ of it: the greatest logit plus log1p of the others' share. */
function forRows(
  f: KernelBuilder,
  { logits, rows, classes }: { logits: I32Local; rows: I32Local; classes: I32Local },
  body: (row: I32Local, logSum: F64) => void,
): void {
  const greatest = f.double(F64.constant(0));
  const sum = f.double(F64.constant(0));
  const rowBytes = f.integer(classes.shiftLeft(2));
  const row = f.integer(0);
  const address = f.integer();
  const forClasses = (each: () => void): void => {
    address.set(logits.add(row));
    f.for(0, classes, 1, () => {
      each();
      address.advance(4);
    });
  };
  f.for(0, rows, 1, () => {
    greatest.set(double(logits.add(row)));
    forClasses(() => {
      greatest.set(greatest.max(double(address)));
    });
    // The greatest adds exactly 1, so what remains is at least zero.
    sum.set(F64.constant(-1));
    forClasses(() => {
      sum.set(sum.add(f.callMath(f.module.math('exp'), double(address).sub(greatest))));
    });
    sum.set(greatest.add(f.callMath(f.module.math('log1p'), sum)));
    body(row, sum);
    row.advance(rowBytes);
  });
}

/** Mean over the rows of Σ target·(log Σ eˣ − x). */
export const softmaxCrossEntropy = kernel(
  'softmaxCrossEntropy',
  { result: 'write', logits: 'read', target: 'read', rows: 'integer', classes: 'integer' },
  (f, p) => {
    f.once(() => {
      const total = f.double(F64.constant(0));
      forRows(f, p, (row, logSum) => {
        f.for(0, p.classes, 1, (k) => {
          const at = f.integer(row.add(k.shiftLeft(2)));
          total.set(total.add(double(p.target.add(at)).mul(logSum.sub(double(p.logits.add(at))))));
        });
      });
      f.storeFloat(p.result, total.div(p.rows.toFloat().toDouble()).toFloat());
    });
  },
);

/** dy·(softmax(logits) − target) / rows. */
export const softmaxCrossEntropyGrad = kernel(
  'softmaxCrossEntropyGrad',
  { result: 'write', dy: 'read', logits: 'read', target: 'read', rows: 'integer', classes: 'integer' },
  (f, p) => {
    f.once(() => {
      const factor = f.double(double(p.dy).div(p.rows.toFloat().toDouble()));
      forRows(f, p, (row, logSum) => {
        f.for(0, p.classes, 1, (k) => {
          const at = f.integer(row.add(k.shiftLeft(2)));
          const share = f.callMath(f.module.math('exp'), double(p.logits.add(at)).sub(logSum));
          const difference = share.sub(double(p.target.add(at)));
          f.storeFloat(p.result.add(at), difference.mul(factor).toFloat());
        });
      });
    });
  },
);

export const classificationKernels = [
  globalAverage,
  globalAverageGrad,
  softmaxCrossEntropy,
  softmaxCrossEntropyGrad,
];
