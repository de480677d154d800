/** PNG files from given samples, with what sharp would not write as it is told: profiles, 16 bits, orientation. */
import { deflateSync } from 'node:zlib';

const types = { grey: [0, 1], rgb: [2, 3], 'grey-alpha': [4, 2], 'rgb-alpha': [6, 4] } as const;

export interface PngFile {
  width: number;
  height: number;
  bits: 8 | 16;
  type: keyof typeof types;
  /** Interleaved. */
  samples: readonly number[];
  /** ICC profile. */
  profile?: Uint8Array;
  /** Of EXIF, 1 to 8. */
  orientation?: number;
}

export function pngFile({ width, height, bits, type, samples, profile, orientation }: PngFile): Buffer {
  const [code, channels] = types[type];
  const rows = Buffer.alloc(height * (1 + (width * channels * bits) / 8));
  let at = 0;
  for (const [index, sample] of samples.entries()) {
    if (index % (width * channels) === 0) rows[at++] = 0;
    at = bits === 8 ? rows.writeUInt8(sample, at) : rows.writeUInt16BE(sample, at);
  }
  const chunks = [chunk('IHDR', header(width, height, bits, code))];
  if (profile !== undefined)
    chunks.push(chunk('iCCP', Buffer.concat([Buffer.from('profile\0\0', 'latin1'), deflateSync(profile)])));
  if (orientation !== undefined) chunks.push(chunk('eXIf', orientationTag(orientation)));
  chunks.push(chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0)));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

/** A PNG that says to be of this size, and has next to nothing in it. */
export function claimedPng(width: number, height: number): Buffer {
  const chunks = [chunk('IHDR', header(width, height, 8, 2)), chunk('IDAT', deflateSync(Buffer.alloc(9)))];
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    ...chunks,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function header(width: number, height: number, bits: number, type: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([bits, type], 8);
  return data;
}

/** A TIFF directory with one tag. */
function orientationTag(orientation: number): Buffer {
  const data = Buffer.alloc(26);
  data.write('MM\0*', 'latin1');
  data.writeUInt32BE(8, 4);
  data.writeUInt16BE(1, 8);
  data.writeUInt16BE(0x112, 10);
  data.writeUInt16BE(3, 12);
  data.writeUInt32BE(1, 14);
  data.writeUInt16BE(orientation, 18);
  return data;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** The checksum of a chunk. */
export function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
