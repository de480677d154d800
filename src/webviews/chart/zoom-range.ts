/** Zooming along the x axis; pure. */
import type { Range } from './downsample';

/** The part of `range` that is left after zooming by `factor` about `centre`; null when that is all of `extent`. */
export function zoomRange(range: Range, extent: Range, centre: number, factor: number): Range | null {
  const min = Math.max(extent.min, centre - (centre - range.min) / factor);
  const max = Math.min(extent.max, centre + (range.max - centre) / factor);
  if (min <= extent.min && max >= extent.max) return null;
  return max - min < 1e-6 * (extent.max - extent.min) ? range : { min, max };
}
