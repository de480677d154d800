/**
 * The 11×11 Gaussian window of SSIM (σ = 1.5, weights that sum to 1), as a weighted sum of eleven rows of numbers: in
 * WebAssembly two doubles at a time, in plain TypeScript where that cannot run, with the same bits. Across and down are the
 * same sum; across, the eleven rows are one row, each time a pixel further on.
 */
import { F64, FunctionBuilder, MAXIMUM_PAGES, ModuleBuilder } from '../assembler';

export const WINDOW = 11;
export const RADIUS = 5;
const SIGMA = 1.5;

/** Weights by distance from the centre. */
const weights = ((): readonly number[] => {
  const gaussian = Array.from({ length: RADIUS + 1 }, (_, distance) =>
    Math.exp(-(distance * distance) / (2 * SIGMA * SIGMA)),
  );
  const sum = gaussian.reduce((total, weight, distance) => total + (distance === 0 ? 1 : 2) * weight, 0);
  return gaussian.map((weight) => weight / sum);
})();

/** Eleven rows, each at its place among the numbers of `row`. */
/** The row and the index in it where the `k`-th of them begins. */
export type Rows = (k: number) => { readonly row: Float64Array; readonly start: number };

export interface GaussianWindow {
  /** A new row of `length` numbers. All rows that this window sees must be from here. */
  row(length: number): Float64Array;
  /** Weighted sums of `sums.length` numbers of each of eleven rows. */
  filter(rows: Rows, sums: Float64Array): void;
}

const PAGE = 65536;
const DOUBLE = 8;
/** Numbers that the kernel takes at a time; it runs over the end of a row, up to a multiple of them. */
const BLOCK = 8;
/** Rows that the window may run over at the end: those that begin later than the first. */
const MARGIN = 64;

/** A window for rows of `numbers` in all; those of an earlier call must not be used afterwards. */
export function openGaussianWindow(numbers: number): GaussianWindow {
  const instance = (kept ??= load());
  return instance === null || numbers > MOST_NUMBERS ? plainGaussianWindow : windowOn(instance);
}

export const plainGaussianWindow: GaussianWindow = {
  row: (length) => new Float64Array(length),
  filter: (rows, sums) => {
    const centre = rows(RADIUS);
    const weight = weights[0]!;
    for (let i = 0; i < sums.length; i++) sums[i] = weight * centre.row[centre.start + i]!;
    for (let distance = 1; distance <= RADIUS; distance++) {
      const before = rows(RADIUS - distance);
      const after = rows(RADIUS + distance);
      const weight = weights[distance]!;
      for (let i = 0; i < sums.length; i++) {
        sums[i] = sums[i]! + weight * (before.row[before.start + i]! + after.row[after.start + i]!);
      }
    }
  },
};

interface Instance {
  readonly memory: WebAssembly.Memory;
  readonly filter: (...operands: number[]) => unknown;
}

/** Rows of more numbers than this, all together, stay outside. */
const MOST_NUMBERS = 2 ** 24;

/** One instance serves all images of a thread, one after the other; null where there is no SIMD. */
let kept: Instance | null | undefined;

function windowOn({ memory, filter }: Instance): GaussianWindow {
  let next = 0;
  return {
    row: (length) => {
      const address = next;
      next += (Math.ceil(length / BLOCK) * BLOCK + MARGIN) * DOUBLE;
      const missing = next - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      return new Float64Array(memory.buffer, address, length);
    },
    filter: (rows, sums) => {
      const addresses = Array.from({ length: WINDOW }, (_, k) => {
        const { row, start } = rows(k);
        return row.byteOffset + start * DOUBLE;
      });
      const bytes = Math.ceil(sums.length / BLOCK) * BLOCK * DOUBLE;
      filter(...addresses, sums.byteOffset, bytes);
    },
  };
}

function load(): Instance | null {
  const module = new ModuleBuilder();
  module.add('filter', filterKernel());
  const code = module.encode();
  if (!WebAssembly.validate(code)) return null;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { lab: { memory } });
  return { memory, filter: exports['filter']! };
}

/** Operands: addresses of the eleven rows, where the sums go, and how many bytes they take. */
function filterKernel(): FunctionBuilder {
  const kernel = new FunctionBuilder(
    Array.from({ length: WINDOW + 2 }, () => 'i32' as const),
    false,
  );
  const rows = Array.from({ length: WINDOW }, (_, k) => kernel.integerParameter(k));
  const [sums, bytes] = [WINDOW, WINDOW + 1].map((index) => kernel.integerParameter(index));
  const factors = weights.map((weight) => kernel.vector(F64.constant(weight).splat()));
  kernel.for(0, bytes!, BLOCK * DOUBLE, (offset) => {
    const lanes = kernel.vectors(BLOCK / 2);
    const centre = kernel.integer(rows[RADIUS]!.add(offset));
    for (const [i, lane] of lanes.entries()) lane.set(factors[0]!.mulDoubles(centre.load(16 * i)));
    for (let distance = 1; distance <= RADIUS; distance++) {
      const before = kernel.integer(rows[RADIUS - distance]!.add(offset));
      const after = kernel.integer(rows[RADIUS + distance]!.add(offset));
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
