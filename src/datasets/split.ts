/** Which images are held out for validation: decided by content and seed, whatever the order in which they were found. */
import type { SplitName } from '../protocol/dataset-file';
import { hashOf } from './hash';

export interface SplitOptions {
  /** Share of the images held out, in [0, 1). */
  share: number;
  seed: number;
}

/**
 * One split for each image, given the hashes of their files. Images are ranked by a hash of seed and content, and the
 * first ones are held out: `share` of them, rounded, but at least one if the share is above 0, and never all.
 * Files of equal content rank alike.
 */
export function splitImages(hashes: readonly string[], { share, seed }: SplitOptions): SplitName[] {
  const wanted = share > 0 ? Math.max(1, Math.round(share * hashes.length)) : 0;
  const held = Math.min(wanted, hashes.length - 1);
  const rank = (hash: string): string => hashOf(`${seed}:${hash}`);
  const ranked = hashes
    .map((hash, index) => ({ index, rank: rank(hash) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.index - b.index));
  const validation = new Set(ranked.slice(0, held).map(({ index }) => index));
  return hashes.map((_, index) => (validation.has(index) ? 'validation' : 'train'));
}
