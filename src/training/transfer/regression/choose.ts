/** A linear probe: standardise on the training part, fit for every λ, keep the one that validation likes best. */
import type { Pause } from '../pause';
import { classShares, fitLogistic, likeliest, type LinearClassifier } from './logistic';
import type { Matrix } from './matrix';
import { standardisationOf, standardise, type Standardisation } from './standardise';

/** From strong to weak. Features are standardised, so that one grid does for all of them. */
export const LAMBDAS: readonly number[] = [1e4, 1e3, 1e2, 1e1, 1, 1e-1, 1e-2, 1e-3, 1e-4];

/** Rows of the features that belong to each part. */
export interface PartRows {
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
}

export interface ProbeFit {
  readonly lambda: number;
  /** Share of the validation part that was right with it. */
  readonly validationAccuracy: number;
  /** Whether every fit ended with a small enough gradient. */
  readonly converged: boolean;
  /** Shares of the classes for each row of the test part. */
  readonly testShares: Float64Array;
  readonly testPredictions: readonly number[];
  readonly standardisation: Standardisation;
  readonly classifier: LinearClassifier;
}

/** Share of rows whose prediction is the label. */
export function accuracyOf(predictions: readonly number[], labels: readonly number[]): number {
  const right = predictions.filter((prediction, i) => prediction === labels[i]).length;
  return right / labels.length;
}

/** @param labels of all rows of the features */
export async function fitProbe(
  features: Matrix,
  labels: readonly number[],
  classes: number,
  parts: PartRows,
  pause: Pause,
): Promise<ProbeFit> {
  const standardisation = standardisationOf(features, parts.train);
  const part = (rows: readonly number[]): Matrix => standardise(features, rows, standardisation);
  const labelsOf = (rows: readonly number[]): number[] => rows.map((row) => labels[row]!);
  const fits = await fitLogistic(part(parts.train), labelsOf(parts.train), classes, LAMBDAS, pause);
  const validation = part(parts.validation);
  const validationLabels = labelsOf(parts.validation);
  const accuracies = fits.map(({ classifier }) =>
    accuracyOf(likeliest(classShares(validation, classifier), classes), validationLabels),
  );
  // The first of the best: the stronger penalty where two are equal.
  const best = accuracies.indexOf(Math.max(...accuracies));
  const { classifier } = fits[best]!;
  const testShares = classShares(part(parts.test), classifier);
  return {
    lambda: LAMBDAS[best]!,
    validationAccuracy: accuracies[best]!,
    converged: fits.every(({ minimum }) => minimum.converged),
    testShares,
    testPredictions: likeliest(testShares, classes),
    standardisation,
    classifier,
  };
}
