/** The headers of a BMP file, in all their versions, as what the decoder needs to know. */
import { LabError } from '../../folders/lab-error';

/** A channel within a pixel: `peak` + 1 values from bit `shift` on. */
export interface Mask {
  shift: number;
  /** The largest value; 0 where the channel has no bits. */
  peak: number;
}

export interface BmpHeader {
  width: number;
  height: number;
  /** Bits a pixel: 1, 2, 4, 8, 16, 24 or 32. */
  bits: number;
  /** Whether the first row is the topmost. */
  topDown: boolean;
  compression: 'none' | 'rle4' | 'rle8';
  /** Where the pixels begin. */
  offset: number;
  /** RGB, up to 8 bits a pixel. */
  palette?: Uint8Array;
  /** With 16 bits a pixel, and with 32 where the file has masks. */
  masks?: { red: Mask; green: Mask; blue: Mask; alpha?: Mask };
  /** ICC profile. */
  profile?: Uint8Array;
}

/** Bytes before the second header, whose first number is its size. */
const FILE_HEADER = 14;

/** Windows 3 to 5 and OS/2 2; sizes in between are OS/2 headers that leave out what is zero. */
const CORE = 12;
const INFO = 40;
const WITH_MASKS = 52;
const WITH_ALPHA_MASK = 56;
const VERSION_4 = 108;
const VERSION_5 = 124;
const OS2_LONGEST = 64;

/** Reads the headers. Throws a `LabError`, without a file name, if they make no sense or the image is too large. */
export function readBmpHeader(file: Buffer, maximumPixels: number): BmpHeader {
  const size = file.length < FILE_HEADER + 4 ? 0 : file.readUInt32LE(FILE_HEADER);
  const known = size === CORE || (size >= 16 && size <= OS2_LONGEST) || [VERSION_4, VERSION_5].includes(size);
  if (!known || file.length < FILE_HEADER + size) {
    throw new LabError('This is not a BMP image, or a damaged one: it has no header. Get a complete copy.');
  }
  const core = size === CORE;
  const at = (position: number): number =>
    position + 4 <= size ? file.readUInt32LE(FILE_HEADER + position) : 0;
  const width = core ? file.readUInt16LE(FILE_HEADER + 4) : file.readInt32LE(FILE_HEADER + 4);
  const rows = core ? file.readUInt16LE(FILE_HEADER + 6) : file.readInt32LE(FILE_HEADER + 8);
  const bits = file.readUInt16LE(FILE_HEADER + (core ? 10 : 14));
  const height = Math.abs(rows);
  if (width <= 0 || height === 0) throw damaged(`it is ${width}×${rows} pixels`);
  if (width * height > maximumPixels) {
    throw new LabError(
      `It has ${width}×${height} pixels, more than ${maximumPixels / 1e6} million. Cut it into parts.`,
    );
  }

  // OS/2 gives other meanings to 3 and 4; only its headers have these sizes.
  const os2 = !core && ![INFO, WITH_MASKS, WITH_ALPHA_MASK].includes(size) && size <= OS2_LONGEST;
  const method = core ? 0 : at(16);
  const compression = nameCompression(method, bits, os2);
  const header: BmpHeader = { width, height, bits, topDown: rows < 0, compression, offset: 0 };

  let end = FILE_HEADER + size;
  if (method === 3 || method === 6 || bits === 16) {
    const described = method === 3 || method === 6;
    // An old header is followed by its masks; newer ones hold them at the same place.
    const masks = (method === 6 ? 4 : 3) * 4;
    if (described && file.length < FILE_HEADER + INFO + masks) throw damaged('its masks are missing');
    header.masks = described ? readMasks(file, size, method, bits) : standardMasks;
    if (described && size === INFO) end += masks;
  }
  if (bits <= 8) {
    const palette = readPalette(file, end, core ? 3 : 4, at(32), header);
    header.palette = palette.colours;
    end = palette.end;
  }
  const offset = file.readUInt32LE(10);
  header.offset = offset === 0 ? end : offset;
  if (header.offset < FILE_HEADER + size || header.offset > file.length) {
    throw damaged('its pixels are said to be outside of the file');
  }
  const profile = size === VERSION_5 ? readProfile(file) : undefined;
  if (profile !== undefined) header.profile = profile;
  return header;
}

function nameCompression(method: number, bits: number, os2: boolean): BmpHeader['compression'] {
  const plain = method === 0 && [1, 2, 4, 8, 16, 24, 32].includes(bits);
  const masked = (method === 3 || method === 6) && !os2 && (bits === 16 || bits === 32);
  if (plain || masked) return 'none';
  if (method === 1 && bits === 8) return 'rle8';
  if (method === 2 && bits === 4) return 'rle4';
  throw new LabError(
    `It is a BMP of a kind that is not read: ${bits} bits a pixel, compression ${method}. Save it as PNG.`,
  );
}

/** 5 bits a channel, the highest bit unused. */
const standardMasks = {
  red: { shift: 10, peak: 31 },
  green: { shift: 5, peak: 31 },
  blue: { shift: 0, peak: 31 },
};

function readMasks(
  file: Buffer,
  size: number,
  method: number,
  bits: number,
): NonNullable<BmpHeader['masks']> {
  const read = (index: number): Mask => toMask(file.readUInt32LE(FILE_HEADER + INFO + 4 * index), bits);
  const colours = { red: read(0), green: read(1), blue: read(2) };
  if (method !== 6 && size < WITH_ALPHA_MASK) return colours;
  const alpha = read(3);
  return alpha.peak === 0 ? colours : { ...colours, alpha };
}

function toMask(mask: number, bits: number): Mask {
  if (mask === 0) return { shift: 0, peak: 0 };
  const shift = 31 - Math.clz32(mask & -mask);
  const peak = mask / 2 ** shift;
  if (mask >= 2 ** bits || !Number.isInteger(Math.log2(peak + 1))) throw damaged('its masks have gaps');
  return { shift, peak };
}

/** Colours lie between the headers and the pixels, blue first; the fourth byte means nothing. */
function readPalette(
  file: Buffer,
  start: number,
  bytes: number,
  used: number,
  { bits }: BmpHeader,
): { colours: Uint8Array; end: number } {
  const most = 2 ** bits;
  const offset = file.readUInt32LE(10);
  const room = Math.floor(
    Math.max(0, (offset === 0 ? file.length : Math.min(offset, file.length)) - start) / bytes,
  );
  const count = Math.min(used === 0 ? most : Math.min(used, most), room);
  if (count === 0) throw damaged('it has no palette');
  const colours = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const entry = start + i * bytes;
    colours.set([file[entry + 2]!, file[entry + 1]!, file[entry]!], 3 * i);
  }
  return { colours, end: start + count * bytes };
}

/** The profile that a version 5 header says is embedded; one that lies outside of the file is as good as none. */
function readProfile(file: Buffer): Uint8Array | undefined {
  // 'MBED', written as a number.
  if (file.readUInt32LE(FILE_HEADER + 56) !== 0x4d424544) return undefined;
  const start = FILE_HEADER + file.readUInt32LE(FILE_HEADER + 112);
  const end = start + file.readUInt32LE(FILE_HEADER + 116);
  return end > start && end <= file.length ? file.subarray(start, end) : undefined;
}

function damaged(how: string): LabError {
  return new LabError(`The image is damaged: ${how}. Get a complete copy, or open it and save it again.`);
}
