/**
 * TensorBoard's event files, as far as a run has something to say in them: records of TFRecord (length, checksum, data,
 * checksum) that each hold one `Event` in the wire format of protocol buffers. The numbers of the fields are those of
 * TensorFlow's event.proto and summary.proto.
 */

/** The version of the format, which every file begins with. */
const FILE_VERSION = 'brain.Event:2';

/** `SessionLog.START`: readers drop what earlier files say of this step and later ones. */
const SESSION_START = 1;
const RGB = 3;

export interface Picture {
  readonly tag: string;
  readonly width: number;
  readonly height: number;
  /** The bytes of a PNG file. */
  readonly png: Uint8Array;
}

export interface Summary {
  readonly scalars: readonly (readonly [tag: string, value: number])[];
  readonly pictures?: readonly Picture[];
}

const VARINT = 0;
const EIGHT_BYTES = 1;
const BYTES = 2;
const FOUR_BYTES = 5;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

const key = (field: number, type: number): Buffer => varint(field * 8 + type);

function integer(field: number, value: number): Buffer {
  return Buffer.concat([key(field, VARINT), varint(value)]);
}

function double(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([key(field, EIGHT_BYTES), bytes]);
}

function float(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, FOUR_BYTES), bytes]);
}

function bytes(field: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([key(field, BYTES), varint(length), ...parts]);
}

const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value, 'utf8'));

function event(milliseconds: number, ...content: readonly Buffer[]): Buffer {
  return record(Buffer.concat([double(1, milliseconds / 1000), ...content]));
}

/** The record that a file begins with. Times are in milliseconds since 1970. */
export function versionRecord(time: number): Buffer {
  return event(time, text(3, FILE_VERSION));
}

/** Says that training goes on at `step`: whatever is told of it and later steps before is no longer true. */
export function startRecord(time: number, step: number): Buffer {
  return event(time, integer(2, step), bytes(7, integer(1, SESSION_START)));
}

export function summaryRecord(time: number, step: number, { scalars, pictures = [] }: Summary): Buffer {
  const values = [
    ...scalars.map(([tag, value]) => bytes(1, text(1, tag), float(2, value))),
    ...pictures.map(({ tag, width, height, png }) => {
      const image = bytes(4, integer(1, height), integer(2, width), integer(3, RGB), bytes(4, png));
      return bytes(1, text(1, tag), image);
    }),
  ];
  return event(time, integer(2, step), bytes(5, ...values));
}

/** Castagnoli's polynomial, its bits in reverse. */
const POLYNOMIAL = 0x82f63b78;

const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
  return remainder;
});

/** CRC-32C. */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crc >>> 8) ^ remainders[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

/** As TFRecord has it, so that the checksum of data that holds checksums is not a trivial one. */
function maskedCrc(data: Uint8Array): Buffer {
  const crc = crc32c(data);
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  const result = Buffer.alloc(4);
  result.writeUInt32LE(masked);
  return result;
}

function record(data: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, maskedCrc(length), data, maskedCrc(data)]);
}
