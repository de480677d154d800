/**
 * What a kernel is: a named function of the WebAssembly module that computes one part of a call; threads take the parts.
 * What a part computes, bit for bit, does not depend on how many there are. Its parameters say how a kernel touches
 * memory, so that a plan can place buffers and barriers.
 */
import {
  type F32,
  FunctionBuilder,
  type I32Local,
  type Integer,
  ModuleBuilder,
  type ValueType,
} from '../../../../assembler';
import { mathImports } from './math-imports';

/**
 * `read`, `write` and `update` are addresses of buffers (`write` replaces all that is read later, `update` is both);
 * `scratch` is a buffer that means nothing before and after.
 */
export type ParameterKind = 'read' | 'write' | 'update' | 'scratch' | 'integer' | 'float';
export type Parameters = Readonly<Record<string, ParameterKind>>;

/** The parameters as variables of the function's body. */
export type Variables<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends 'float' ? F32 : I32Local;
};

export interface Kernel<P extends Parameters = Parameters> {
  readonly name: string;
  readonly parameters: P;
  write(f: KernelBuilder, variables: Variables<P>): void;
}

/** Declares a kernel; only infers the types. */
export function kernel<const P extends Parameters>(
  name: string,
  parameters: P,
  write: (f: KernelBuilder, variables: Variables<P>) => void,
): Kernel<P> {
  return { name, parameters, write };
}

/** A function inside the module that kernels call; all its parameters are integers. */
export interface Routine<Names extends string = string> {
  readonly name: string;
  readonly parameters: readonly Names[];
  write(f: RoutineBuilder, variables: Readonly<Record<Names, I32Local>>): void;
}

export function routine<const Names extends string>(
  name: string,
  parameters: readonly Names[],
  write: (f: RoutineBuilder, variables: Readonly<Record<Names, I32Local>>) => void,
): Routine<Names> {
  return { name, parameters, write };
}

/** What a module is made for. */
export interface Target {
  /** Multiply and add in one relaxed-SIMD instruction. */
  readonly relaxed: boolean;
  /** For a V8 that pairs vectors into ones of 256 bits: tiles of sums are twice as tall. The same sums, in the same order. */
  readonly wide: boolean;
}

/** A function's body with access to the routines of its module, which are added when they are first called. */
export class RoutineBuilder extends FunctionBuilder {
  constructor(
    parameterTypes: readonly ValueType[],
    readonly module: KernelModule,
  ) {
    super(parameterTypes, module.target.relaxed);
  }

  /** What the module is made for. */
  get target(): Target {
    return this.module.target;
  }

  invoke<Names extends string>(target: Routine<Names>, operands: Readonly<Record<Names, Integer>>): void {
    this.call(
      this.module.routine(target),
      target.parameters.map((name) => operands[name]),
    );
  }
}

/** A kernel's body: a routine's, and the part of the work that it is to do. */
export class KernelBuilder extends RoutineBuilder {
  /** Which part of the call this is, in [0, parts). */
  readonly part = this.integerParameter(0);
  readonly parts = this.integerParameter(1);

  /** This part's share of [0, count): contiguous, all shares as even as they can be. */
  share(count: Integer): { from: I32Local; to: I32Local } {
    const total = this.integer(count);
    const part = this.integer(total.add(this.parts).sub(1).div(this.parts));
    const start = this.integer(part.mul(this.part));
    const from = this.integer(start.min(total));
    const end = this.integer(from.add(part));
    return { from, to: this.integer(end.min(total)) };
  }

  /** Runs `body` for this part's share of [0, count). */
  forShare(count: Integer, body: (i: I32Local) => void): void {
    const { from, to } = this.share(count);
    this.for(from, to, 1, body);
  }

  /** Runs `body` in the first part only: for results too small to share. */
  once(body: () => void): void {
    this.if(this.part.equals(0), body);
  }
}

/** A module being made of kernels and the routines they call. */
export class KernelModule {
  readonly #module = new ModuleBuilder({ math: mathImports });
  readonly #routines = new Map<string, { index: number }>();

  constructor(readonly target: Target) {}

  add(definition: Kernel): void {
    const kinds = Object.values(definition.parameters);
    const types = kinds.map((kind): ValueType => (kind === 'float' ? 'f32' : 'i32'));
    const builder = new KernelBuilder(['i32', 'i32', ...types], this);
    const variables = Object.fromEntries(
      Object.entries(definition.parameters).map(([name, kind], i) => [
        name,
        kind === 'float' ? builder.floatParameter(i + 2) : builder.integerParameter(i + 2),
      ]),
    );
    definition.write(builder, variables as Variables<Parameters>);
    this.#module.add(definition.name, builder);
  }

  routine(definition: Routine): { index: number } {
    const known = this.#routines.get(definition.name);
    if (known !== undefined) return known;
    const builder = new RoutineBuilder(
      definition.parameters.map(() => 'i32'),
      this,
    );
    const variables = Object.fromEntries(
      definition.parameters.map((name, i) => [name, builder.integerParameter(i)]),
    );
    definition.write(builder, variables);
    const callee = this.#module.add(definition.name, builder);
    this.#routines.set(definition.name, callee);
    return callee;
  }

  math(name: (typeof mathImports)[number]): { index: number } {
    return this.#module.math(name);
  }

  encode(): Uint8Array<ArrayBuffer> {
    return this.#module.encode();
  }
}
