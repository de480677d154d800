/** Exponential moving average of a curve, without the pull towards its first value. */

/**
 * Debiased as in Adam (Kingma and Ba 2015, section 3): m ← w·m + (1 − w)·y, shown as m / (1 − wᵗ). Gaps (NaN) stay
 * gaps and do not count.
 * @param weight in [0, 1): 0 changes nothing, 0.99 averages over about a hundred points
 */
export function smooth(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return values.slice();
  const smoothed: number[] = [];
  let mean = 0;
  let decay = 1;
  for (const value of values) {
    if (Number.isFinite(value)) {
      mean = weight * mean + (1 - weight) * value;
      decay *= weight;
      smoothed.push(mean / (1 - decay));
    } else {
      smoothed.push(Number.NaN);
    }
  }
  return smoothed;
}
