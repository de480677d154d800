/**
 * A window that is the same to both sides of its centre, as a weighted sum of as many rows of numbers as it is wide: in
 * WebAssembly two doubles at a time, in plain TypeScript where that cannot run, with the same bits. Across and down are the
 * same sum; across, the rows are one row, each time a pixel further on.
 */
import { F64, FunctionBuilder } from '../assembler';
import { BLOCK, bytesOf, compileKernels, DOUBLE, type Kernels, type WindowMemory } from './window-memory';

export interface SymmetricWindow {
  /** Weighted sums of the numbers of as many rows as the window is wide, each as long as `sums`. */
  filter(rows: readonly Float64Array[], sums: Float64Array): void;
}

/** Compiles a window of these weights, by distance from the centre, for rows of the memory that it is then given. */
export function symmetricWindow(weights: readonly number[]): (memory: WindowMemory) => SymmetricWindow {
  const kernels = compileKernels({ filter: filterKernel(weights) });
  return ({ isReached }) => (kernels === null || !isReached ? plainWindow(weights) : compiledWindow(kernels));
}

/** The same in plain TypeScript. */
export function plainWindow(weights: readonly number[]): SymmetricWindow {
  const radius = weights.length - 1;
  return {
    filter: (rows, sums) => {
      const centre = rows[radius]!;
      const weight = weights[0]!;
      for (let i = 0; i < sums.length; i++) sums[i] = weight * centre[i]!;
      for (let distance = 1; distance <= radius; distance++) {
        const before = rows[radius - distance]!;
        const after = rows[radius + distance]!;
        const weight = weights[distance]!;
        for (let i = 0; i < sums.length; i++) {
          sums[i] = sums[i]! + weight * (before[i]! + after[i]!);
        }
      }
    },
  };
}

function compiledWindow(kernels: Kernels<'filter'>): SymmetricWindow {
  return {
    filter: (rows, sums) => {
      const addresses = rows.map((row) => row.byteOffset);
      kernels.filter(...addresses, sums.byteOffset, bytesOf(sums.length));
    },
  };
}

/** Operands: addresses of the rows, where the sums go, and how many bytes they take. */
function filterKernel(weights: readonly number[]): FunctionBuilder {
  const radius = weights.length - 1;
  const size = 2 * radius + 1;
  const kernel = new FunctionBuilder(
    Array.from({ length: size + 2 }, () => 'i32' as const),
    false,
  );
  const rows = Array.from({ length: size }, (_, k) => kernel.integerParameter(k));
  const [sums, bytes] = [size, size + 1].map((index) => kernel.integerParameter(index));
  const factors = weights.map((weight) => kernel.vector(F64.constant(weight).splat()));
  kernel.for(0, bytes!, BLOCK * DOUBLE, (offset) => {
    const lanes = kernel.vectors(BLOCK / 2);
    const centre = kernel.integer(rows[radius]!.add(offset));
    for (const [i, lane] of lanes.entries()) lane.set(factors[0]!.mulDoubles(centre.load(16 * i)));
    for (let distance = 1; distance <= radius; distance++) {
      const before = kernel.integer(rows[radius - distance]!.add(offset));
      const after = kernel.integer(rows[radius + distance]!.add(offset));
      for (const [i, lane] of lanes.entries()) {
        const pair = before.load(16 * i).addDoubles(after.load(16 * i));
        lane.set(lane.addDoubles(factors[distance]!.mulDoubles(pair)));
      }
    }
    const place = kernel.integer(sums!.add(offset));
    for (const [i, lane] of lanes.entries()) kernel.store(place, lane, 16 * i);
  });
  return kernel;
}
