/**
 * The pristine model that NIQE compares with: a Gaussian over the features of the sharp blocks of good photographs. The
 * paper fits it once, on 125 of them; fitted on the HR images that a network is trained on, it says how far SR is from what
 * it should look like.
 */
import type { RgbImage } from '../image';
import { blockFeatures, FEATURES } from './block-features';
import { fitGaussian, greyLevels, type FeatureGaussian } from './niqe';

/** A block of a good picture, and how sharp it is beside the sharpest one of that picture. */
export interface PristineBlock {
  readonly features: Float64Array;
  /** In [0, 1]. */
  readonly share: number;
}

export interface PristineModel extends FeatureGaussian {
  /** Of how many blocks. */
  readonly blocks: number;
  /** Blocks sharper than this share of the sharpest of their picture were taken. */
  readonly sharpShare: number;
}

/** T in the paper, and what it is lowered to, step by step, where that leaves fewer blocks than `ENOUGH`. */
const SHARP_SHARES = [0.75, 0.7, 0.65, 0.6, 0.55, 0.5] as const;
const LOWEST_SHARE = 0.5;
/** Ten a feature. */
const ENOUGH = 10 * FEATURES;
/** With fewer blocks than this, two a feature, a covariance says more about chance than about pictures. */
export const FEWEST_PRISTINE_BLOCKS = 2 * FEATURES;

/** The blocks of a good picture that may be taken. */
export function pristineBlocks(image: RgbImage): PristineBlock[] {
  const blocks = blockFeatures(greyLevels(image));
  const sharpest = blocks.reduce((most, { sharpness }) => Math.max(most, sharpness), 0);
  return blocks
    .map(({ features, sharpness }) => ({ features, share: sharpness / sharpest }))
    .filter(({ share }) => share > LOWEST_SHARE);
}

/** The model; `null` where there are fewer than `FEWEST_PRISTINE_BLOCKS` blocks. */
export function fitPristineModel(blocks: readonly PristineBlock[]): PristineModel | null {
  const taken = (limit: number): PristineBlock[] => blocks.filter(({ share }) => share > limit);
  const sharpShare = SHARP_SHARES.find((limit) => taken(limit).length >= ENOUGH) ?? LOWEST_SHARE;
  const chosen = taken(sharpShare).map(({ features }) => features);
  if (chosen.length < FEWEST_PRISTINE_BLOCKS) return null;
  return { ...fitGaussian(chosen), blocks: chosen.length, sharpShare };
}
