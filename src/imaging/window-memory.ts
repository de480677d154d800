/**
 * Rows of numbers where compiled kernels can reach them: one WebAssembly memory, which whoever filters a picture uses from its
 * beginning, one after the other.
 */
import { type FunctionBuilder, MAXIMUM_PAGES, ModuleBuilder } from '../assembler';

const PAGE = 65536;
export const DOUBLE = 8;
/** Numbers that a kernel may take at a time: it runs over the end of a row, up to a multiple of them. */
export const BLOCK = 4;
/** Rows of more numbers than this, all together, stay outside. */
const MOST_NUMBERS = 2 ** 24;

/** Rows of one use, all from one place. */
export interface WindowMemory {
  /** Whether kernels reach the rows. */
  readonly isReached: boolean;
  /** A new row of `length` numbers, all 0, and so is what kernels take beyond its end. */
  row(length: number): Float64Array;
}

export type Kernels<N extends string> = Readonly<Record<N, (...operands: number[]) => unknown>>;

let memory: WebAssembly.Memory | undefined;

function theMemory(): WebAssembly.Memory {
  memory ??= new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared: true });
  return memory;
}

/** Room for rows of `numbers` in all. Rows of an earlier use must not be used afterwards. */
export function openMemory(numbers: number): WindowMemory {
  if (numbers > MOST_NUMBERS) return plainMemory;
  const memory = theMemory();
  let next = 0;
  return {
    isReached: true,
    row: (length) => {
      const address = next;
      next += bytesOf(length) + BLOCK * DOUBLE;
      const missing = next - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      return new Float64Array(memory.buffer, address, (next - address) / DOUBLE).fill(0).subarray(0, length);
    },
  };
}

/** Rows for plain TypeScript alone. */
export const plainMemory: WindowMemory = {
  isReached: false,
  row: (length) => new Float64Array(length),
};

/** Compiles kernels for rows of that memory. Null where there is no SIMD. */
export function compileKernels<N extends string>(
  builders: Readonly<Record<N, FunctionBuilder>>,
): Kernels<N> | null {
  const module = new ModuleBuilder();
  for (const [name, builder] of Object.entries<FunctionBuilder>(builders)) module.add(name, builder);
  const code = module.encode();
  if (!WebAssembly.validate(code)) return null;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), {
    lab: { memory: theMemory() },
  });
  return exports;
}

/** Bytes that a kernel goes through for so many numbers. */
export function bytesOf(numbers: number): number {
  return Math.ceil(numbers / BLOCK) * BLOCK * DOUBLE;
}
