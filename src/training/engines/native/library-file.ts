/**
 * Looking at a library's file before it is loaded, which may end the process: a file that is cut off, or made for another kind
 * of machine, is told as such. Only Linux' format (ELF) is understood; elsewhere, the loader speaks for itself.
 */
import { open } from 'node:fs/promises';
import { hasCode, messageOf } from '../../../folders/lab-error';

/** Fields of the ELF header of 64-bit files, little-endian. Source: System V ABI, "Object Files". */
const HEADER = {
  bytes: 64,
  magic: 0x464c457f,
  class: 4,
  machine: 18,
  sectionTable: 40,
  sectionSize: 58,
  sectionCount: 60,
};
const CLASS_64 = 2;

/** `e_machine` of the processors that Node runs on. */
const machines: readonly (readonly [number, string, string])[] = [
  [62, 'x64', 'x86-64'],
  [183, 'arm64', '64-bit ARM'],
  [40, 'arm', '32-bit ARM'],
  [3, 'ia32', '32-bit x86'],
  [21, 'ppc64', 'PowerPC'],
  [22, 's390x', 'S/390'],
  [243, 'riscv64', 'RISC-V'],
  [258, 'loong64', 'LoongArch'],
];

const inWords = (architecture: string): string =>
  machines.find(([, name]) => name === architecture)?.[2] ?? architecture;

/**
 * Why this file cannot be loaded here, in a sentence with the next step; undefined where nothing speaks against it.
 * @param architecture of the machine, as `process.arch` names it
 */
export async function problemOfLibrary(
  path: string,
  architecture: string = process.arch,
): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  let header: Buffer;
  let size: number;
  try {
    const file = await open(path);
    try {
      size = (await file.stat()).size;
      header = Buffer.alloc(HEADER.bytes);
      await file.read(header, 0, HEADER.bytes, 0);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT'))
      return `${path} is missing: TensorFlow is half installed. Install it again.`;
    return `${path} cannot be read: ${messageOf(error)}.`;
  }
  if (header.readUInt32LE(0) !== HEADER.magic) {
    return size === 0
      ? `${path} is empty: TensorFlow is half installed. Install it again.`
      : `${path} is not a library of this system, or it is damaged. Install TensorFlow again.`;
  }
  const machine = header.readUInt16LE(HEADER.machine);
  const known = machines.find(([number]) => number === machine);
  if (header[HEADER.class] !== CLASS_64 || known?.[1] !== architecture) {
    return (
      `${path} is built for another kind of processor (${known?.[2] ?? 'one that is not known'}); ` +
      `this Node.js runs on ${inWords(architecture)}. Install a TensorFlow for this machine.`
    );
  }
  // Linkers put the table of sections at the end, so a file that holds it is whole.
  const sections = header.readUInt16LE(HEADER.sectionSize) * header.readUInt16LE(HEADER.sectionCount);
  const end = Number(header.readBigUInt64LE(HEADER.sectionTable)) + sections;
  if (size >= end) return undefined;
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
  return (
    `${path} is cut off (${megabytes(size)} of ${megabytes(end)} MB): TensorFlow is half installed. ` +
    'Install it again.'
  );
}

/**
 * Instruction sets that every TensorFlow from PyPI for x86-64 uses and that this processor lacks. It ends the process when it
 * finds them missing, or dies of the first such instruction.
 * @param description what Linux says of the processor: the text of `/proc/cpuinfo`
 */
export function missingInstructions(description: string): string[] {
  const flags = /^flags\s*:(.*)$/m.exec(description)?.[1]?.trim().split(/\s+/);
  // Other kinds of processor have other words for what they have.
  if (flags === undefined) return [];
  return ['avx'].filter((needed) => !flags.includes(needed));
}
