/**
 * Typed expressions: each is the code that pushes one value on WebAssembly's stack. Building one evaluates nothing;
 * an expression used twice is computed twice, so what is expensive goes into a local first.
 * Integers are unsigned here, because all of them are addresses, sizes and counters.
 */
import { type Bytes, float32, float64, signed, unsigned, type ValueType } from './encoding';

export abstract class Expression {
  abstract readonly type: ValueType;
  constructor(readonly code: Bytes) {}
}

const simd = (opcode: number): Bytes => [0xfd, ...unsigned(opcode)];
/** Alignment hint (log₂ of 4 bytes: all that float addresses promise) and offset of a memory access. */
const access = (offset: number): Bytes => [2, ...unsigned(offset)];

/** An integer expression, or a number for a constant. */
export type Integer = I32 | number;

export class I32 extends Expression {
  readonly type = 'i32';

  static constant(value: number): I32 {
    return new I32([0x41, ...signed(value)]);
  }

  static from(value: Integer): I32 {
    return typeof value === 'number' ? I32.constant(value) : value;
  }

  add(other: Integer): I32 {
    return other === 0 ? this : this.#binary(0x6a, other);
  }
  sub(other: Integer): I32 {
    return other === 0 ? this : this.#binary(0x6b, other);
  }
  mul(other: Integer): I32 {
    return other === 1 ? this : this.#binary(0x6c, other);
  }
  div(other: Integer): I32 {
    return other === 1 ? this : this.#binary(0x6e, other);
  }
  rem(other: Integer): I32 {
    return this.#binary(0x70, other);
  }
  and(other: Integer): I32 {
    return this.#binary(0x71, other);
  }
  shiftLeft(bits: number): I32 {
    return this.#binary(0x74, bits);
  }
  shiftRight(bits: number): I32 {
    return this.#binary(0x76, bits);
  }
  equals(other: Integer): I32 {
    return other === 0 ? new I32([...this.code, 0x45]) : this.#binary(0x46, other);
  }
  lessThan(other: Integer): I32 {
    return this.#binary(0x49, other);
  }
  atMost(other: Integer): I32 {
    return this.#binary(0x4d, other);
  }
  atLeast(other: Integer): I32 {
    return this.#binary(0x4f, other);
  }
  moreThan(other: Integer): I32 {
    return this.#binary(0x4b, other);
  }
  /** The smaller of the two. Both are evaluated twice. */
  min(other: Integer): I32 {
    return this.lessThan(other).select(this, I32.from(other));
  }
  /** `this` as a condition: `yes` where it is not zero. */
  select(yes: I32, no: I32): I32 {
    return new I32([...yes.code, ...no.code, ...this.code, 0x1b]);
  }
  toFloat(): F32 {
    return new F32([...this.code, 0xb3]);
  }
  /** The float at this address. */
  loadFloat(offset = 0): F32 {
    return new F32([...this.code, 0x2a, ...access(offset)]);
  }
  /** Four floats from this address on. */
  load(offset = 0): Vector {
    return new Vector([...this.code, ...simd(0), ...access(offset)]);
  }
  /** One float from this address in lane 0, zeros in the others. */
  loadLane(offset = 0): Vector {
    return new Vector([...this.code, ...simd(0x5c), ...access(offset)]);
  }
  /** One float from this address in all lanes. */
  loadSplat(offset = 0): Vector {
    return new Vector([...this.code, ...simd(9), ...access(offset)]);
  }

  /** The integer at this address. */
  loadInteger(offset = 0): I32 {
    return new I32([...this.code, 0x28, ...access(offset)]);
  }
  /** One double from this address in both halves of a vector. */
  loadSplatDouble(offset = 0): Vector {
    return new Vector([...this.code, ...simd(10), ...access(offset)]);
  }

  #binary(opcode: number, other: Integer): I32 {
    return new I32([...this.code, ...I32.from(other).code, opcode]);
  }
}

export class F32 extends Expression {
  readonly type = 'f32';

  static constant(value: number): F32 {
    return new F32([0x43, ...float32(value)]);
  }
  splat(): Vector {
    return new Vector([...this.code, ...simd(0x13)]);
  }
  toDouble(): F64 {
    return new F64([...this.code, 0xbb]);
  }
}

export class F64 extends Expression {
  readonly type = 'f64';

  static constant(value: number): F64 {
    return new F64([0x44, ...float64(value)]);
  }
  add(other: F64): F64 {
    return this.#binary(0xa0, other);
  }
  sub(other: F64): F64 {
    return this.#binary(0xa1, other);
  }
  mul(other: F64): F64 {
    return this.#binary(0xa2, other);
  }
  div(other: F64): F64 {
    return this.#binary(0xa3, other);
  }
  max(other: F64): F64 {
    return this.#binary(0xa5, other);
  }
  abs(): F64 {
    return new F64([...this.code, 0x99]);
  }
  negate(): F64 {
    return new F64([...this.code, 0x9a]);
  }
  toFloat(): F32 {
    return new F32([...this.code, 0xb6]);
  }
  /** The same double in both halves of a vector. */
  splat(): Vector {
    return new Vector([...this.code, ...simd(0x14)]);
  }

  #binary(opcode: number, other: F64): F64 {
    return new F64([...this.code, ...other.code, opcode]);
  }
}

/** Four single-precision lanes; comparisons give masks (all bits of a lane set or none). */
export class Vector extends Expression {
  readonly type = 'v128';

  static zero(): Vector {
    return new Vector([...simd(12), ...new Array<number>(16).fill(0)]);
  }
  static lanes(...numbers: readonly [number, number, number, number]): Vector {
    return new Vector([...simd(12), ...numbers.flatMap(float32)]);
  }
  /** The same number in all lanes. */
  static of(value: number): Vector {
    return F32.constant(value).splat();
  }
  add(other: Vector): Vector {
    return this.#binary(0xe4, other);
  }
  sub(other: Vector): Vector {
    return this.#binary(0xe5, other);
  }
  mul(other: Vector): Vector {
    return this.#binary(0xe6, other);
  }
  div(other: Vector): Vector {
    return this.#binary(0xe7, other);
  }
  /** The smaller lane; NaN where `this` is NaN. */
  min(other: Vector): Vector {
    return this.#binary(0xea, other);
  }
  /** The larger lane; NaN where `this` is NaN. */
  max(other: Vector): Vector {
    return this.#binary(0xeb, other);
  }
  abs(): Vector {
    return this.#unary(0xe0);
  }
  negate(): Vector {
    return this.#unary(0xe1);
  }
  sqrt(): Vector {
    return this.#unary(0xe3);
  }
  equals(other: Vector): Vector {
    return this.#binary(0x41, other);
  }
  lessThan(other: Vector): Vector {
    return this.#binary(0x43, other);
  }
  moreThan(other: Vector): Vector {
    return this.#binary(0x44, other);
  }
  atMost(other: Vector): Vector {
    return this.#binary(0x45, other);
  }
  atLeast(other: Vector): Vector {
    return this.#binary(0x46, other);
  }
  and(other: Vector): Vector {
    return this.#binary(0x4e, other);
  }
  /** The bits of `this` that `other` does not have. */
  andNot(other: Vector): Vector {
    return this.#binary(0x4f, other);
  }
  or(other: Vector): Vector {
    return this.#binary(0x50, other);
  }
  /** `this` as a mask: `yes` where its bits are set. */
  select(yes: Vector, no: Vector): Vector {
    return new Vector([...yes.code, ...no.code, ...this.code, ...simd(0x52)]);
  }
  /** Lanes picked from `this` (0 to 3) and `other` (4 to 7). */
  shuffle(other: Vector, lanes: readonly [number, number, number, number]): Vector {
    return this.shuffleBytes(
      other,
      lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)),
    );
  }
  /** Sixteen bytes picked from `this` (0 to 15) and `other` (16 to 31). */
  shuffleBytes(other: Vector, bytes: readonly number[]): Vector {
    return new Vector([...this.code, ...other.code, ...simd(13), ...bytes]);
  }
  lane(index: number): F32 {
    return new F32([...this.code, ...simd(0x1f), index]);
  }
  /** this × factor + addend, rounded once or twice as the machine likes (relaxed SIMD). */
  relaxedMultiplyAdd(factor: Vector, addend: Vector): Vector {
    return new Vector([...this.code, ...factor.code, ...addend.code, ...simd(0x105)]);
  }

  /** Lanes as two doubles: the sum, the difference, the product, the quotient, the bounds, the whole number below. */
  addDoubles(other: Vector): Vector {
    return this.#binary(0xf0, other);
  }
  subDoubles(other: Vector): Vector {
    return this.#binary(0xf1, other);
  }
  mulDoubles(other: Vector): Vector {
    return this.#binary(0xf2, other);
  }
  divDoubles(other: Vector): Vector {
    return this.#binary(0xf3, other);
  }
  /** Two doubles picked from `this` (0 and 1) and `other` (2 and 3). */
  shuffleDoubles(other: Vector, lanes: readonly [number, number]): Vector {
    const [first, second] = lanes;
    return this.shuffle(other, [2 * first, 2 * first + 1, 2 * second, 2 * second + 1]);
  }
  minDoubles(other: Vector): Vector {
    return this.#binary(0xf4, other);
  }
  maxDoubles(other: Vector): Vector {
    return this.#binary(0xf5, other);
  }
  floorDoubles(): Vector {
    return this.#unary(0x75);
  }
  /** The first two of four unsigned integers, as doubles. */
  lowIntegersToDoubles(): Vector {
    return this.#unary(0xff);
  }

  #unary(opcode: number): Vector {
    return new Vector([...this.code, ...simd(opcode)]);
  }
  #binary(opcode: number, other: Vector): Vector {
    return new Vector([...this.code, ...other.code, ...simd(opcode)]);
  }
}
