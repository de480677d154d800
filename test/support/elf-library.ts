/**
 * Shared libraries that go wrong while they are loaded, written byte by byte, so that no compiler is needed. A loader maps the
 * file, reads its dynamic section and calls `DT_INIT`: our few instructions. Source: System V ABI; x86-64 supplement.
 */
import { writeFileSync } from 'node:fs';

const ADDRESS = { header: 0, programs: 64, dynamic: 192, strings: 304, symbols: 312, code: 336 };
const MACHINE = { x64: 62, arm64: 183 };

/** What happens when the library is loaded. */
export type Misfortune = 'segmentation fault' | 'illegal instruction' | { readonly abortsSaying: string };

function instructions(misfortune: Misfortune): Buffer {
  // xor eax, eax; mov [rax], al
  if (misfortune === 'segmentation fault') return Buffer.from([0x31, 0xc0, 0x88, 0x00]);
  // ud2
  if (misfortune === 'illegal instruction') return Buffer.from([0x0f, 0x0b]);
  const text = Buffer.from(`${misfortune.abortsSaying}\n`);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const after = [
    ...[0xba, ...length, 0x0f, 0x05], // mov edx, length; syscall
    ...[0xb8, 39, 0, 0, 0, 0x0f, 0x05], // getpid
    ...[0x89, 0xc7, 0xbe, 6, 0, 0, 0], // mov edi, eax; mov esi, SIGABRT
    ...[0xb8, 62, 0, 0, 0, 0x0f, 0x05, 0x0f, 0x0b], // kill; ud2
  ];
  return Buffer.from([
    ...[0xb8, 1, 0, 0, 0, 0xbf, 2, 0, 0, 0], // write to standard error:
    ...[0x48, 0x8d, 0x35, after.length, 0, 0, 0], // lea rsi, [rip + …]
    ...after,
    ...text,
  ]);
}

/** Writes a library for Linux at `path`. `machine` is told in its header; the instructions are those of x86-64. */
export function writeLibrary(
  path: string,
  misfortune: Misfortune,
  machine: keyof typeof MACHINE = 'x64',
): void {
  const code = instructions(misfortune);
  const size = ADDRESS.code + code.length;
  const file = Buffer.alloc(size);
  const long = (offset: number, ...values: number[]): void => {
    values.forEach((value, index) => file.writeBigUInt64LE(BigInt(value), offset + 8 * index));
  };
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(3, 16); // a shared object
  file.writeUInt16LE(MACHINE[machine], 18);
  file.writeUInt32LE(1, 20);
  long(32, ADDRESS.programs);
  [64, 56, 2, 64].forEach((value, index) => file.writeUInt16LE(value, 52 + 2 * index));

  const program = (index: number, type: number, offset: number, bytes: number): void => {
    const at = ADDRESS.programs + 56 * index;
    file.writeUInt32LE(type, at);
    file.writeUInt32LE(7, at + 4); // readable, writable, executable
    long(at + 8, offset, offset, offset, bytes, bytes, 4096);
  };
  program(0, 1, 0, size); // PT_LOAD
  program(1, 2, ADDRESS.dynamic, ADDRESS.strings - ADDRESS.dynamic); // PT_DYNAMIC
  const entries = [
    [5, ADDRESS.strings], // DT_STRTAB
    [6, ADDRESS.symbols], // DT_SYMTAB
    [10, 1], // DT_STRSZ
    [11, 24], // DT_SYMENT
    [12, ADDRESS.code], // DT_INIT
    [0, 0], // DT_NULL
  ];
  long(ADDRESS.dynamic, ...entries.flat());
  file.set(code, ADDRESS.code);
  writeFileSync(path, file);
}
