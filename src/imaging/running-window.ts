/**
 * A wide window of whole weights that is the same to both sides of its centre, as sums that run along: from one position to the
 * next a sum changes only where the weight does, and a wide window has few such places. Of whole numbers the sums are exact, so
 * that running changes no bit. In WebAssembly two doubles at a time, in plain TypeScript where that cannot run.
 */
import { F64, FunctionBuilder, type Vector } from '../assembler';
import { BLOCK, bytesOf, compileKernels, DOUBLE, type Kernels, type WindowMemory } from './window-memory';

export interface RunningWindow {
  /** Takes sums about one row on to those about the next: `rowAt(0)` is that next one, `rowAt(-1)` the one before. */
  down(rowAt: (offset: number) => Float64Array, sums: Float64Array): void;
  /**
   * Sums along one row, of positions of `LANES` numbers each. The first is that about position `reach + 1` of `row`, before
   * which the window holds nothing: the row begins with `2 * reach + 1` positions of 0.
   */
  along(row: Float64Array, sums: Float64Array): void;
}

/** Numbers that stand together at a position. */
export const LANES = 4;

/** The weight falls by `factor` after `offset` to the right, and so it does to the left. */
interface Step {
  readonly offset: number;
  readonly factor: number;
}

/** Compiles a window of these weights, by distance from the centre, for rows of the memory that it is then given. */
export function runningWindow(weights: readonly number[]): (memory: WindowMemory) => RunningWindow {
  const steps = stepsOf(weights);
  const kernels = compileKernels({
    down: downKernel(steps),
    along: alongKernel(steps, weights.length - 1),
  });
  return ({ isReached }) =>
    kernels === null || !isReached ? plainRunningWindow(weights) : compiledWindow(kernels, steps);
}

/** The same in plain TypeScript. */
export function plainRunningWindow(weights: readonly number[]): RunningWindow {
  const steps = stepsOf(weights);
  const reach = weights.length - 1;
  return {
    down: (rowAt, sums) => {
      for (const { offset, factor } of steps) {
        const [comes, goes] = [rowAt(offset), rowAt(-1 - offset)];
        for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + factor * (comes[i]! - goes[i]!);
      }
    },
    along: (row, sums) => {
      for (let i = 0; i < sums.length; i++) {
        let sum = i < LANES ? 0 : sums[i - LANES]!;
        for (const { offset, factor } of steps) {
          const comes = row[i + LANES * (reach + 1 + offset)]!;
          const goes = row[i + LANES * (reach - offset)]!;
          sum += factor * (comes - goes);
        }
        sums[i] = sum;
      }
    },
  };
}

function stepsOf(weights: readonly number[]): Step[] {
  return weights
    .map((weight, offset) => ({ offset, factor: weight - (weights[offset + 1] ?? 0) }))
    .filter(({ factor }) => factor !== 0);
}

function compiledWindow(kernels: Kernels<'down' | 'along'>, steps: readonly Step[]): RunningWindow {
  return {
    down: (rowAt, sums) => {
      const rows = steps.flatMap(({ offset }) => [rowAt(offset).byteOffset, rowAt(-1 - offset).byteOffset]);
      kernels.down(...rows, sums.byteOffset, bytesOf(sums.length));
    },
    along: (from, sums) => {
      kernels.along(from.byteOffset, sums.byteOffset, sums.length * DOUBLE);
    },
  };
}

/** Operands: addresses of the row that comes and the one that goes of each step, of the sums, and how many bytes these take. */
function downKernel(steps: readonly Step[]): FunctionBuilder {
  const kernel = integerFunction(2 * steps.length + 2);
  const rows = steps.map(
    (_, k) => [kernel.integerParameter(2 * k), kernel.integerParameter(2 * k + 1)] as const,
  );
  const sums = kernel.integerParameter(2 * steps.length);
  const bytes = kernel.integerParameter(2 * steps.length + 1);
  kernel.for(0, bytes, BLOCK * DOUBLE, (offset) => {
    const place = kernel.integer(sums.add(offset));
    const lanes = Array.from({ length: BLOCK / 2 }, (_, i) => kernel.vector(place.load(16 * i)));
    for (const [k, step] of steps.entries()) {
      const comes = kernel.integer(rows[k]![0].add(offset));
      const goes = kernel.integer(rows[k]![1].add(offset));
      for (const [i, lane] of lanes.entries()) {
        lane.set(lane.addDoubles(times(comes.load(16 * i).subDoubles(goes.load(16 * i)), step)));
      }
    }
    for (const [i, lane] of lanes.entries()) kernel.store(place, lane, 16 * i);
  });
  return kernel;
}

/** Operands: addresses of the row and of the sums, and how many bytes the sums take. */
function alongKernel(steps: readonly Step[], reach: number): FunctionBuilder {
  const kernel = integerFunction(3);
  const [row, sums, bytes] = [0, 1, 2].map((index) => kernel.integerParameter(index));
  const position = LANES * DOUBLE;
  const lanes = Array.from({ length: LANES / 2 }, () => kernel.vector(F64.constant(0).splat()));
  const change = kernel.vector();
  kernel.for(0, bytes!, position, (offset) => {
    const from = kernel.integer(row!.add(offset));
    const to = kernel.integer(sums!.add(offset));
    for (const [i, lane] of lanes.entries()) {
      change.set(F64.constant(0).splat());
      for (const step of steps) {
        const comes = from.load(position * (reach + 1 + step.offset) + 16 * i);
        const goes = from.load(position * (reach - step.offset) + 16 * i);
        change.set(change.addDoubles(times(comes.subDoubles(goes), step)));
      }
      lane.set(lane.addDoubles(change));
      kernel.store(to, lane, 16 * i);
    }
  });
  return kernel;
}

function times(difference: Vector, { factor }: Step): Vector {
  return factor === 1 ? difference : difference.mulDoubles(F64.constant(factor).splat());
}

function integerFunction(parameters: number): FunctionBuilder {
  return new FunctionBuilder(
    Array.from({ length: parameters }, () => 'i32' as const),
    false,
  );
}
