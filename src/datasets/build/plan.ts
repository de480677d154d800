/** What a data set shall be made from: the sources that its recipe finds, each with the name that its images get. */
import { join } from 'node:path';
import { isWithin } from '../../folders/is-within';
import type { CropPlace, DatasetRecipe, Omission } from '../../protocol/dataset-file';
import { uniqueNames } from '../names';
import { matchPairs } from '../pairs/match-pairs';
import type { LrSource } from '../pairs/adopt-pair';
import { scanFolders, type Candidate } from '../scan';
import { unmatchedNames } from '../split';

const nothing: readonly CropPlace[] = [];

/** A source that images are to be made from. Where it lies is asked of the scan, which holds the paths of folders once. */
export class Wanted implements Candidate {
  constructor(
    private readonly candidate: Candidate & { lr?: LrSource },
    readonly name: string,
    /** Its sub-images that a person took out. */
    readonly without: readonly CropPlace[] = nothing,
  ) {}

  get root(): number {
    return this.candidate.root;
  }

  get source(): string {
    return this.candidate.source;
  }

  get path(): string {
    return this.candidate.path;
  }

  /** Its LR image, where these are taken over. */
  get lr(): LrSource | undefined {
    return this.candidate.lr;
  }
}

export interface Plan {
  wanted: Wanted[];
  /** Folders or files that the recipe names for validation, and in which no source lies. */
  unmatched: string[];
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
  const names = uniqueNames(sourcesOf(candidates));
  const byHand = new Map<string, CropPlace[] | 'all'>();
  for (const { root, source, crop } of recipe.leftOut) {
    const key = `${root}/${source}`;
    const before = byHand.get(key) ?? [];
    byHand.set(key, crop === undefined || before === 'all' ? 'all' : [...before, crop]);
  }
  const wanted = candidates.flatMap((candidate, index): Wanted[] => {
    const without = byHand.size === 0 ? undefined : byHand.get(`${candidate.root}/${candidate.source}`);
    return without === 'all' ? [] : [new Wanted(candidate, names[index]!, without)];
  });
  return {
    wanted,
    unmatched: unmatchedNames([...sourcesOf(wanted)], recipe.validation),
    omitted: [...scan.omitted.filter((omission) => !isOurs(omission)), ...(matched?.omitted ?? [])],
    otherFiles: scan.otherFiles,
    unwantedImages: scan.unwantedImages,
    leftOut: candidates.length - wanted.length,
  };
}

function* sourcesOf(candidates: readonly Candidate[]): Generator<string> {
  for (const { source } of candidates) yield source;
}
