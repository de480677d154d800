/**
 * RLE4 and RLE8 of BMP files: pairs of bytes, either a run of a colour (two alternating ones in RLE4), or a zero and an
 * escape: end of the row, end of the image, a jump, or colours one by one. What is jumped over has colour 0.
 */
import { LabError } from '../../folders/lab-error';
import type { BmpHeader } from './bmp-header';

/** Indices into the palette, row by row from above. Throws a `LabError` if the runs end before the image does. */
export function decodeRunLengths(
  file: Buffer,
  { width, height, topDown, offset, compression }: BmpHeader,
): Uint8Array {
  const indices = new Uint8Array(width * height);
  const half = compression === 'rle4';
  let [x, y, position] = [0, 0, offset];

  const next = (): number => {
    const byte = file[position++];
    if (byte === undefined) throw new LabError('The image is cut short. Get a complete copy.');
    return byte;
  };
  // Writers round odd widths up; what leaves the row is dropped.
  const put = (index: number): void => {
    if (x < width && y < height) indices[(topDown ? y : height - 1 - y) * width + x] = index;
    x++;
  };
  const nibble = (byte: number, i: number): number => (i % 2 === 0 ? byte >> 4 : byte & 15);

  while (y < height) {
    // Some writers leave out the mark at the end of the image.
    if (position >= file.length && y === height - 1 && x >= width) break;
    const [count, value] = [next(), next()];
    if (count > 0) {
      for (let i = 0; i < count; i++) put(half ? nibble(value, i) : value);
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      [x, y] = [x + next(), y + next()];
    } else {
      let byte = 0;
      for (let i = 0; i < value; i++) {
        if (!half || i % 2 === 0) byte = next();
        put(half ? nibble(byte, i) : byte);
      }
      // Colours one by one are padded to two bytes.
      if ((half ? Math.ceil(value / 2) : value) % 2 === 1) position++;
    }
  }
  return indices;
}
