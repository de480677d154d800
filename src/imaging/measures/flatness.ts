/** How much of an image teaches nothing: sky, walls, paper. */
import type { BlockStatistics } from './block-statistics';

/** Standard deviation about a plane, in grey levels, below which nobody sees a texture. */
const VISIBLE = 1.5;

/**
 * Share of the blocks of 16×16 pixels, in [0, 1], that are no more than a sloping plane with the image's own noise on it.
 * `noise` is the noise's standard deviation in grey levels; a block's variance varies by some 9 % of the noise's.
 */
export function flatShare(blocks: readonly BlockStatistics[], noise: number): number {
  if (blocks.length === 0) return 0;
  const limit = VISIBLE * VISIBLE + 1.3 * noise * noise;
  return blocks.filter(({ texture }) => texture <= limit).length / blocks.length;
}
