/**
 * Kernels on flat tensors: element i of the result depends on element i of the operands only, so results may take the
 * place of operands. Every buffer is a multiple of 64 bytes long; whole vectors are computed, also over the end.
 */
import { type I32Local, Vector } from '../../../../assembler';
import { kernel, type KernelBuilder } from './kernel';

/** Runs `body` over byte offsets of this part's vectors of `count` floats. */
export function forVectors(f: KernelBuilder, count: I32Local, body: (offset: I32Local) => void): void {
  const { from, to } = f.share(count.add(3).shiftRight(2));
  f.for(from.shiftLeft(4), to.shiftLeft(4), 16, body);
}

export const fill = kernel('fill', { result: 'write', value: 'float', count: 'integer' }, (f, p) => {
  const value = f.vector(p.value.splat());
  forVectors(f, p.count, (i) => {
    f.store(p.result.add(i), value);
  });
});

export const copy = kernel('copy', { result: 'write', x: 'read', count: 'integer' }, (f, p) => {
  forVectors(f, p.count, (i) => {
    f.store(p.result.add(i), p.x.add(i).load());
  });
});

export const add = kernel('add', { result: 'write', a: 'read', b: 'read', count: 'integer' }, (f, p) => {
  forVectors(f, p.count, (i) => {
    f.store(p.result.add(i), p.a.add(i).load().add(p.b.add(i).load()));
  });
});

export const scale = kernel(
  'scale',
  { result: 'write', x: 'read', factor: 'float', count: 'integer' },
  (f, p) => {
    const factor = f.vector(p.factor.splat());
    forVectors(f, p.count, (i) => {
      f.store(p.result.add(i), p.x.add(i).load().mul(factor));
    });
  },
);

/** x where x > 0, slope·x elsewhere. */
export const leakyRelu = kernel(
  'leakyRelu',
  { result: 'write', x: 'read', slope: 'float', count: 'integer' },
  (f, p) => {
    const slope = f.vector(p.slope.splat());
    const x = f.vector();
    forVectors(f, p.count, (i) => {
      x.set(p.x.add(i).load());
      f.store(p.result.add(i), x.moreThan(Vector.zero()).select(x, x.mul(slope)));
    });
  },
);

/** dy where y > 0, slope·dy elsewhere. */
export const leakyReluGrad = kernel(
  'leakyReluGrad',
  { result: 'write', dy: 'read', y: 'read', slope: 'float', count: 'integer' },
  (f, p) => {
    const slope = f.vector(p.slope.splat());
    const dy = f.vector();
    forVectors(f, p.count, (i) => {
      dy.set(p.dy.add(i).load());
      const positive = p.y.add(i).load().moreThan(Vector.zero());
      f.store(p.result.add(i), positive.select(dy, dy.mul(slope)));
    });
  },
);

/** dy·factor·(prediction − target), dy a scalar in memory; factor is 2 / count. */
export const meanSquaredErrorGrad = kernel(
  'meanSquaredErrorGrad',
  { result: 'write', dy: 'read', prediction: 'read', target: 'read', factor: 'float', count: 'integer' },
  (f, p) => {
    const factor = f.vector(p.dy.loadSplat().mul(p.factor.splat()));
    forVectors(f, p.count, (i) => {
      const difference = p.prediction.add(i).load().sub(p.target.add(i).load());
      f.store(p.result.add(i), difference.mul(factor));
    });
  },
);

export const elementwiseKernels = [fill, copy, add, scale, leakyRelu, leakyReluGrad, meanSquaredErrorGrad];
