/**
 * Cutting an image into overlapping windows whose results, put together, equal the result on the whole image. A pixel of
 * the output depends on the input within a radius; a window's result is kept only where that lies inside the window, or
 * where the window ends because the image does. Windows stay inside the image, so that the network's padding is applied
 * where it would be on the whole.
 */

/** One axis of a window: it covers `start` to `start + length`, and is kept from `from` to `to`, in input pixels. */
export interface Span {
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

export interface AxisPlan {
  /** Length of every window of the axis. */
  readonly length: number;
  readonly spans: readonly Span[];
}

/**
 * Plans one axis of `size` pixels with as few windows as `maximum` allows, all of one length.
 * @param radius distance in input pixels over which the input affects the output; `maximum` must exceed twice this
 */
export function planAxis(size: number, maximum: number, radius: number): AxisPlan {
  if (size <= maximum) return { length: size, spans: [{ start: 0, from: 0, to: size }] };
  if (maximum <= 2 * radius) {
    throw new RangeError(`Windows of ${maximum} pixels have no core with a radius of ${radius}.`);
  }
  // The first and the last window keep one margin each; all share what is between.
  const count = Math.ceil((size - 2 * radius) / (maximum - 2 * radius));
  const stride = Math.ceil((size - 2 * radius) / count);
  const length = stride + 2 * radius;
  const spans: Span[] = [];
  for (let index = 0; index < count; index++) {
    const start = Math.min(index * stride, size - length);
    const from = spans.at(-1)?.to ?? 0;
    spans.push({ start, from, to: index === count - 1 ? size : start + length - radius });
  }
  return { length, spans };
}

/**
 * Largest window that keeps an activation of the network at full resolution within a budget of memory, and is not mostly
 * margin.
 * @param channels features at full resolution
 */
export function windowSize(scale: number, channels: number, radius: number): number {
  const budget = 64 * 1024 * 1024;
  const pixels = budget / (Float32Array.BYTES_PER_ELEMENT * channels * scale * scale);
  return Math.max(Math.floor(Math.sqrt(pixels)), 4 * radius);
}
