/** How noisy an image is: the standard deviation of white noise in luma, measured where there is least texture. */
import type { BlockStatistics } from './block-statistics';

/** The share of the blocks that counts: those whose coarse texture is least. */
const SHARE = 0.1;

/**
 * Standard deviation of the noise in grey levels of 255: J. Immerkær, "Fast noise variance estimation", CVIU 64(2), 1996,
 * on the tenth of the blocks with the least coarse texture (which noise hardly touches, so that choosing them does not
 * bias the estimate); of these the median. Black and white areas, where noise is cut off, are passed over if others
 * are left. An image of fine texture everywhere seems noisier than it is.
 */
export function noiseDeviation(blocks: readonly BlockStatistics[]): number {
  const whole = blocks.filter(({ clipped }) => !clipped);
  const usable = whole.length > 0 ? whole : blocks;
  if (usable.length === 0) return 0;
  const smoothest = [...usable].sort((a, b) => a.coarse - b.coarse);
  smoothest.length = Math.max(1, Math.round(SHARE * smoothest.length));
  const variances = smoothest.map(({ noise }) => noise()).sort((a, b) => a - b);
  return Math.sqrt(variances[variances.length >> 1]!);
}
