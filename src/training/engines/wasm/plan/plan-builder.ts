/**
 * Collects the kernel calls of a plan, then turns them into numbers: buffers become offsets in an arena, and barriers
 * are put where a call touches memory that a call since the last barrier wrote, or writes what one read.
 */
import type { ValueId } from '../../../graph/step-graph';
import type { Kernel, ParameterKind, Parameters } from '../kernels/kernel';
import { Buffer, type Place, sliceOf } from './buffer';
import { type Lifetime, planMemory } from './memory-planner';

/** What a call passes: places for addresses (`undefined` is none, address 0) and numbers for the rest. */
export type Arguments<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends 'integer' | 'float'
    ? number
    : P[K] extends 'read'
      ? Place | undefined
      : Place;
};

interface Call {
  readonly kernel: Kernel;
  readonly operands: readonly (Place | number | undefined)[];
  /** Index of the step graph's operation that it belongs to. */
  readonly operation: number;
}

/** A call in numbers. Addresses inside the arena are relative to its base. */
export interface PlanEntry {
  readonly kernel: string;
  readonly operands: readonly number[];
  /** Which operands are relative to the arena. */
  readonly relative: readonly number[];
  /** Threads wait for each other before this call. */
  readonly barrier: boolean;
  readonly operation: number;
}

export interface Plan {
  readonly entries: readonly PlanEntry[];
  readonly arenaBytes: number;
  /** Where in the arena buffers are that are read or written from outside. */
  readonly offsets: ReadonlyMap<Buffer, number>;
}

interface Access {
  readonly start: number;
  readonly end: number;
  readonly writes: boolean;
}

const isAddress = (kind: ParameterKind): boolean => kind !== 'integer' && kind !== 'float';

export class PlanBuilder {
  readonly #calls: Call[] = [];
  readonly #external: Buffer[] = [];
  readonly #derived = new Map<string, Buffer>();
  /** Values of the graph are numbered from 0 on; ours are below. */
  #lastId: ValueId = 0;
  /** The operation that is being lowered, to tell where time goes. */
  operation = -1;

  constructor(readonly threads: number) {}

  call<P extends Parameters>(kernel: Kernel<P>, operands: Arguments<P>): void {
    const values: Readonly<Record<string, Place | number | undefined>> = operands;
    this.#calls.push({
      kernel,
      operands: Object.keys(kernel.parameters).map((name) => values[name]),
      operation: this.operation,
    });
  }

  /** A buffer that lives from the first call that uses it to the last. */
  temporary(floats: number): Buffer {
    return new Buffer(floats);
  }

  /** Scratch of so many floats for each thread; the kernel is told the bytes between two threads' parts. */
  scratch(floatsPerThread: number): { buffer: Buffer; bytesPerThread: number } {
    const floats = Math.ceil(floatsPerThread / 16) * 16 + 16;
    return { buffer: new Buffer(floats * this.threads), bytesPerThread: floats * 4 };
  }

  /** Something made of other values once and used by several operations; `key` names it. */
  derived(key: string, make: () => Buffer): Buffer {
    const known = this.#derived.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#derived.set(key, made);
    return made;
  }

  /** The name of a tensor that is no value of the step graph. */
  newId(): ValueId {
    return --this.#lastId;
  }

  /** Keeps a buffer through the whole run: it is filled before or read afterwards. */
  keep(buffer: Buffer): void {
    this.#external.push(buffer);
  }

  finish(): Plan {
    const { offsets, bytes } = planMemory(this.#lifetimes());
    const entries: PlanEntry[] = [];
    let accesses: Access[] = [];
    for (const call of this.#calls) {
      const { operands, relative, touched } = resolve(call, offsets, bytes);
      const barrier = touched.some((access) => accesses.some((earlier) => conflict(access, earlier)));
      if (barrier) accesses = [];
      accesses.push(...touched);
      entries.push({ kernel: call.kernel.name, operands, relative, barrier, operation: call.operation });
    }
    return { entries, arenaBytes: bytes, offsets };
  }

  #lifetimes(): ReadonlyMap<Buffer, Lifetime> {
    const lifetimes = new Map<Buffer, Lifetime>();
    this.#calls.forEach((call, index) => {
      for (const operand of call.operands) {
        if (operand === undefined || typeof operand === 'number') continue;
        const { buffer } = sliceOf(operand);
        if (buffer.address !== undefined) continue;
        lifetimes.set(buffer, { first: lifetimes.get(buffer)?.first ?? index, last: index });
      }
    });
    for (const buffer of this.#external) {
      if (buffer.address === undefined) lifetimes.set(buffer, { first: -1, last: this.#calls.length });
    }
    return lifetimes;
  }
}

function resolve(
  call: Call,
  offsets: ReadonlyMap<Buffer, number>,
  arenaBytes: number,
): { operands: number[]; relative: number[]; touched: Access[] } {
  const kinds = Object.values(call.kernel.parameters);
  const relative: number[] = [];
  const touched: Access[] = [];
  const operands = call.operands.map((operand, i) => {
    const kind = kinds[i]!;
    if (!isAddress(kind)) {
      if (typeof operand !== 'number' || !Number.isFinite(operand)) {
        throw new Error(`${call.kernel.name}: operand ${i} is not a number.`);
      }
      return operand;
    }
    if (operand === undefined) return 0;
    if (typeof operand === 'number') throw new Error(`${call.kernel.name}: operand ${i} is not a place.`);
    const { buffer, offset } = sliceOf(operand);
    const writes = kind !== 'read';
    if (buffer.address !== undefined) {
      // Fixed addresses are told apart from the arena's by lying behind it here.
      const start = arenaBytes + buffer.address;
      touched.push({ start, end: start + buffer.bytes, writes });
      return buffer.address + offset;
    }
    const start = offsets.get(buffer)!;
    touched.push({ start, end: start + buffer.bytes, writes });
    relative.push(i);
    return start + offset;
  });
  return { operands, relative, touched };
}

function conflict(a: Access, b: Access): boolean {
  return (a.writes || b.writes) && a.start < b.end && b.start < a.end;
}
