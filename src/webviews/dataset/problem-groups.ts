/** The problems of an analysis as the page lists them: only of images that are still there, and which copies can go. Pure. */
import type { DatasetAnalysis } from '../../protocol/dataset-analysis';
import type { ImageCollection, MeasureKey } from './image-collection';

export type DuplicateGroup = DatasetAnalysis['duplicates'][number];
export type RankedProblem = DatasetAnalysis['problems'][number]['problem'];

/** Groups of which two or more images are in the data set, those in both splits first. */
export function presentGroups(
  { duplicates }: Pick<DatasetAnalysis, 'duplicates'>,
  collection: ImageCollection,
): DuplicateGroup[] {
  return duplicates
    .map((group) => ({ ...group, images: group.images.filter((name) => collection.indexOf(name) !== -1) }))
    .filter(({ images }) => images.length > 1)
    .toSorted((a, b) => Number(b.acrossSplits) - Number(a.acrossSplits));
}

/**
 * All of a group but one. Where it is in both splits, validation keeps its image: what it measures stays comparable, and
 * training has others. Of crops the largest stays.
 */
export function extraCopies({ images }: DuplicateGroup, collection: ImageCollection): string[] {
  const entries = images.map((name) => collection.images[collection.indexOf(name)]!);
  const held = entries.filter(({ split }) => split === 'validation');
  const stays = (held.length > 0 ? held : entries).reduce((best, entry) =>
    entry.width * entry.height > best.width * best.height ? entry : best,
  );
  return images.filter((name) => name !== stays.name);
}

export interface RankedKind {
  problem: RankedProblem;
  /** The number that it was ranked by. */
  measure: MeasureKey;
  /** The worst first. */
  images: { name: string; value: number }[];
}

const measures: Record<RankedProblem, MeasureKey> = {
  flat: 'flatness',
  blurred: 'sharpness',
  noisy: 'noise',
  blocky: 'blockiness',
};

/** Kinds of problems that images of the data set have. */
export function rankedProblems(
  { problems }: Pick<DatasetAnalysis, 'problems'>,
  collection: ImageCollection,
): RankedKind[] {
  const kinds: RankedProblem[] = ['flat', 'blurred', 'noisy', 'blocky'];
  return kinds
    .map((problem) => ({
      problem,
      measure: measures[problem],
      images: problems
        .filter((entry) => entry.problem === problem && collection.indexOf(entry.name) !== -1)
        .map(({ name, value }) => ({ name, value })),
    }))
    .filter(({ images }) => images.length > 0);
}
