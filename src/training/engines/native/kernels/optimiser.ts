/** Adam on plain values. Where parameter and moments are state, the function builder updates them in place instead. */
import type { optimiserOperations } from '../../../graph/vocabulary/optimiser';
import { one, scalar } from '../operations';
import type { KernelTable } from './index';

export const optimiserKernels: KernelTable<keyof typeof optimiserOperations> = {
  AdamUpdate: (sink, [parameter, m, v, gradient, stepSize, epsilon], { beta1, beta2 }) => {
    const blend = (old: typeof m, value: typeof m, beta: number) =>
      one(sink, 'AddV2', [
        one(sink, 'Mul', [old!, scalar(sink, beta)]),
        one(sink, 'Mul', [value!, scalar(sink, 1 - beta)]),
      ]);
    const first = blend(m, gradient, beta1);
    const second = blend(v, one(sink, 'Mul', [gradient!, gradient!]), beta2);
    const deviation = one(sink, 'AddV2', [one(sink, 'Sqrt', [second]), epsilon!]);
    const change = one(sink, 'RealDiv', [one(sink, 'Mul', [first, stepSize!]), deviation]);
    return [one(sink, 'Sub', [parameter!, change]), first, second];
  },
};
