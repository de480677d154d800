/** How far a picture is from another, made visible: |a − b| · gain for each channel, opaque. */
import type { Extent } from './viewport';

export interface Pixels {
  width: number;
  height: number;
  /** RGBA, 8 bit, row by row. */
  data: Uint8ClampedArray;
}

/** What two pictures cover of a scene, from its upper left corner. */
export interface Covers {
  a: Extent;
  b: Extent;
}

const whole: Extent = { width: 1, height: 1 };

/** The part that both pictures show. */
export function commonCover({ a, b }: Covers): Extent {
  return { width: Math.min(a.width, b.width), height: Math.min(a.height, b.height) };
}

/**
 * Pictures of different sizes show the same scene, or as much of it as `covers` says: of what both show, that with fewer
 * pixels is enlarged to its nearest ones.
 * @returns with as many pixels as the finer of both has there
 */
export function difference(
  a: Pixels,
  b: Pixels,
  gain: number,
  covers: Covers = { a: whole, b: whole },
): Pixels {
  const common = commonCover(covers);
  /** Pixels of each side of both that lie in the common part. */
  const inA = within(a, covers.a, common);
  const inB = within(b, covers.b, common);
  const width = Math.round(Math.max(inA.width, inB.width));
  const height = Math.round(Math.max(inA.height, inB.height));
  const data = new Uint8ClampedArray(width * height * 4);
  const columnsA = nearest(width, inA.width);
  const columnsB = nearest(width, inB.width);
  const rowsA = nearest(height, inA.height);
  const rowsB = nearest(height, inB.height);
  let out = 0;
  for (let y = 0; y < height; y += 1) {
    const startA = rowsA[y]! * a.width;
    const startB = rowsB[y]! * b.width;
    for (let x = 0; x < width; x += 1) {
      const atA = 4 * (startA + columnsA[x]!);
      const atB = 4 * (startB + columnsB[x]!);
      for (let channel = 0; channel < 3; channel += 1) {
        data[out + channel] = Math.abs(a.data[atA + channel]! - b.data[atB + channel]!) * gain;
      }
      data[out + 3] = 255;
      out += 4;
    }
  }
  return { width, height, data };
}

/** Pixels of a picture in a part of what it covers; they need not be whole. */
function within({ width, height }: Extent, cover: Extent, part: Extent): Extent {
  return { width: (width * part.width) / cover.width, height: (height * part.height) / cover.height };
}

/** For each of `size` positions, the pixel of `source` that covers its middle. */
function nearest(size: number, source: number): Int32Array {
  return Int32Array.from({ length: size }, (_, position) => Math.floor(((position + 0.5) * source) / size));
}
