/** The part of the WebAssembly JavaScript interface that is used here; TypeScript has it only among browser types. */
declare namespace WebAssembly {
  interface MemoryDescriptor {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }

  /** A shared memory; `buffer` is a new object after `grow`, over the same bytes. */
  class Memory {
    constructor(descriptor: MemoryDescriptor);
    readonly buffer: SharedArrayBuffer;
    /** Adds pages of 64 KiB; throws a RangeError where there is no more. */
    grow(pages: number): number;
  }

  const Module: new (code: Uint8Array<ArrayBuffer>) => Module;

  type NumericFunction = (...operands: number[]) => number | undefined;

  class Instance {
    constructor(
      module: Module,
      imports: Readonly<Record<string, Readonly<Record<string, Memory | NumericFunction>>>>,
    );
    readonly exports: Readonly<Record<string, NumericFunction>>;
  }

  function validate(code: Uint8Array<ArrayBuffer>): boolean;
}
