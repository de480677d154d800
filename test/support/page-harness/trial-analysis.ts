/** A made-up analysis for looking at the dataset page. */
import type { DatasetAnalysis } from '../../../src/protocol/dataset-analysis';
import type { DatasetPageImage } from '../../../src/protocol/dataset-page';

export function trialAnalysis(images: readonly DatasetPageImage[]): DatasetAnalysis {
  const ranked = (key: 'sharpness' | 'noise' | 'blockiness' | 'flatness', sign: number): DatasetPageImage[] =>
    images.toSorted((a, b) => sign * ((a.measures?.[key] ?? 0) - (b.measures?.[key] ?? 0))).slice(0, 9);
  const names = images.map(({ name }) => name);
  const frequencies = Array.from({ length: 64 }, (_, index) => (index + 0.5) / 128);
  return {
    format: 1,
    contents: 'a'.repeat(64),
    images: images.length,
    duplicates: [
      { kind: 'crop', images: names.slice(3, 5), acrossSplits: true },
      { kind: 're-encoded', images: names.slice(20, 23), acrossSplits: false },
    ],
    problems: [
      ...ranked('sharpness', 1).map(({ name, measures }) => ({
        name,
        problem: 'blurred' as const,
        value: measures!.sharpness,
      })),
      ...ranked('noise', -1).map(({ name, measures }) => ({
        name,
        problem: 'noisy' as const,
        value: measures!.noise,
      })),
      ...ranked('blockiness', -1).map(({ name, measures }) => ({
        name,
        problem: 'blocky' as const,
        value: measures!.blockiness,
      })),
      ...ranked('flatness', -1).map(({ name, measures }) => ({
        name,
        problem: 'flat' as const,
        value: measures!.flatness,
      })),
    ],
    spectrum: {
      images: images.length,
      frequencies,
      hr: frequencies.map((f) => 2 / (1 + (60 * f) ** 2)),
      lr: frequencies.map((f) => (f < 0.125 ? 2 / (1 + (55 * f) ** 2) : null)),
      enlarged: frequencies.map((f) => (2 / (1 + (60 * f) ** 2)) * Math.exp(-((f / 0.1) ** 4))),
    },
    histograms: { megapixels: { edges: [], counts: [] }, sharpness: { edges: [], counts: [] } },
  };
}
