/** Many small images as one picture: a page shows any of them without a file for each. */
import { createImage, type RgbImage } from '../../../imaging/image';
import type { LabelledImages } from './labelled-images';

export interface ContactSheet {
  readonly picture: RgbImage;
  readonly columns: number;
  /** The images, row by row. */
  readonly rows: number[];
}

/** The images with these numbers, side by side in a picture that is about square. */
export function contactSheet(
  { side, pixels }: Pick<LabelledImages, 'side' | 'pixels'>,
  rows: readonly number[],
): ContactSheet {
  const columns = Math.max(1, Math.ceil(Math.sqrt(rows.length)));
  const picture = createImage(columns * side, Math.max(1, Math.ceil(rows.length / columns)) * side);
  rows.forEach((row, index) => {
    const [left, top] = [(index % columns) * side, Math.floor(index / columns) * side];
    for (let y = 0; y < side; y++) {
      const from = (row * side + y) * side * 3;
      picture.data.set(pixels.subarray(from, from + side * 3), ((top + y) * picture.width + left) * 3);
    }
  });
  return { picture, columns, rows: [...rows] };
}
