/**
 * Cutting an image into windows for a network that pools. As in upscale/tiles.ts a window keeps what does not depend on
 * pixels outside, and ends where the image ends; besides, it begins on a multiple of the network's stride, so that every
 * pooled pixel is made of the same four as on the whole image.
 */

/** One axis of a window: it covers `start` to `start + length`, and counts from `from` to `to`, in pixels. */
export interface WindowSpan {
  readonly start: number;
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Plans one axis of `size` pixels; all windows but the last, which takes the odd rest, are of one length.
 * @param maximum longest window, but for the rest; more than twice the margin and one stride
 * @param radius pixels over which the image affects a result
 */
export function planWindows(size: number, maximum: number, radius: number, stride: number): WindowSpan[] {
  if (size <= maximum) return [{ start: 0, length: size, from: 0, to: size }];
  const margin = up(radius, stride);
  const core = down(maximum, stride) - 2 * margin;
  if (core <= 0) {
    throw new RangeError(`Windows of ${maximum} pixels have no core with a margin of ${margin}.`);
  }
  const count = Math.ceil((size - 2 * margin) / core);
  const step = up(Math.ceil((size - 2 * margin) / count), stride);
  const length = step + 2 * margin;
  const spans: WindowSpan[] = [];
  for (let to = 0; to < size;) {
    const start = Math.min(spans.length * step, down(size - length, stride));
    const isLast = start + length + stride > size;
    const span = { start, length: isLast ? size - start : length, from: to };
    to = isLast ? size : start + length - margin;
    spans.push({ ...span, to });
  }
  return spans;
}

/** Which rows (or columns) of a layer's map count, of a window; the map has a row for each `stride` pixels. */
export function countedRows(
  { start, from, to, length }: WindowSpan,
  stride: number,
): { from: number; to: number } {
  // An odd last pixel is left out by pooling, in the window as in the image.
  const end = Math.floor(length / stride);
  return { from: (from - start) / stride, to: to === start + length ? end : (to - start) / stride };
}

function down(value: number, stride: number): number {
  return value - (value % stride);
}

function up(value: number, stride: number): number {
  return down(value + stride - 1, stride);
}
