/**
 * Losses: means over all elements. Squared errors are summed in chunks of 1024 elements in single precision, shared by
 * the threads, and the chunks in double. Cross-entropies are computed in double throughout: there are few logits.
 */
import { F64, type I32, type I32Local, Vector } from '../../../../assembler';
import { kernel, type KernelBuilder } from './kernel';
import { forLanes } from './lanes';

/** Elements a chunk of squared errors; a chunk's sum has four lanes. */
export const CHUNK_ELEMENTS = 1024;

export const squaredErrors = kernel(
  'squaredErrors',
  { partials: 'write', prediction: 'read', target: 'read', count: 'integer' },
  (f, p) => {
    const [sum, difference] = [f.vector(), f.vector()];
    f.forShare(p.count.add(CHUNK_ELEMENTS - 1).div(CHUNK_ELEMENTS), (chunk) => {
      const first = f.integer(chunk.mul(CHUNK_ELEMENTS));
      const count = f.integer(p.count.sub(first).min(CHUNK_ELEMENTS));
      const prediction = f.integer(p.prediction.add(first.shiftLeft(2)));
      const target = f.integer(p.target.add(first.shiftLeft(2)));
      sum.set(Vector.zero());
      forLanes(f, count, (offset, { load }) => {
        difference.set(load(prediction.add(offset)).sub(load(target.add(offset))));
        sum.set(f.multiplyAdd(difference, difference, sum));
      });
      f.store(p.partials.add(chunk.shiftLeft(4)), sum);
    });
  },
);

/** factor·Σ x, in double precision. */
export const total = kernel(
  'total',
  { result: 'write', x: 'read', factor: 'float', count: 'integer' },
  (f, p) => {
    f.once(() => {
      const sum = f.double(F64.constant(0));
      f.for(0, p.count, 1, (i) => {
        sum.set(sum.add(p.x.add(i.shiftLeft(2)).loadFloat().toDouble()));
      });
      f.storeFloat(p.result, sum.mul(p.factor.toDouble()).toFloat());
    });
  },
);

/** 1 / (1 + exp(−x)); right at both ends, because exp gives infinity or zero there. */
export function sigmoidOf(f: KernelBuilder, x: F64): F64 {
  const one = F64.constant(1);
  return one.div(one.add(f.callMath(f.module.math('exp'), x.negate())));
}

/** result = mean over the logits of `term`. */
function meanOfLogits(
  f: KernelBuilder,
  p: { result: I32; logits: I32; count: I32Local },
  term: (x: F64) => F64,
): void {
  f.once(() => {
    const sum = f.double(F64.constant(0));
    const x = f.double(F64.constant(0));
    f.for(0, p.count, 1, (i) => {
      x.set(p.logits.add(i.shiftLeft(2)).loadFloat().toDouble());
      sum.set(sum.add(term(x)));
    });
    f.storeFloat(p.result, sum.div(p.count.toFloat().toDouble()).toFloat());
  });
}

/** Mean binary cross-entropy: max(x, 0) − x·target + log(1 + exp(−|x|)), which never overflows. */
export const sigmoidCrossEntropy = kernel(
  'sigmoidCrossEntropy',
  { result: 'write', logits: 'read', target: 'float', count: 'integer' },
  (f, p) => {
    meanOfLogits(f, p, (x) => {
      const exponential = f.callMath(f.module.math('exp'), x.abs().negate());
      const softness = f.callMath(f.module.math('log1p'), exponential);
      return x.max(F64.constant(0)).sub(x.mul(p.target.toDouble())).add(softness);
    });
  },
);

export const sigmoidMean = kernel(
  'sigmoidMean',
  { result: 'write', logits: 'read', count: 'integer' },
  (f, p) => {
    meanOfLogits(f, p, (x) => sigmoidOf(f, x));
  },
);

/** dy·(σ(logit) − target) / count. */
export const sigmoidCrossEntropyGrad = kernel(
  'sigmoidCrossEntropyGrad',
  { result: 'write', dy: 'read', logits: 'read', target: 'float', count: 'integer' },
  (f, p) => {
    f.once(() => {
      const factor = f.double(p.dy.loadFloat().toDouble().div(p.count.toFloat().toDouble()));
      f.for(0, p.count, 1, (i) => {
        const at = i.shiftLeft(2);
        const x = p.logits.add(at).loadFloat().toDouble();
        const dx = sigmoidOf(f, x).sub(p.target.toDouble()).mul(factor);
        f.storeFloat(p.result.add(at), dx.toFloat());
      });
    });
  },
);

export const lossKernels = [squaredErrors, total, sigmoidCrossEntropy, sigmoidMean, sigmoidCrossEntropyGrad];
