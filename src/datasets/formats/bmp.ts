/**
 * Windows and OS/2 bitmaps (BMP), which sharp does not read: 1 to 32 bits a pixel, palettes, bit masks, RLE4 and RLE8,
 * rows from below or from above, opacity, and the ICC profile of version 5 headers. Sources: Microsoft, "Bitmap Storage";
 * IBM, "Bitmap File Format" of OS/2 2.x.
 */
import { LabError } from '../../folders/lab-error';
import { readBmpHeader, type BmpHeader, type Mask } from './bmp-header';
import { decodeRunLengths } from './bmp-run-lengths';
import type { Samples } from './samples';

/** Whether the bytes begin like a BMP file. */
export function isBmp(file: Buffer): boolean {
  return file.length >= 2 && file.toString('latin1', 0, 2) === 'BM';
}

/**
 * Decodes a BMP file to RGB, or RGBA where it has opacity. Throws a `LabError`, without a file name, if it is damaged,
 * of a kind that is not read, or has more than `maximumPixels`.
 */
export function decodeBmp(file: Buffer, maximumPixels: number): Samples {
  const header = readBmpHeader(file, maximumPixels);
  const { width, height, bits, palette, profile } = header;
  const channels = header.masks?.alpha === undefined ? 3 : 4;
  const samples: Samples = {
    width,
    height,
    channels,
    data: new Uint8Array(width * height * channels),
    profile,
  };
  if (palette !== undefined) {
    const indices =
      header.compression === 'none' ? unpackIndices(file, header) : decodeRunLengths(file, header);
    lookUp(indices, palette, samples.data);
  } else if (header.masks !== undefined) {
    readMasked(file, header, header.masks, samples.data);
    if (channels === 4 && isClear(samples.data)) return withoutOpacity(samples);
  } else {
    readTrueColour(file, header, bits / 8, samples.data);
  }
  return samples;
}

/** Where row `y`, counted from above, begins. Rows are padded to four bytes. Throws if the file ends before. */
function rowStart(file: Buffer, { offset, width, height, bits, topDown }: BmpHeader, y: number): number {
  const used = Math.ceil((width * bits) / 8);
  const stride = Math.ceil(used / 4) * 4;
  const start = offset + stride * (topDown ? y : height - 1 - y);
  // Some writers leave out the last row's padding.
  if (start + used > file.length) throw new LabError('The image is cut short. Get a complete copy.');
  return start;
}

/** Indices into the palette, 1, 2, 4 or 8 bits each, the first in the highest bits. */
function unpackIndices(file: Buffer, header: BmpHeader): Uint8Array {
  const { width, height, bits } = header;
  const indices = new Uint8Array(width * height);
  const mask = 2 ** bits - 1;
  for (let y = 0; y < height; y++) {
    const start = rowStart(file, header, y);
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      indices[y * width + x] = (file[start + (bit >> 3)]! >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return indices;
}

function lookUp(indices: Uint8Array, palette: Uint8Array, rgb: Uint8Array): void {
  const colours = palette.length / 3;
  for (let i = 0, j = 0; i < indices.length; i++, j += 3) {
    const index = indices[i]!;
    if (index >= colours) {
      throw new LabError(
        `The image is damaged: a pixel has colour ${index} of a palette of ${colours}. Open it and save it again.`,
      );
    }
    rgb[j] = palette[3 * index]!;
    rgb[j + 1] = palette[3 * index + 1]!;
    rgb[j + 2] = palette[3 * index + 2]!;
  }
}

/** Blue, green, red, and with four bytes a pixel one that means nothing. */
function readTrueColour(file: Buffer, header: BmpHeader, bytes: number, rgb: Uint8Array): void {
  const { width, height } = header;
  for (let y = 0; y < height; y++) {
    let source = rowStart(file, header, y);
    const end = (y + 1) * width * 3;
    for (let target = y * width * 3; target < end; target += 3, source += bytes) {
      rgb[target] = file[source + 2]!;
      rgb[target + 1] = file[source + 1]!;
      rgb[target + 2] = file[source]!;
    }
  }
}

/** 16 or 32 bits a pixel, in which masks mark the channels. */
function readMasked(
  file: Buffer,
  header: BmpHeader,
  { red, green, blue, alpha }: NonNullable<BmpHeader['masks']>,
  data: Uint8Array,
): void {
  const { width, height, bits } = header;
  const masks = alpha === undefined ? [red, green, blue] : [red, green, blue, alpha];
  let target = 0;
  for (let y = 0; y < height; y++) {
    const start = rowStart(file, header, y);
    for (let x = 0; x < width; x++) {
      const pixel = bits === 16 ? file.readUInt16LE(start + 2 * x) : file.readUInt32LE(start + 4 * x);
      for (const mask of masks) data[target++] = sampleOf(pixel, mask);
    }
  }
}

/** The bits of a channel as a sample of 8 bits, rounded; 0 for a channel that has no bits. */
function sampleOf(pixel: number, { shift, peak }: Mask): number {
  const value = ((pixel >>> shift) & peak) >>> 0;
  return peak === 255 || peak === 0 ? value : Math.round((value * 255) / peak);
}

/** Many writers declare opacity and leave it at zero everywhere. */
function isClear(rgba: Uint8Array): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 0) return false;
  return true;
}

function withoutOpacity({ data: rgba, ...samples }: Samples): Samples {
  const data = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0, j = 0; i < rgba.length; i += 4, j += 3) data.set(rgba.subarray(i, i + 3), j);
  return { ...samples, channels: 3, data };
}
