/** Where the sub-images of an image lie: a grid, with a last row and column at the border where enough is left over. */
import type { CropPlace, SubImages } from '../protocol/dataset-file';

/**
 * Places in an HR image of these sides, row by row; none if the image is smaller than a sub-image. The rule is that of
 * BasicSR's `extract_subimages`: from the left upper corner every `step` pixels, and a last one at the border if more than
 * `threshold` pixels are not covered. Sides, size and step that are multiples of the scale give places that are, too.
 */
export function subImagePlaces(width: number, height: number, options: SubImages): CropPlace[] {
  const columns = offsets(width, options);
  return offsets(height, options).flatMap((top) => columns.map((left) => ({ left, top })));
}

function offsets(length: number, { size, step, threshold }: SubImages): number[] {
  const found: number[] = [];
  for (let offset = 0; offset + size <= length; offset += step) found.push(offset);
  const last = found.at(-1);
  if (last !== undefined && length - (last + size) > threshold) found.push(length - size);
  return found;
}

export function isSamePlace(a: CropPlace | undefined, b: CropPlace | undefined): boolean {
  return a?.left === b?.left && a?.top === b?.top;
}

/** Name of the sub-image `index` of an image: with a point, which no name of an image has otherwise. */
export function subImageName(name: string, index: number): string {
  return `${name}.s${String(index + 1).padStart(3, '0')}`;
}

/** The name of the image that an image or sub-image belongs to. */
export function wholeImageName(name: string): string {
  return name.replace(/\.s\d+$/, '');
}
