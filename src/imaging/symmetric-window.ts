/**
 * A window that is the same to both sides of its centre, as a weighted sum of as many rows of numbers as it is wide: in
 * WebAssembly two doubles at a time, in plain TypeScript where that cannot run, with the same bits. Across and down are the
 * same sum; across, the rows are one row, each time a pixel further on.
 */
import { F64, FunctionBuilder, MAXIMUM_PAGES, ModuleBuilder } from '../assembler';

/** The row and the index in it where the `k`-th of the rows begins. */
export type Rows = (k: number) => { readonly row: Float64Array; readonly start: number };

export interface SymmetricWindow {
  /** A new row of `length` numbers, all 0. All rows that this window sees must be from here. */
  row(length: number): Float64Array;
  /** Weighted sums of `sums.length` numbers of each row. */
  filter(rows: Rows, sums: Float64Array): void;
}

const PAGE = 65536;
const DOUBLE = 8;
/** Numbers that the kernel takes at a time; it runs over the end of a row, up to a multiple of them. */
const BLOCK = 8;
/** Rows of more numbers than this, all together, stay outside. */
const MOST_NUMBERS = 2 ** 24;

/**
 * Opens windows of these weights, by distance from the centre, for rows of `numbers` in all. One memory serves them all, one after
 * the other: rows of an earlier one must not be used afterwards.
 */
export function symmetricWindow(weights: readonly number[]): (numbers: number) => SymmetricWindow {
  const plain = plainWindow(weights);
  const instance = load(weights);
  return (numbers) =>
    instance === null || numbers > MOST_NUMBERS ? plain : windowOn(instance, 2 * weights.length - 1);
}

/** The same in plain TypeScript. */
export function plainWindow(weights: readonly number[]): SymmetricWindow {
  const radius = weights.length - 1;
  return {
    row: (length) => new Float64Array(length),
    filter: (rows, sums) => {
      const centre = rows(radius);
      const weight = weights[0]!;
      for (let i = 0; i < sums.length; i++) sums[i] = weight * centre.row[centre.start + i]!;
      for (let distance = 1; distance <= radius; distance++) {
        const before = rows(radius - distance);
        const after = rows(radius + distance);
        const weight = weights[distance]!;
        for (let i = 0; i < sums.length; i++) {
          sums[i] = sums[i]! + weight * (before.row[before.start + i]! + after.row[after.start + i]!);
        }
      }
    },
  };
}

interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly filter: (...operands: number[]) => unknown;
}

function windowOn({ memory, filter }: Instance, size: number): SymmetricWindow {
  let next = 0;
  return {
    row: (length) => {
      const address = next;
      next += (Math.ceil(length / BLOCK) * BLOCK + BLOCK) * DOUBLE;
      const missing = next - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      return new Float64Array(memory.buffer, address, length).fill(0);
    },
    filter: (rows, sums) => {
      const addresses = Array.from({ length: size }, (_, k) => {
        const { row, start } = rows(k);
        return row.byteOffset + start * DOUBLE;
      });
      const bytes = Math.ceil(sums.length / BLOCK) * BLOCK * DOUBLE;
      filter(...addresses, sums.byteOffset, bytes);
    },
  };
}

/** Null where there is no SIMD. */
function load(weights: readonly number[]): Instance | null {
  const module = new ModuleBuilder();
  module.add('filter', filterKernel(weights));
  const code = module.encode();
  if (!WebAssembly.validate(code)) return null;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { lab: { memory } });
  return { memory, filter: exports['filter']! };
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
