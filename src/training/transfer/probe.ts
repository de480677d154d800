/** A linear probe of every stage of a trunk: how well does a linear classifier read the labels off its features? */
import type { Pooling, ProbeResult, ProbeRow } from '../../protocol/transfer';
import type { Engine } from '../engines/engine';
import { confusionOf, mistakesOf, type Answers } from './answers';
import type { LabelledImages } from './data/labelled-images';
import { splitImages } from './data/split';
import { extractFeatures, sideBySide } from './features/extract';
import type { Trunk } from './features/trunk';
import { pausing, type Pause } from './pause';
import { accuracyOf, fitProbe, type PartRows, type ProbeFit } from './regression/choose';
import { selectRows, type Matrix } from './regression/matrix';
import { standardise } from './regression/standardise';
import { estimate } from './statistics/student';
import { principalPlane } from './statistics/principal-components';

/** Name of the row that has the features of all stages. */
export const ALL_STAGES = 'all stages';

export interface MeasureOptions {
  readonly seeds: readonly number[];
  readonly signal?: AbortSignal | undefined;
  /** Tells what is being done, and how much of it there is. */
  readonly onProgress?: ((done: number, total: number, unit: string, message: string) => void) | undefined;
}

interface Candidate {
  readonly stage: string;
  readonly pooling: Pooling;
  readonly features: Matrix;
}

interface SeedFit {
  readonly seed: number;
  readonly parts: PartRows;
  readonly fit: ProbeFit;
  readonly accuracy: number;
}

/** Share of the commonest class. */
export function chanceOf({ images, classes }: LabelledImages): number {
  const counts = classes.map((_, label) => images.filter((image) => image.label === label).length);
  return Math.max(...counts) / images.length;
}

/**
 * The splits of the seeds, each once. A linear probe has no other chance in it: where the data set says its own split, all
 * seeds come to the same, and an interval over them would say that there is no doubt.
 */
function distinctSplits(
  images: LabelledImages,
  seeds: readonly number[],
): { seed: number; parts: PartRows }[] {
  const met = new Set<string>();
  return seeds.flatMap((seed) => {
    const parts = splitImages(images, seed);
    const text = JSON.stringify(parts);
    if (met.has(text)) return [];
    met.add(text);
    return [{ seed, parts }];
  });
}

/** Probes every stage with both poolings, and all stages side by side, for every seed. */
export async function probe(
  engine: Engine,
  trunk: Trunk,
  images: LabelledImages,
  { seeds, signal, onProgress }: MeasureOptions,
): Promise<ProbeResult> {
  const start = performance.now();
  const labels = images.images.map(({ label }) => label);
  const splits = distinctSplits(images, seeds);
  const stages = await extractFeatures(engine, trunk, images, {
    signal,
    onImages: (done, total) => onProgress?.(done, total, 'images', 'Computing features'),
  });
  const candidates: Candidate[] = [
    ...stages.flatMap(({ stage, pooled }) =>
      (['grid', 'average'] as const).map((pooling) => ({ stage, pooling, features: pooled[pooling] })),
    ),
    ...(['grid', 'average'] as const).map((pooling) => ({
      stage: ALL_STAGES,
      pooling,
      features: sideBySide(stages.map(({ pooled }) => pooled[pooling])),
    })),
  ];
  const pause = pausing(signal);
  const fits: SeedFit[][] = [];
  let done = 0;
  for (const { stage, features } of candidates) {
    const own: SeedFit[] = [];
    for (const { seed, parts } of splits) {
      signal?.throwIfAborted();
      onProgress?.(done++, candidates.length * splits.length, 'fits', `Probing ${stage}`);
      const fit = await fitProbe(features, labels, images.classes.length, parts, pause);
      const accuracy = accuracyOf(
        fit.testPredictions,
        parts.test.map((row) => labels[row]!),
      );
      own.push({ seed, parts, fit, accuracy });
    }
    fits.push(own);
  }
  const rows = candidates.map((candidate, index) => rowOf(candidate, fits[index]!));
  const validation = rows.map((row) => row.validation.mean);
  const best = validation.indexOf(Math.max(...validation));
  const { parts, fit } = fits[best]![0]!;
  return {
    format: 1,
    network: trunk.description,
    engine: `${engine.description.name} (${engine.description.device})`,
    chance: chanceOf(images),
    images: { train: parts.train.length, validation: parts.validation.length, test: parts.test.length },
    rows,
    best,
    confusion: confusionOf(fits[best]!.map(answersOf), labels, images.classes.length),
    mistakes: mistakesOf(
      { ...answersOf(fits[best]![0]!), shares: fit.testShares },
      labels,
      images.classes.length,
    ),
    map: await mapOf(candidates[best]!.features, parts, fit, pause),
    seconds: (performance.now() - start) / 1000,
  };
}

const answersOf = ({ parts, fit }: SeedFit): Answers => ({
  rows: parts.test,
  predictions: fit.testPredictions,
});

function rowOf({ stage, pooling, features }: Candidate, fits: readonly SeedFit[]): ProbeRow {
  return {
    stage,
    pooling,
    features: features.columns,
    accuracy: estimate(fits.map(({ accuracy }) => accuracy)),
    validation: estimate(fits.map(({ fit }) => fit.validationAccuracy)),
    seeds: fits.map(({ seed, accuracy, fit }) => ({
      seed,
      accuracy,
      validation: fit.validationAccuracy,
      lambda: fit.lambda,
      converged: fit.converged,
    })),
  };
}

/** The test images in the plane where their standardised features vary most. */
async function mapOf(
  features: Matrix,
  { test }: PartRows,
  fit: ProbeFit,
  pause: Pause,
): Promise<ProbeResult['map']> {
  const own = selectRows(features, test);
  const rows = test.map((_, row) => row);
  const plane = await principalPlane(standardise(own, rows, fit.standardisation), pause);
  return plane.map(([x, y], i) => ({ image: test[i]!, x, y }));
}
