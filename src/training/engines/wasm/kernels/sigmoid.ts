/** The sigmoid as an activation: an element at a time, in double. It ends few networks, and only at their last layer. */
import { F64 } from '../../../../assembler';
import { kernel } from './kernel';
import { sigmoidOf } from './losses';

/** 1 / (1 + exp(−x)). */
export const sigmoid = kernel('sigmoid', { result: 'write', x: 'read', count: 'integer' }, (f, p) => {
  const value = f.double(F64.constant(0));
  f.forShare(p.count, (i) => {
    const offset = f.integer(i.shiftLeft(2));
    value.set(p.x.add(offset).loadFloat().toDouble());
    f.storeFloat(p.result.add(offset), sigmoidOf(f, value).toFloat());
  });
});

/** dy·y·(1 − y). */
export const sigmoidGrad = kernel(
  'sigmoidGrad',
  { result: 'write', dy: 'read', y: 'read', count: 'integer' },
  (f, p) => {
    const y = f.double(F64.constant(0));
    f.forShare(p.count, (i) => {
      const offset = f.integer(i.shiftLeft(2));
      y.set(p.y.add(offset).loadFloat().toDouble());
      const slope = y.mul(F64.constant(1).sub(y));
      f.storeFloat(p.result.add(offset), p.dy.add(offset).loadFloat().toDouble().mul(slope).toFloat());
    });
  },
);

export const sigmoidKernels = [sigmoid, sigmoidGrad];
