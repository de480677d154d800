/** BMP files of every kind, written from Microsoft's and IBM's descriptions, and not with anything that the decoder uses. */

export interface BmpFile {
  width: number;
  /** Negative: the first row is the topmost. */
  height: number;
  bits: number;
  /** 12 (OS/2), 40, 52, 56, 64 (OS/2 2), 108 or 124. */
  headerSize?: number;
  compression?: number;
  /** Red, green, blue, perhaps opacity. */
  masks?: readonly number[];
  /** Red, green, blue of each colour. */
  palette?: readonly (readonly [number, number, number])[];
  /** How many colours the header tells; default: 0, which means all. */
  coloursUsed?: number;
  /** Rows as they are stored, padded. */
  pixels: Uint8Array;
  profile?: Uint8Array;
  /** Where the header says that the pixels begin, if not where they do. */
  offset?: number;
}

export function bmpFile(file: BmpFile): Buffer {
  const { width, height, bits, palette = [], masks = [], headerSize = 40, compression = 0, pixels } = file;
  const core = headerSize === 12;
  const header = Buffer.alloc(headerSize);
  header.writeUInt32LE(headerSize, 0);
  if (core) {
    for (const [index, value] of [width, height, 1, bits].entries())
      header.writeUInt16LE(value, 4 + 2 * index);
  } else {
    header.writeInt32LE(width, 4);
    header.writeInt32LE(height, 8);
    header.writeUInt16LE(1, 12);
    header.writeUInt16LE(bits, 14);
    if (headerSize >= 20) header.writeUInt32LE(compression, 16);
    if (headerSize >= 36) header.writeUInt32LE(file.coloursUsed ?? 0, 32);
  }
  const held = Math.min(masks.length, Math.floor((headerSize - 40) / 4));
  for (let i = 0; i < held; i++) header.writeUInt32LE(masks[i]!, 40 + 4 * i);
  const after = Buffer.alloc(4 * Math.max(0, masks.length - Math.max(0, held)));
  for (const [index, mask] of masks.slice(Math.max(0, held)).entries()) after.writeUInt32LE(mask, 4 * index);
  const colours = Buffer.from(palette.flatMap(([r, g, b]) => (core ? [b, g, r] : [b, g, r, 0])));

  const offset = 14 + headerSize + after.length + colours.length;
  const profile = file.profile ?? new Uint8Array();
  if (file.profile !== undefined) {
    header.write('DEBM', 56, 'latin1');
    header.writeUInt32LE(offset - 14 + pixels.length, 112);
    header.writeUInt32LE(profile.length, 116);
  }
  const start = Buffer.alloc(14);
  start.write('BM', 'latin1');
  start.writeUInt32LE(offset + pixels.length + profile.length, 2);
  start.writeUInt32LE(file.offset ?? offset, 10);
  return Buffer.concat([start, header, after, colours, pixels, profile]);
}

/** Rows of `height` · `width` numbers of `bits` bits each, padded to four bytes, in the order given. */
export function bmpRows(width: number, bits: number, values: readonly number[]): Buffer {
  const stride = Math.ceil((width * bits) / 32) * 4;
  const rows = Buffer.alloc(stride * (values.length / width));
  for (const [index, value] of values.entries()) {
    const row = Math.floor(index / width) * stride;
    const x = index % width;
    if (bits < 8) {
      const bit = x * bits;
      const at = row + (bit >> 3);
      rows[at] = rows[at]! | (value << (8 - bits - (bit & 7)));
    } else rows.writeUIntLE(value, row + (x * bits) / 8, bits / 8);
  }
  return rows;
}
