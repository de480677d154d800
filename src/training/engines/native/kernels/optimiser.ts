/**
 * Adam on plain values. Where parameter and moments are state, `ResourceApplyAdam` updates them in place instead; this is
 * the same arithmetic in the same order, so that both forms give the same bits.
 */
import type { optimiserOperations } from '../../../graph/vocabulary/optimiser';
import { one, scalar, type OperationSink } from '../operations';
import type { KernelTable } from './kernel';

/** old + (value − old)·(1 − β), with 1 − β taken in float32. */
function decayTowards<Value>(sink: OperationSink<Value>, old: Value, value: Value, beta: number): Value {
  const change = one(sink, 'Sub', [value, old]);
  return one(sink, 'AddV2', [old, one(sink, 'Mul', [change, scalar(sink, 1 - Math.fround(beta))])]);
}

export const optimiserKernels: KernelTable<keyof typeof optimiserOperations> = {
  AdamUpdate: (sink, [parameter, m, v, gradient, stepSize, epsilon], { beta1, beta2 }) => {
    const first = decayTowards(sink, m!, gradient!, beta1);
    const second = decayTowards(sink, v!, one(sink, 'Square', [gradient!]), beta2);
    const deviation = one(sink, 'AddV2', [one(sink, 'Sqrt', [second]), epsilon!]);
    const change = one(sink, 'RealDiv', [one(sink, 'Mul', [first, stepSize!]), deviation]);
    return [one(sink, 'Sub', [parameter!, change]), first, second];
  },
};
