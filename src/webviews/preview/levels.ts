/** Histograms as paths of a drawing, 256 wide and 100 high. Pure. */
import type { Histogram } from '../../protocol/preview';

/** @param most the count that fills the height @param filled whether the area below is closed */
export function levelsPath(counts: readonly number[], most: number, filled: boolean): string {
  const points = counts.map((value, level) => {
    const height = most === 0 ? 0 : 100 * Math.sqrt(value / most);
    return `${level + 0.5},${(100 - height).toFixed(1)}`;
  });
  return filled ? `M0,100 L${points.join(' ')} L256,100 Z` : `M${points.join(' ')}`;
}

/** Shares of the samples of all channels that lie at the ends of the range: what is clipped. */
export function shareAtEnds({ red, green, blue }: Histogram): { black: number; white: number } {
  const channels = [red, green, blue];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const all = sum(channels.map(sum));
  if (all === 0) return { black: 0, white: 0 };
  return {
    black: sum(channels.map((counts) => counts[0] ?? 0)) / all,
    white: sum(channels.map((counts) => counts[255] ?? 0)) / all,
  };
}
