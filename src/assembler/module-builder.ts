/**
 * Assembles a WebAssembly module: one imported shared memory, imported functions of JavaScript's Math, and our own
 * functions, all exported by name. Think of it as the linker of the kernels.
 */
import { type Bytes, name, section, unsigned, valueTypes, vector } from './encoding';
import type { Callee, FunctionBuilder } from './function-builder';

export interface ModuleOptions {
  /** Names of functions of `Math` (double in, double out) that kernels call. */
  readonly math?: readonly string[];
}

/** The most pages of 64 KiB that a 32-bit memory can have: 4 GiB. */
export const MAXIMUM_PAGES = 65536;

interface Definition {
  readonly name: string;
  readonly builder: FunctionBuilder;
}

export class ModuleBuilder {
  readonly #definitions: Definition[] = [];
  readonly #math: readonly string[];

  constructor(options: ModuleOptions = {}) {
    this.#math = options.math ?? [];
  }

  /** Adds a function without a result. Its builder may still be written to until `encode`. */
  add(functionName: string, builder: FunctionBuilder): Callee {
    if (this.#definitions.some((definition) => definition.name === functionName)) {
      throw new Error(`Two functions are named ${functionName}.`);
    }
    this.#definitions.push({ name: functionName, builder });
    return { index: this.#math.length + this.#definitions.length - 1 };
  }

  /** An imported function of Math, double in, double out. */
  math(functionName: string): Callee {
    const index = this.#math.indexOf(functionName);
    if (index < 0) throw new Error(`Math.${functionName} is not imported.`);
    return { index };
  }

  /** The module. Its imports are `lab.memory` and `math.NAME`. */
  encode(): Uint8Array<ArrayBuffer> {
    const mathType = [0x60, ...vector([[valueTypes.f64]]), ...vector([[valueTypes.f64]])];
    const types = [
      mathType,
      ...this.#definitions.map(({ builder }) => [
        0x60,
        ...vector(builder.parameterTypes.map((type) => [valueTypes[type]])),
        0,
      ]),
    ];
    const sharedMemory = [2, 3, ...unsigned(1), ...unsigned(MAXIMUM_PAGES)];
    const imports = [
      [...name('lab'), ...name('memory'), ...sharedMemory],
      ...this.#math.map((functionName) => [...name('math'), ...name(functionName), 0, 0]),
    ];
    const exports = this.#definitions.map(({ name: functionName }, i) => [
      ...name(functionName),
      0,
      ...unsigned(this.#math.length + i),
    ]);
    const bodies = this.#definitions.map(({ builder }) => builder.encode());
    const count = unsigned(bodies.length);
    const codeBytes = bodies.reduce((total, body) => total + body.length, count.length);
    const sections: Bytes[] = [
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, vector(types)),
      section(2, vector(imports)),
      section(3, vector(this.#definitions.map((_, i) => unsigned(i + 1)))),
      section(7, vector(exports)),
      // The code, which is far the largest section, is not copied about as lists.
      [10, ...unsigned(codeBytes), ...count],
    ];
    return concatenated([...sections, ...bodies]);
  }
}

function concatenated(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
