/**
 * The binary grammar of WebAssembly modules, as far as we need it: LEB128 integers, names, vectors and sections.
 * Code is lists of bytes; a module is their concatenation (WebAssembly core specification 2.0, chapter 5).
 */
export type Bytes = readonly number[];

/** The types of values that our kernels compute with, and their encoding. */
export const valueTypes = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof valueTypes;

/** LEB128 of an integer in [0, 2³²). */
export function unsigned(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** LEB128 of a 32-bit integer in two's complement. */
export function signed(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const signBit = (low & 0x40) !== 0;
    if ((rest === 0 && !signBit) || (rest === -1 && signBit)) {
      bytes.push(low);
      return bytes;
    }
    bytes.push(low | 0x80);
  }
}

/** Little-endian IEEE 754 bytes, single precision. */
export function float32(value: number): Bytes {
  return [...new Uint8Array(new Float32Array([value]).buffer)];
}

/** Little-endian IEEE 754 bytes, double precision. */
export function float64(value: number): Bytes {
  return [...new Uint8Array(new Float64Array([value]).buffer)];
}

export function name(text: string): Bytes {
  const bytes = [...new TextEncoder().encode(text)];
  return [...unsigned(bytes.length), ...bytes];
}

/** A vector of the grammar: its length, then its items. */
export function vector(items: readonly Bytes[]): Bytes {
  return [...unsigned(items.length), ...items.flat()];
}

export function section(id: number, content: Bytes): Bytes {
  return [id, ...unsigned(content.length), ...content];
}
