/** What scores are called wherever their figures are shown, and what a person should know about them. */

/** Scores of two data sets cannot be compared. */
export const niqeLabel = 'NIQE (fitted on this data set’s HR)';

/** What figures are called in tables and charts. */
export const VGG_DISTANCE_LABEL = 'VGG distance';

/** The distance in words, e.g. `VGG19 feature distance, unweighted (conv1_2, conv2_2)`. */
export function vggDistanceName(layers: readonly string[]): string {
  return `VGG19 feature distance, unweighted (${layers.join(', ')})`;
}

export const vggDistanceNote =
  'Lower is closer. Made as LPIPS is (Zhang et al. 2018), but of VGG19 and without LPIPS’ learned weights: no figure of LPIPS.';
