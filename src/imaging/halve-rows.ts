/**
 * Half as many columns of two rows as one row: means of 2×2 numbers, of which an odd last column is left out. In WebAssembly two
 * at a time, in plain TypeScript where that cannot run, with the same bits.
 */
import { F64, FunctionBuilder } from '../assembler';
import { compileKernels, DOUBLE, type Kernels, type WindowMemory } from './window-memory';

/** Writes `half.length` means of the rows `upper` and `lower`. */
export type HalveRows = (upper: Float64Array, lower: Float64Array, half: Float64Array) => void;

let kernels: Kernels<'halve'> | null | undefined;

/** For rows of that memory. */
export function halveRows({ isReached }: WindowMemory): HalveRows {
  kernels ??= compileKernels({ halve: halveKernel() });
  if (kernels === null || !isReached) return plainHalveRows;
  const { halve } = kernels;
  return (upper, lower, half) => {
    halve(upper.byteOffset, lower.byteOffset, half.byteOffset, half.length * DOUBLE);
  };
}

/** The same in plain TypeScript. */
export const plainHalveRows: HalveRows = (upper, lower, half) => {
  for (let i = 0, at = 0; i < half.length; i++, at += 2) {
    half[i] = (upper[at]! + upper[at + 1]! + lower[at]! + lower[at + 1]!) * 0.25;
  }
};

/** Operands: addresses of both rows, where the means go, and how many bytes these take. */
function halveKernel(): FunctionBuilder {
  const kernel = new FunctionBuilder(['i32', 'i32', 'i32', 'i32'], false);
  const [upper, lower, half, bytes] = [0, 1, 2, 3].map((index) => kernel.integerParameter(index));
  kernel.for(0, bytes!, 2 * DOUBLE, (offset) => {
    const [above, below] = [upper!, lower!].map((row) => {
      const place = kernel.integer(row.add(offset.mul(2)));
      return [kernel.vector(place.load()), kernel.vector(place.load(2 * DOUBLE))] as const;
    });
    const [left, right] = [above!, below!].map(
      ([first, second]) =>
        [first.shuffleDoubles(second, [0, 2]), first.shuffleDoubles(second, [1, 3])] as const,
    );
    const sum = left![0].addDoubles(left![1]).addDoubles(right![0]).addDoubles(right![1]);
    kernel.store(half!.add(offset), sum.mulDoubles(F64.constant(0.25).splat()));
  });
  return kernel;
}
