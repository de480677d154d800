/** From a feature map to a vector: the maximum of each cell of a grid, as the DCGAN protocol has it, or the mean. */

/** Sides of the grid (Radford, Metz and Chintala, ICLR 2016, section 5.1). */
export const GRID = 4;

/** A batch of feature maps, [n, height, width, channels]. */
export interface Maps {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** Cells of one axis as [from, to): all pixels, as evenly as can be; cells of a side that is no multiple overlap. */
export function cells(side: number): [number, number][] {
  const count = Math.min(GRID, side);
  return Array.from({ length: count }, (_, i) => [
    Math.floor((i * side) / count),
    Math.ceil(((i + 1) * side) / count),
  ]);
}

/** Length of what `poolGrid` gives for maps of this size. */
export function gridLength({ height, width, channels }: Omit<Maps, 'data'>): number {
  return Math.min(GRID, height) * Math.min(GRID, width) * channels;
}

/** Writes the maxima of image `index`: [rows, columns, channels]. */
export function poolGrid(maps: Maps, index: number, target: Float32Array, offset: number): void {
  const { height, width, channels, data } = maps;
  const start = index * height * width * channels;
  let to = offset;
  for (const [top, bottom] of cells(height)) {
    for (const [left, right] of cells(width)) {
      target.fill(-Infinity, to, to + channels);
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const from = start + (y * width + x) * channels;
          for (let c = 0; c < channels; c++) target[to + c] = Math.max(target[to + c]!, data[from + c]!);
        }
      }
      to += channels;
    }
  }
}

/** Writes the means of image `index`: [channels]. */
export function poolAverage(maps: Maps, index: number, target: Float32Array, offset: number): void {
  const { height, width, channels, data } = maps;
  const pixels = height * width;
  const sums = new Float64Array(channels);
  const start = index * pixels * channels;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < channels; c++) sums[c]! += data[start + pixel * channels + c]!;
  }
  for (let c = 0; c < channels; c++) target[offset + c] = sums[c]! / pixels;
}
