/**
 * Writes the body of one WebAssembly function, statement after statement: locals, assignments, stores, loops and calls.
 * TypeScript is the macro language: a TypeScript loop unrolls, a `for` of this builder loops at run time.
 */
import { type Bytes, unsigned, type ValueType, valueTypes } from './encoding';
import { type Expression, F32, F64, I32, type Integer, Vector } from './expressions';

/** A variable: reading it is an expression, `set` is a statement at the builder's current place. */
export interface I32Local extends I32 {
  set(value: Integer): void;
  /** Adds to it. */
  advance(by: Integer): void;
}
export interface VectorLocal extends Vector {
  set(value: Vector): void;
}
export interface F64Local extends F64 {
  set(value: F64): void;
}

/** What `call` can call: a function of this module. */
export interface Callee {
  readonly index: number;
}

const EMPTY_BLOCK = 0x40;

export class FunctionBuilder {
  readonly #body: number[] = [];
  readonly #types: ValueType[] = [];
  readonly #parameterCount: number;

  /** With `relaxed`, `multiplyAdd` is one relaxed-SIMD instruction. */
  constructor(
    readonly parameterTypes: readonly ValueType[],
    readonly relaxed: boolean,
  ) {
    this.#types.push(...parameterTypes);
    this.#parameterCount = parameterTypes.length;
  }

  /** The parameter at `index`, which must be an integer; it can be assigned like a local. */
  integerParameter(index: number): I32Local {
    return this.#i32(this.#parameter(index, 'i32'));
  }

  floatParameter(index: number): F32 {
    return new F32([0x20, ...unsigned(this.#parameter(index, 'f32'))]);
  }

  /** A new integer variable, assigned here; its value is undefined in a loop unless it is assigned there. */
  integer(initial: Integer = 0): I32Local {
    const local = this.#i32(this.#declare('i32'));
    local.set(initial);
    return local;
  }

  /** A new vector variable, without a value. */
  vector(initial?: Vector): VectorLocal {
    const index = this.#declare('v128');
    const local = new Vector([0x20, ...unsigned(index)]);
    const variable = Object.assign(local, {
      set: (value: Vector) => {
        this.#assign(index, value);
      },
    });
    if (initial !== undefined) variable.set(initial);
    return variable;
  }

  vectors(count: number): VectorLocal[] {
    return Array.from({ length: count }, () => this.vector());
  }

  double(initial: F64): F64Local {
    const index = this.#declare('f64');
    const local = Object.assign(new F64([0x20, ...unsigned(index)]), {
      set: (value: F64) => {
        this.#assign(index, value);
      },
    });
    local.set(initial);
    return local;
  }

  /** Stores four floats. */
  store(address: I32, value: Vector, offset = 0): void {
    this.#emit(address.code, value.code, [0xfd, 11, 2, ...unsigned(offset)]);
  }

  /** Stores one lane. */
  storeLane(address: I32, value: Vector, lane: number, offset = 0): void {
    this.#emit(address.code, value.code, [0xfd, 0x5a, 2, ...unsigned(offset), lane]);
  }

  storeFloat(address: I32, value: F32, offset = 0): void {
    this.#emit(address.code, value.code, [0x38, 2, ...unsigned(offset)]);
  }

  /** a × b + c: fused where the module is relaxed, two roundings otherwise. */
  multiplyAdd(a: Vector, b: Vector, c: Vector): Vector {
    return this.relaxed ? a.relaxedMultiplyAdd(b, c) : c.add(a.mul(b));
  }

  /** for (i = from; i < to; i += step). `to` is evaluated once. */
  for(from: Integer, to: Integer, step: Integer, body: (i: I32Local) => void): void {
    const i = this.integer(from);
    const end = typeof to === 'number' ? to : this.integer(to);
    this.if(i.lessThan(end), () => {
      this.doWhile(
        () => {
          body(i);
          i.advance(step);
        },
        () => i.lessThan(end),
      );
    });
  }

  /** Runs `body` once, then again while `condition` holds. */
  doWhile(body: () => void, condition: () => I32): void {
    this.#emit([0x03, EMPTY_BLOCK]);
    body();
    this.#emit(condition().code, [0x0d, 0, 0x0b]);
  }

  /** Runs the bodies in turn, and again from the first, while `condition` holds, which is asked after each. */
  doInTurnWhile(bodies: readonly (() => void)[], condition: () => I32): void {
    this.#emit([0x02, EMPTY_BLOCK, 0x03, EMPTY_BLOCK]);
    bodies.forEach((body, i) => {
      body();
      if (i < bodies.length - 1) this.#emit(condition().code, [0x45, 0x0d, 1]);
    });
    this.#emit(condition().code, [0x0d, 0, 0x0b, 0x0b]);
  }

  if(condition: I32, body: () => void, otherwise?: () => void): void {
    this.#emit(condition.code, [0x04, EMPTY_BLOCK]);
    body();
    if (otherwise !== undefined) {
      this.#emit([0x05]);
      otherwise();
    }
    this.#emit([0x0b]);
  }

  call(callee: Callee, operands: readonly Integer[]): void {
    for (const operand of operands) this.#emit(I32.from(operand).code);
    this.#emit([0x10, ...unsigned(callee.index)]);
  }

  /** A call whose value is used: double in, double out (the imported functions of JavaScript's Math). */
  callMath(callee: Callee, operand: F64): F64 {
    return new F64([...operand.code, 0x10, ...unsigned(callee.index)]);
  }

  /** The body as the grammar has it: size, groups of locals, code. */
  encode(): Uint8Array {
    const groups: { count: number; type: ValueType }[] = [];
    for (const type of this.#types.slice(this.#parameterCount)) {
      const last = groups.at(-1);
      if (last?.type === type) last.count++;
      else groups.push({ count: 1, type });
    }
    const locals = [
      ...unsigned(groups.length),
      ...groups.flatMap((group) => [...unsigned(group.count), valueTypes[group.type]]),
    ];
    const head = [...unsigned(locals.length + this.#body.length + 1), ...locals];
    const bytes = new Uint8Array(head.length + this.#body.length + 1);
    bytes.set(head);
    bytes.set(this.#body, head.length);
    bytes[bytes.length - 1] = 0x0b;
    return bytes;
  }

  #parameter(index: number, type: ValueType): number {
    if (this.parameterTypes[index] !== type)
      throw new RangeError(`Parameter ${index} is not of type ${type}.`);
    return index;
  }

  #declare(type: ValueType): number {
    return this.#types.push(type) - 1;
  }

  #assign(index: number, value: Expression): void {
    this.#emit(value.code, [0x21, ...unsigned(index)]);
  }

  #i32(index: number): I32Local {
    const local = new I32([0x20, ...unsigned(index)]);
    return Object.assign(local, {
      set: (value: Integer) => {
        this.#assign(index, I32.from(value));
      },
      advance: (by: Integer) => {
        this.#assign(index, local.add(by));
      },
    });
  }

  #emit(...code: readonly Bytes[]): void {
    for (const bytes of code) for (const byte of bytes) this.#body.push(byte);
  }
}
