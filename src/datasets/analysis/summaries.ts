/** What an analysis says of all images together: problems in order, mean spectra, histograms. */
import type { DatasetAnalysis, Histogram } from '../../protocol/dataset-analysis';
import type { DatasetImage } from '../../protocol/dataset-file';
import {
  imageProblems,
  problemsOf,
  problemThresholds,
  type ImageMeasures,
} from '../../protocol/image-measures';
import { powerAt, type RadialSpectrum } from '../../imaging/spectrum/radial-spectrum';
import type { Spectra } from './analysis-jobs';

/** Problem by problem, the worst first. */
export function rankProblems(
  images: readonly DatasetImage[],
  measures: readonly ImageMeasures[],
): DatasetAnalysis['problems'] {
  const found = images.flatMap(({ name }, index) =>
    problemsOf(measures[index]!).map(({ problem, value }) => ({ name, problem, value })),
  );
  return imageProblems.flatMap((problem) => {
    const sign = problemThresholds[problem].above === undefined ? 1 : -1;
    return found
      .filter((each) => each.problem === problem)
      .sort((a, b) => sign * (a.value - b.value) || (a.name < b.name ? -1 : 1));
  });
}

/** Points of the curves, from 1/128 to 1/2 cycles an HR pixel. */
const FREQUENCIES = 64;

/** Mean spectra on one axis, in cycles an HR pixel. */
export function meanSpectra(spectra: readonly Spectra[], scale: number): DatasetAnalysis['spectrum'] {
  const frequencies = Array.from({ length: FREQUENCIES }, (_, index) => (index + 1) / (2 * FREQUENCIES));
  return {
    images: spectra.length,
    frequencies,
    hr: meanCurve(
      spectra.map(({ hr }) => hr),
      frequencies,
      1,
    ),
    lr: meanCurve(
      spectra.map(({ lr }) => lr),
      frequencies,
      scale,
    ),
    enlarged: meanCurve(
      spectra.map(({ enlarged }) => enlarged),
      frequencies,
      1,
    ),
  };
}

/**
 * The mean over the images that reach to a frequency; null where none does. A pixel of the image is `scale` HR pixels wide:
 * frequencies are so much lower and, for the same variance, densities the square of it higher.
 */
function meanCurve(
  spectra: readonly RadialSpectrum[],
  frequencies: readonly number[],
  scale: number,
): (number | null)[] {
  return frequencies.map((frequency) => {
    const values = spectra
      .map((spectrum) => powerAt(spectrum, frequency * scale))
      .filter((value) => value !== undefined);
    if (values.length === 0) return null;
    return significant((scale ** 2 * values.reduce((sum, value) => sum + value, 0)) / values.length);
  });
}

function significant(value: number): number {
  return Number(value.toPrecision(5));
}

/** Steps of about √2. */
const megapixelEdges = [
  0, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100,
  150, 200, 300,
];
const sharpnessEdges = Array.from({ length: 21 }, (_, index) => index / 40);

export function histograms(
  images: readonly DatasetImage[],
  measures: readonly ImageMeasures[],
): DatasetAnalysis['histograms'] {
  return {
    megapixels: histogram(
      images.map(({ width, height }) => (width * height) / 1e6),
      megapixelEdges,
    ),
    sharpness: histogram(
      measures.map(({ sharpness }) => sharpness),
      sharpnessEdges,
    ),
  };
}

/** Counts values from each edge up to the next; the last edge belongs to the last count. Others are left out. */
export function histogram(values: readonly number[], edges: readonly number[]): Histogram {
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    let bin = 0;
    while (bin < counts.length - 1 && value >= edges[bin + 1]!) bin++;
    if (value >= edges[0]! && value <= edges[edges.length - 1]!) counts[bin]!++;
  }
  return { edges: [...edges], counts };
}
