/**
 * Is one classifier better than another? For every seed and every test image: was the one right, minus was the other. The
 * mean of these differences varies with the seed (other labels, other weights) and with the test images; it is tested
 * against both, and the larger p counts (an intersection–union test, so no correction for there being two).
 */
import type { Verdict } from '../../../protocol/transfer';
import { mean, sampleVariance, twoSidedP } from './student';

/** What two classifiers did on the test images of one seed. */
export interface PairedAnswers {
  /** The test images, by number. */
  readonly images: readonly number[];
  readonly subject: readonly boolean[];
  readonly baseline: readonly boolean[];
}

export interface PairedTest {
  /** Accuracy of the subject minus that of the baseline, mean over seeds. */
  readonly difference: number;
  /** Null for one seed, which cannot tell. */
  readonly pSeeds: number | null;
  readonly pImages: number;
}

export const SIGNIFICANCE = 0.05;

/** t-tests of the mean difference with seeds, then with test images, as the units that were drawn. */
export function pairedTest(answers: readonly PairedAnswers[]): PairedTest {
  const differences = answers.map(({ subject, baseline }) =>
    subject.map((right, i) => Number(right) - Number(baseline[i])),
  );
  const perSeed = differences.map(mean);
  const difference = mean(perSeed);
  const pSeeds =
    perSeed.length < 2
      ? null
      : pOf(difference, Math.sqrt(sampleVariance(perSeed) / perSeed.length), perSeed.length - 1);

  // An image may be tested under several seeds: its deviations are added up before they are squared.
  const total = differences.reduce((sum, each) => sum + each.length, 0);
  const pooled = differences.flat().reduce((a, b) => a + b, 0) / total;
  const deviations = new Map<number, number>();
  answers.forEach(({ images }, seed) => {
    images.forEach((image, i) => {
      deviations.set(image, (deviations.get(image) ?? 0) + differences[seed]![i]! - pooled);
    });
  });
  const count = deviations.size;
  const squares = [...deviations.values()].reduce((sum, deviation) => sum + deviation ** 2, 0);
  const deviation = Math.sqrt((squares * count) / Math.max(1, count - 1)) / total;
  return { difference, pSeeds, pImages: pOf(pooled, deviation, Math.max(1, count - 1)) };
}

/** Without any spread a difference is certain, and no difference is none. */
function pOf(difference: number, standardError: number, degrees: number): number {
  if (difference === 0) return 1;
  return twoSidedP(difference / standardError, degrees);
}

/** Holm's correction of a family of p values (1979), in their order. */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const corrected = new Array<number>(ps.length);
  let before = 0;
  order.forEach(({ p, index }, rank) => {
    before = Math.min(1, Math.max(before, (ps.length - rank) * p));
    corrected[index] = before;
  });
  return corrected;
}

/** @param p corrected; null where one seed alone was measured */
export function verdictOf(difference: number, p: number | null): Verdict {
  if (p === null || p >= SIGNIFICANCE || difference === 0) return 'not distinguishable';
  return difference > 0 ? 'better' : 'worse';
}
