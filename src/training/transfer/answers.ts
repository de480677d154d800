/** What a classifier answered, held against the truth: the confusion matrix, and the mistakes it was surest of. */
import type { Mistake } from '../../protocol/transfer';

export interface Answers {
  /** Images that were asked about. */
  readonly rows: readonly number[];
  readonly predictions: readonly number[];
}

/** Mistakes that are kept for the page. */
const KEPT_MISTAKES = 48;

/** Rows are labels, columns predictions, all answers together. */
export function confusionOf(
  answers: readonly Answers[],
  labels: readonly number[],
  classes: number,
): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { rows, predictions } of answers) {
    rows.forEach((row, i) => matrix[labels[row]!]![predictions[i]!]!++);
  }
  return matrix;
}

/** The surest first. `shares` are those of the classes for each of the rows. */
export function mistakesOf(
  { rows, predictions, shares }: Answers & { readonly shares: ArrayLike<number> },
  labels: readonly number[],
  classes: number,
): Mistake[] {
  return rows
    .map((image, i) => {
      const prediction = predictions[i]!;
      return { image, label: labels[image]!, prediction, share: shares[i * classes + prediction]! };
    })
    .filter(({ label, prediction }) => label !== prediction)
    .sort((a, b) => b.share - a.share)
    .slice(0, KEPT_MISTAKES);
}
