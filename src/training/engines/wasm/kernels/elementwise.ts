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

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with the bias corrections inside the scalars `stepSize` and `epsilon`:
 * m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², parameter ← parameter − stepSize·m / (√v + epsilon).
 */
export const adam = kernel(
  'adam',
  {
    newParameter: 'write',
    newM: 'write',
    newV: 'write',
    parameter: 'read',
    m: 'read',
    v: 'read',
    gradient: 'read',
    stepSize: 'read',
    epsilon: 'read',
    beta1: 'float',
    beta2: 'float',
    oneMinusBeta1: 'float',
    oneMinusBeta2: 'float',
    count: 'integer',
  },
  (f, p) => {
    const stepSize = f.vector(p.stepSize.loadSplat());
    const epsilon = f.vector(p.epsilon.loadSplat());
    const [beta1, beta2] = [f.vector(p.beta1.splat()), f.vector(p.beta2.splat())];
    const [rest1, rest2] = [f.vector(p.oneMinusBeta1.splat()), f.vector(p.oneMinusBeta2.splat())];
    const [gradient, m, v] = [f.vector(), f.vector(), f.vector()];
    forVectors(f, p.count, (i) => {
      gradient.set(p.gradient.add(i).load());
      m.set(p.m.add(i).load().mul(beta1).add(gradient.mul(rest1)));
      v.set(p.v.add(i).load().mul(beta2).add(gradient.mul(gradient).mul(rest2)));
      const step = m.mul(stepSize).div(v.sqrt().add(epsilon));
      const parameter = p.parameter.add(i).load().sub(step);
      f.store(p.newParameter.add(i), parameter);
      f.store(p.newM.add(i), m);
      f.store(p.newV.add(i), v);
    });
  },
);

export const elementwiseKernels = [
  fill,
  copy,
  add,
  scale,
  leakyRelu,
  leakyReluGrad,
  meanSquaredErrorGrad,
  adam,
];
