/**
 * The safetensors format: an 8-byte little-endian length, a JSON header of that length, then raw tensors one after the
 * other. Other tools read it (Python's `safetensors`), and nothing in it can run code. A file is not believed: every
 * number in its header is checked before it is used. Format: https://huggingface.co/docs/safetensors.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { explainFileError, LabError } from '../../folders/lab-error';
import type { HostTensor, NamedTensors } from '../engines/engine';
import { elementCount, type Shape } from '../graph/shape';

const LENGTH_BYTES = 8;
const FLOAT_BYTES = 4;
/** A thousand times what a large network needs; a longer header is damage or malice. */
const MAX_HEADER_BYTES = 100_000_000;
const METADATA_KEY = '__metadata__';

const size = z.int().min(0);
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});

const headerMetadataSchema = z.object({ [METADATA_KEY]: z.record(z.string(), z.string()).optional() });

/** Tensors that are fetched one at a time, so that a large state need not be in memory twice. */
export interface TensorSource {
  readonly shapes: Readonly<Record<string, Shape>>;
  read(name: string): Promise<Float32Array>;
}

/** A file with the tensors in order of their names, float32, so that equal tensors give equal bytes. */
export function encodeSafetensors(
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const shapes = Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
  const { names, bytes } = layOut(shapes, metadata);
  return Buffer.concat([bytes, ...names.map((name) => bytesOf(tensors[name]!.data))]);
}

/** The same file in pieces: the header, then a tensor each. */
export async function* safetensorsPieces(
  source: TensorSource,
  metadata: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array> {
  const { names, bytes } = layOut(source.shapes, metadata);
  yield bytes;
  for (const name of names) yield bytesOf(await source.read(name));
}

/** The order of the tensors in a file, and the bytes before them. */
function layOut(
  shapes: Readonly<Record<string, Shape>>,
  metadata: Readonly<Record<string, string>>,
): { names: readonly string[]; bytes: Uint8Array } {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header[METADATA_KEY] = metadata;
  const names = Object.keys(shapes).sort();
  let end = 0;
  for (const name of names) {
    const shape = shapes[name]!;
    const begin = end;
    end += elementCount(shape) * FLOAT_BYTES;
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const headerBytes = Math.ceil(json.length / LENGTH_BYTES) * LENGTH_BYTES;
  const bytes = Buffer.alloc(LENGTH_BYTES + headerBytes, ' ');
  bytes.writeBigUInt64LE(BigInt(headerBytes), 0);
  json.copy(bytes, LENGTH_BYTES);
  return { names, bytes };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Types of numbers that become float32, their bytes, and the value of one; float32 itself is not copied. */
const foreignTypes: Readonly<Record<string, { bytes: number; read: (data: Buffer, at: number) => number }>> =
  {
    F16: { bytes: 2, read: (data, at) => halfFloat(data.readUInt16LE(at)) },
    BF16: { bytes: 2, read: (data, at) => bfloat16(data.readUInt16LE(at)) },
    F64: { bytes: 8, read: (data, at) => data.readDoubleLE(at) },
  };

/** How many batches a batch normalisation of PyTorch has seen, which no network of ours needs. */
const isCounter = (name: string): boolean => name.endsWith('num_batches_tracked');

/**
 * The tensors of a file's bytes, where possible as views of them. Those of others may be of other floating types (`foreign`),
 * and their integer counters are passed over. Throws a `LabError` that calls the file `what` where its header is not one, a
 * tensor is of another type, or the tensors do not fill the file without gap or overlap.
 */
export function decodeSafetensors(file: Uint8Array, what: string, foreign = false): NamedTensors {
  const fail = (problem: string): never => {
    throw new LabError(
      `${what} is not a usable safetensors file: ${problem}. It is damaged or was made by something else.`,
    );
  };
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < LENGTH_BYTES) return fail(`it has only ${bytes.length} bytes`);
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const dataStart = LENGTH_BYTES + headerBytes;
  if (headerBytes > MAX_HEADER_BYTES || dataStart > bytes.length) {
    return fail(`it claims a header of ${headerBytes} bytes and has ${bytes.length} in all`);
  }
  const data = bytes.subarray(dataStart);

  const tensors: [string, HostTensor][] = [];
  let filled = 0;
  for (const { name, dtype, shape, begin, end } of readHeader(
    bytes.toString('utf8', LENGTH_BYTES, dataStart),
    fail,
  )) {
    const counter = foreign && dtype === 'I64' && isCounter(name);
    const converted = foreign ? foreignTypes[dtype] : undefined;
    const numberBytes = counter ? 8 : dtype === 'F32' ? FLOAT_BYTES : converted?.bytes;
    if (numberBytes === undefined) {
      const supported = ['F32', ...(foreign ? Object.keys(foreignTypes) : [])].join(', ');
      return fail(`tensor ${name} is ${dtype}, and only ${supported} is supported`);
    }
    const length = shape.reduce((product, side) => product * side, 1);
    if (end - begin !== length * numberBytes) {
      return fail(`tensor ${name} of shape [${shape.join(', ')}] has ${end - begin} bytes`);
    }
    if (begin !== filled || end > data.length) {
      return fail(`tensor ${name} lies at bytes ${begin} to ${end}, where it cannot`);
    }
    filled = end;
    if (counter) continue;
    const numbers = data.subarray(begin, end);
    const values =
      converted === undefined
        ? floatsAt(numbers)
        : Float32Array.from({ length }, (_, index) => converted.read(numbers, index * numberBytes));
    tensors.push([name, { shape, data: values }]);
  }
  if (filled !== data.length) return fail(`${data.length - filled} bytes at its end belong to no tensor`);
  return Object.fromEntries(tensors);
}

/** Sign, 5 bits of exponent, 10 of fraction (IEEE 754 binary16). */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  const scale = exponent === 0 ? 2 ** -24 : 2 ** (exponent - 25);
  return sign * scale * (exponent === 0 ? fraction : 1024 + fraction);
}

/** The upper half of a float32. */
function bfloat16(bits: number): number {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setUint32(0, bits << 16);
  return bytes.getFloat32(0);
}

/** The numbers in the file's own memory, or a copy where that does not lie at a multiple of four. */
function floatsAt(bytes: Uint8Array): Float32Array {
  if (bytes.byteOffset % FLOAT_BYTES !== 0) return floatsAt(Uint8Array.from(bytes));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / FLOAT_BYTES);
}

/** The texts that a file's maker wrote into its header; none where it has none. Checks no tensor. */
export function safetensorsMetadata(file: Uint8Array): Readonly<Record<string, string>> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const headerBytes = bytes.length < LENGTH_BYTES ? 0 : Number(bytes.readBigUInt64LE(0));
  if (headerBytes > MAX_HEADER_BYTES) return {};
  try {
    const header: unknown = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + headerBytes));
    return headerMetadataSchema.parse(header)[METADATA_KEY] ?? {};
  } catch {
    return {};
  }
}

interface HeaderEntry {
  name: string;
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

/** The header's tensors, in the order in which they lie in the file. */
function readHeader(json: string, fail: (problem: string) => never): HeaderEntry[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return fail('its header is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return fail('its header is not a JSON object');
  }
  return Object.entries(parsed)
    .filter(([name]) => name !== METADATA_KEY)
    .map(([name, value]: [string, unknown]) => {
      const entry = entrySchema.safeParse(value);
      if (!entry.success) return fail(`the header’s entry of ${name} is malformed`);
      const { dtype, shape, data_offsets } = entry.data;
      return { name, dtype, shape, begin: data_offsets[0], end: data_offsets[1] };
    })
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
}

/** Reads a file. Throws a `LabError` if it cannot be read or is not valid. */
export async function readSafetensors(path: string): Promise<NamedTensors> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw explainFileError('read', path, error);
  }
  return decodeSafetensors(bytes, path);
}
