/**
 * The rows of two planes that are compared, one pair after the other, wherever they come from: planes that are there, or Y or a
 * channel of two pictures, made as they are asked for. Planes of real numbers of twelve megapixels are 96 MB each; rows stay in
 * the processor's cache.
 */
import type { Plane } from './colour';
import { nothingLeft, type RgbImage } from './image';
import { pixelRows, ROOM_AFTER_PIXELS, type Sample } from './pixel-rows';
import type { WindowMemory } from './window-memory';

/** Writes row `y` of both planes. */
export type ReadRows = (y: number, a: Float64Array, b: Float64Array) => void;

export interface PairRows {
  readonly width: number;
  readonly height: number;
  /** For rows of that memory. */
  open(memory: WindowMemory): ReadRows;
}

/** Throws a `RangeError` if the sizes differ. */
export function rowsOfPlanes(a: Plane, b: Plane): PairRows {
  requireEqualSize(a, b);
  const { width, height } = a;
  const part = ({ data }: Plane, y: number): Float64Array => data.subarray(y * width, (y + 1) * width);
  return {
    width,
    height,
    open: () => (y, intoA, intoB) => {
      intoA.set(part(a, y));
      intoB.set(part(b, y));
    },
  };
}

/** Of two pictures without `border` pixels at each side. Throws a `RangeError` if the sizes differ or nothing remains. */
export function rowsOfPictures(a: RgbImage, b: RgbImage, sample: Sample, border: number): PairRows {
  requireEqualSize(a, b);
  const [width, height] = [a.width - 2 * border, a.height - 2 * border];
  if (width < 1 || height < 1) throw nothingLeft(a, border);
  return {
    width,
    height,
    open: (memory) => {
      const convert = pixelRows(memory, sample);
      const numbers = memory.row(Math.ceil((3 * width + ROOM_AFTER_PIXELS) / Float64Array.BYTES_PER_ELEMENT));
      const pixels = new Uint8Array(numbers.buffer, numbers.byteOffset, 3 * width);
      const read = (picture: RgbImage, y: number, into: Float64Array): void => {
        const start = 3 * ((y + border) * picture.width + border);
        pixels.set(picture.data.subarray(start, start + 3 * width));
        convert(pixels, into);
      };
      return (y, intoA, intoB) => {
        read(a, y, intoA);
        read(b, y, intoB);
      };
    },
  };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function requireEqualSize(a: Size, b: Size): void {
  if (a.width === b.width && a.height === b.height) return;
  throw new RangeError(`Sizes differ: ${a.width}×${a.height} and ${b.width}×${b.height}.`);
}
