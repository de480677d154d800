/** Finds the LR image of each HR image that was found, by the rules of match-names.ts. */
import { join, relative, sep } from 'node:path';
import type { Adoption, DatasetRecipe, Omission } from '../../protocol/dataset-file';
import { scanFolders, type Candidate } from '../scan';
import type { LrSource } from './adopt-pair';
import { divideByRole, matchNames, type NameRules } from './match-names';

export interface MatchedPairs {
  /** HR images with their LR images, in the order of the HR images. */
  candidates: (Candidate & { lr: LrSource })[];
  /** Images of either kind without a counterpart, told from the HR roots. */
  omitted: Omission[];
}

/** Matches HR images with what lies in the folders of LR images. One folder may hold both. */
export async function matchPairs(
  hr: readonly Candidate[],
  { roots, exclude, scale }: Pick<DatasetRecipe, 'roots' | 'exclude' | 'scale'>,
  { lrRoots, hrSuffix, lrSuffix }: Adoption,
  signal?: AbortSignal,
): Promise<MatchedPairs> {
  const scan = await scanFolders(lrRoots, { exclude }, signal);
  const divided = divide(hr, scan.candidates, { hrSuffix, lrSuffix });
  const { pairs, unmatchedHr, unmatchedLr } = matchNames(
    divided.hr.map(({ source }) => source),
    divided.lr.map(({ source }) => source),
    { hrSuffix, lrSuffix, scale },
  );
  return {
    candidates: pairs.map((pair) => {
      const { root, source, path } = divided.hr[pair.hr]!;
      const lr = divided.lr[pair.lr]!;
      return { root, source, path, lr: { root: lr.root, source: lr.source, path: lr.path } };
    }),
    omitted: [
      ...unmatchedHr.map(({ index, reason }): Omission => {
        const { root, source } = divided.hr[index]!;
        return { kind: 'omitted', root, source, reason };
      }),
      ...unmatchedLr.map(({ index, reason }): Omission => {
        const source = relative(roots[0]!, divided.lr[index]!.path).split(sep).join('/');
        return { kind: 'omitted', root: 0, source, reason };
      }),
      ...scan.omitted.map(({ root, source, reason }): Omission => {
        const path = relative(roots[0]!, join(lrRoots[root]!, source));
        return { kind: 'omitted', root: 0, source: path.split(sep).join('/'), reason };
      }),
    ],
  };
}

/** Files that were found as HR and as LR are one of the two by their names. */
function divide(
  hr: readonly Candidate[],
  lr: readonly Candidate[],
  { hrSuffix, lrSuffix }: NameRules,
): { hr: Candidate[]; lr: Candidate[] } {
  const lrPaths = new Set(lr.map(({ path }) => path));
  const both = hr.filter(({ path }) => lrPaths.has(path));
  if (both.length === 0) return { hr: [...hr], lr: [...lr] };
  const roles = divideByRole(both.map(({ source }) => source));
  const isLr = new Set(roles.lr.map((index) => both[index]!.path));
  const isHr = new Set(roles.hr.map((index) => both[index]!.path));
  return {
    // With a suffix of their own the names say it themselves.
    hr: hr.filter(({ path }) => hrSuffix !== undefined || !isLr.has(path)),
    lr: lr.filter(({ path }) => lrSuffix !== undefined || !isHr.has(path)),
  };
}
