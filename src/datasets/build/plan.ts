/** What a data set shall be made from: the sources that its recipe finds, each with the name that its images get. */
import { join } from 'node:path';
import { isWithin } from '../../folders/is-within';
import type { CropPlace, DatasetRecipe, Omission } from '../../protocol/dataset-file';
import { uniqueNames } from '../names';
import { matchPairs } from '../pairs/match-pairs';
import type { LrSource } from '../pairs/adopt-pair';
import { scanFolders, type Candidate } from '../scan';
import { requireHeldOut } from '../split';

/** A source that images are to be made from. */
export interface Wanted extends Candidate {
  name: string;
  /** Its sub-images that a person took out. */
  without: readonly CropPlace[];
  /** Its LR image, where these are taken over. */
  lr?: LrSource;
}

export interface Plan {
  wanted: Wanted[];
  /** What cannot be used, as far as it can be told without reading it. */
  omitted: Omission[];
  /** For messages where there is nothing to use. */
  otherFiles: number;
  unwantedImages: number;
  /** How many sources a person took out. */
  leftOut: number;
}

/**
 * Scans the sources. Names depend on all files that are found, also on those that a person took out, so that leaving one
 * out renames no other. What lies in the data set's own folder is no source. Throws a `LabError` where the recipe names
 * sources for validation and none of them is there.
 */
export async function makePlan(folder: string, recipe: DatasetRecipe, signal?: AbortSignal): Promise<Plan> {
  const scan = await scanFolders(recipe.roots, recipe, signal);
  const isOurs = ({ root, source }: { root: number; source: string }): boolean =>
    isWithin(folder, join(recipe.roots[root] ?? '', source));
  const found = scan.candidates.filter((candidate) => !isOurs(candidate));
  const matched = recipe.adopted && (await matchPairs(found, recipe, recipe.adopted, signal));
  const candidates: (Candidate & { lr?: LrSource })[] = matched?.candidates ?? found;
  const names = uniqueNames(candidates.map(({ source }) => source));
  const byHand = new Map<string, CropPlace[] | 'all'>();
  for (const { root, source, crop } of recipe.leftOut) {
    const key = `${root}/${source}`;
    const before = byHand.get(key) ?? [];
    byHand.set(key, crop === undefined || before === 'all' ? 'all' : [...before, crop]);
  }
  const wanted = candidates.flatMap((candidate, index): Wanted[] => {
    const without = byHand.get(`${candidate.root}/${candidate.source}`) ?? [];
    return without === 'all' ? [] : [{ ...candidate, name: names[index]!, without }];
  });
  requireHeldOut(
    wanted.map(({ source }) => source),
    recipe.validation,
  );
  return {
    wanted,
    omitted: [...scan.omitted.filter((omission) => !isOurs(omission)), ...(matched?.omitted ?? [])],
    otherFiles: scan.otherFiles,
    unwantedImages: scan.unwantedImages,
    leftOut: candidates.length - wanted.length,
  };
}
