/**
 * How the pixels of an image lie in the training cache: in upright bands, one after the other, each row by row. The rows of
 * a crop are then next to each other in each band that it meets, so that a crop is two or three reads instead of one a row.
 */
import type { RgbImage } from '../imaging/image';

/** Pixels from one band to the next; the last one is what is left. */
const BAND = 64;

/** The image's pixels in bands: as many bytes as before. */
export function toBands({ width, height, data }: RgbImage): Uint8Array {
  const source = Buffer.from(data.buffer, data.byteOffset, data.length);
  const bands = new Uint8Array(data.length);
  let to = 0;
  for (let left = 0; left < width; left += BAND) {
    const across = Math.min(BAND, width - left);
    for (let y = 0; y < height; y++, to += 3 * across) {
      const from = (y * width + left) * 3;
      source.copy(bands, to, from, from + 3 * across);
    }
  }
  return bands;
}

/** The part of a square that lies in one band. Pixels, but for the offset. */
export interface BandPart {
  /** Of the band's rows that the square has, in bytes from the start of the image. */
  readonly offset: number;
  /** Pixels of a row of the band. */
  readonly across: number;
  /** The first pixel of each row that the square has, in the band and in the square, and how many. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Where the square with its corner at (`x`, `y`) lies in the bands of an image of that size. */
export function bandParts(
  { width, height }: { readonly width: number; readonly height: number },
  x: number,
  y: number,
  side: number,
): BandPart[] {
  const parts: BandPart[] = [];
  for (let left = x - (x % BAND); left < x + side; left += BAND) {
    const across = Math.min(BAND, width - left);
    const first = Math.max(x, left);
    parts.push({
      offset: (left * height + y * across) * 3,
      across,
      from: first - left,
      to: first - x,
      count: Math.min(x + side, left + across) - first,
    });
  }
  return parts;
}
