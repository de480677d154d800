/**
 * Which images are held out for validation, by the rule of the recipe and whatever the order in which they were found. All
 * sub-images of a file are in one split.
 */
import { LabError } from '../folders/lab-error';
import type { SplitName, ValidationRule } from '../protocol/dataset-file';
import { hashOf } from './hash';
import { compileFilter } from './source-filter';

export interface SplitOptions {
  /** Share of the images held out, in [0, 1). */
  share: number;
  seed: number;
}

/**
 * One split for each image, given the hashes of their files. Images are ranked by a hash of seed and content, and the
 * first ones are held out: `share` of them, rounded, but at least one if the share is above 0, and never all. Files of
 * equal content are all on one side, or scores would be of images that are trained on; the share is then met as nearly as
 * they allow.
 */
export function splitByContent(hashes: Iterable<string>, { share, seed }: SplitOptions): SplitName[] {
  const { count, ranks } = rank(hashes, seed);
  const compareRanks = (a: number, b: number): number =>
    // Nearly always the first bytes decide.
    ranks.readUInt32BE(a * RANK_BYTES) - ranks.readUInt32BE(b * RANK_BYTES) ||
    rankAt(ranks, a).compare(rankAt(ranks, b));
  const order = Uint32Array.from({ length: count }, (_, index) => index).sort(compareRanks);
  const wanted = share > 0 ? Math.max(1, Math.round(share * count)) : 0;
  const most = Math.min(wanted, count - 1);
  const splits = new Array<SplitName>(count).fill('train');
  let held = 0;
  for (let first = 0, end = 0; first < count; first = end) {
    // Files of equal content have equal ranks.
    while (end < count && compareRanks(order[first]!, order[end]!) === 0) end++;
    if (held + end - first > most) continue;
    for (const index of order.subarray(first, end)) splits[index] = 'validation';
    held += end - first;
  }
  return splits;
}

const RANK_BYTES = 32;

/** The rank of each image, as bytes that are compared, one after the other: there may be a million of them. */
function rank(hashes: Iterable<string>, seed: number): { count: number; ranks: Buffer } {
  let ranks = Buffer.alloc(1024 * RANK_BYTES);
  let count = 0;
  for (const hash of hashes) {
    const at = RANK_BYTES * count++;
    if (at === ranks.length) ranks = Buffer.concat([ranks], 2 * at);
    ranks.write(hashOf(`${seed}:${hash}`), at, 'hex');
  }
  return { count, ranks };
}

function rankAt(ranks: Buffer, index: number): Buffer {
  return ranks.subarray(index * RANK_BYTES, (index + 1) * RANK_BYTES);
}

export interface SplitSource {
  /** Relative to its root, with `/` between its parts. */
  source: string;
  sha256: string;
}

/** One split for each source. */
export function splitSources(sources: Iterable<SplitSource>, rule: ValidationRule): SplitName[] {
  if (rule.by === 'image') return splitByContent(hashesOf(sources), rule);
  const isHeldOut = compileNames(rule);
  return Array.from(sources, ({ source }) => (isHeldOut(source) ? 'validation' : 'train'));
}

function* hashesOf(sources: Iterable<SplitSource>): Generator<string> {
  for (const { sha256 } of sources) yield sha256;
}

/**
 * What a rule names that no source is or lies in: folders or files, as they are written there. Throws a `LabError` if that is all of
 * them.
 */
export function unmatchedNames(sources: readonly string[], rule: ValidationRule): string[] {
  if (rule.by === 'image' || sources.length === 0) return [];
  const [what, names] = rule.by === 'folder' ? ['folders', rule.folders] : ['files', rule.sources];
  const unmatched = rule.by === 'folder' ? foldersWithout(sources, names) : filesWithout(sources, names);
  if (unmatched.length < names.length) return unmatched;
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  throw new LabError(
    `The ${what} that are to be held out for validation (${shown}) are not among the sources. ` +
      `Name them as they lie below the folder of images: ${sources[0]!}, for example, is a file there.`,
  );
}

function foldersWithout(sources: readonly string[], folders: readonly string[]): string[] {
  return folders.filter((folder) => !sources.some(compileNames({ by: 'folder', folders: [folder] })));
}

function filesWithout(sources: readonly string[], names: readonly string[]): string[] {
  const there = new Set(sources.map((source) => source.normalize('NFC')));
  return names.filter((name) => !there.has(name.normalize('NFC')));
}

/** Whether a source is one of those that a rule names. */
function compileNames(rule: Exclude<ValidationRule, { by: 'image' }>): (source: string) => boolean {
  if (rule.by === 'folder') {
    const filter = compileFilter({ include: rule.folders });
    return (source) => foldersAbove(source).some((folder) => filter.takesFile(folder));
  }
  const held = new Set(rule.sources.map((source) => source.normalize('NFC')));
  return (source) => held.has(source.normalize('NFC'));
}

/** `a/b/c.png` lies in `a` and in `a/b`. */
function foldersAbove(source: string): string[] {
  const parts = source.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
