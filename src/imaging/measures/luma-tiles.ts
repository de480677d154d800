/**
 * The part of an image that is looked at: its luma in square tiles. A small image is covered whole, a large one by tiles
 * evenly spread over it, so that measuring takes a small share of the time of making a pair, and never long.
 */
import type { RgbImage } from '../image';

/** Luma of a rectangle of the image. */
export interface LumaTile {
  /** Position in the image, multiples of 16: tiles do not shift what repeats every 8 pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Y' = 0.299 R + 0.587 G + 0.114 B in sixteenths of a grey level, 0 to 4080; rows from the top. */
  readonly data: Int32Array;
}

/** Units of `LumaTile.data` in a grey level. */
export const UNITS = 16;

/** Side of a tile in pixels. */
const SIDE = 128;

/** So many tiles are all looked at (0.2 megapixels), of further ones every eighth, and no more than 48 (0.8 megapixels). */
const ALL = 12;
const ONE_IN = 8;
const MOST = 48;

/** Tiles of the image, the same for every image of this size. */
export function lumaTiles(image: RgbImage): LumaTile[] {
  const columns = Math.ceil(image.width / SIDE);
  const rows = Math.ceil(image.height / SIDE);
  const count = columns * rows;
  const wanted = count <= ALL ? count : Math.min(MOST, ALL + Math.floor((count - ALL) / ONE_IN));
  // As many columns to rows as the image has.
  const across = Math.max(1, Math.min(wanted, Math.floor(columns * Math.sqrt(wanted / count))));
  const down = Math.max(1, Math.min(rows, Math.floor(wanted / across)));
  const lefts = positions(image.width, across);
  const tops = positions(image.height, down);
  return tops.flatMap((top) => lefts.map((left) => lumaTile(image, left, top)));
}

/** Starts of `count` tiles that are spread evenly over `length` pixels: multiples of 16, without overlap. */
function positions(length: number, count: number): number[] {
  if (count * SIDE >= length) return Array.from({ length: count }, (_, index) => index * SIDE);
  const gap = (length - count * SIDE) / count;
  return Array.from({ length: count }, (_, index) => Math.floor((gap / 2 + index * (SIDE + gap)) / 16) * 16);
}

function lumaTile({ width: stride, height, data }: RgbImage, left: number, top: number): LumaTile {
  const width = Math.min(SIDE, stride - left);
  const rows = Math.min(SIDE, height - top);
  const tile = new Int32Array(width * rows);
  for (let y = 0, at = 0; y < rows; y++) {
    let from = ((top + y) * stride + left) * 3;
    for (let x = 0; x < width; x++, at++, from += 3) {
      tile[at] = (77 * data[from]! + 150 * data[from + 1]! + 29 * data[from + 2]! + 8) >> 4;
    }
  }
  return { left, top, width, height: rows, data: tile };
}
