/**
 * The losses of Ledig et al. 2017 (equations by its numbers), as means over batch and elements. Each term is reported
 * raw; weights are applied where terms are summed.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { add, scale } from '../operations/arithmetic';
import { meanSquaredError, sigmoidCrossEntropy } from '../operations/loss';
import { FEATURE_SCALE } from '../networks/content';

/** Eq. 4: mean squared error of pixels in [0, 1]. */
export function pixelLoss(sr: Tensor, hr: Tensor): Tensor {
  return meanSquaredError(sr, hr);
}

/** Eq. 5: mean squared distance of feature maps, each divided by 12.75. */
export function contentLoss(srFeatures: Tensor, hrFeatures: Tensor): Tensor {
  return scale(meanSquaredError(srFeatures, hrFeatures), 1 / FEATURE_SCALE ** 2);
}

/** Eq. 6: −log D(G(LR)), from D's logits. */
export function adversarialLoss(fakeLogits: Tensor): Tensor {
  return sigmoidCrossEntropy(fakeLogits, 1);
}

/** The two terms of what D minimises (eq. 2): −log D(HR) and −log(1 − D(G(LR))). */
export function discriminatorLosses(realLogits: Tensor, fakeLogits: Tensor): { real: Tensor; fake: Tensor } {
  return { real: sigmoidCrossEntropy(realLogits, 1), fake: sigmoidCrossEntropy(fakeLogits, 0) };
}

/** Eq. 3: the sum of terms, each times its weight. A term without weight is left out, and so is its gradient. */
export function weightedSum(terms: readonly { loss: Tensor; weight: number }[]): Tensor {
  const [first, ...rest] = terms
    .filter(({ weight }) => weight !== 0)
    .map(({ loss, weight }) => scale(loss, weight));
  if (first === undefined) throw new Error('all weights of the loss are zero: there is nothing to train for');
  return rest.reduce(add, first);
}
