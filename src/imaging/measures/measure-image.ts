/**
 * What can be said of an HR image by looking at it once, for ranking what is better left out, and for finding copies.
 * It takes some ten milliseconds, whatever the size of the image.
 */
import type { ImageMeasures } from '../../protocol/image-measures';
import type { RgbImage } from '../image';
import { blockStatistics } from './block-statistics';
import { gridStrength } from './blockiness';
import { fingerprint } from './fingerprint';
import { flatShare } from './flatness';
import { lumaTiles } from './luma-tiles';
import { noiseDeviation } from './noise';
import { detailSharpness } from './sharpness';

/** Measures an image; units and ranges are those of `imageMeasuresSchema`. The same pixels give the same numbers. */
export function measureImage(image: RgbImage): ImageMeasures {
  const tiles = lumaTiles(image);
  const blocks = blockStatistics(tiles);
  const noise = noiseDeviation(blocks);
  return {
    sharpness: rounded(detailSharpness(tiles, noise), 4),
    noise: rounded(noise, 2),
    blockiness: rounded(gridStrength(tiles), 3),
    flatness: rounded(flatShare(blocks, noise), 3),
    fingerprint: fingerprint(image),
  };
}

/** More digits say nothing, and take room in `images.jsonl`. */
function rounded(value: number, digits: number): number {
  const unit = 10 ** digits;
  return Math.round(value * unit) / unit;
}
