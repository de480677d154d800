/** What an analysis says of single images, as the grid sorts and filters by it. Pure. */
import type { DatasetAnalysis } from '../../protocol/dataset-analysis';
import type { ImageProblem } from './image-collection';

/** The worst first: images that are in both splits, then other duplicates, then what was ranked. */
export function problemsIn(
  analysis: Pick<DatasetAnalysis, 'duplicates' | 'problems'> | null,
): ImageProblem[] {
  if (analysis === null) return [];
  const groups = analysis.duplicates.toSorted((a, b) => Number(b.acrossSplits) - Number(a.acrossSplits));
  return [
    ...groups.flatMap(({ images }) => images.map((name) => ({ name, problem: 'duplicate' as const }))),
    ...analysis.problems.map(({ name, problem }) => ({ name, problem })),
  ];
}
