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
export function splitByContent(hashes: readonly string[], { share, seed }: SplitOptions): SplitName[] {
  const wanted = share > 0 ? Math.max(1, Math.round(share * hashes.length)) : 0;
  const most = Math.min(wanted, hashes.length - 1);
  const copies = new Map<string, number>();
  for (const hash of hashes) copies.set(hash, (copies.get(hash) ?? 0) + 1);
  const ranked = [...copies]
    .map(([hash, count]) => ({ hash, count, rank: hashOf(`${seed}:${hash}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const validation = new Set<string>();
  let held = 0;
  for (const { hash, count } of ranked) {
    if (held + count > most) continue;
    validation.add(hash);
    held += count;
  }
  return hashes.map((hash) => (validation.has(hash) ? 'validation' : 'train'));
}

export interface SplitSource {
  /** Relative to its root, with `/` between its parts. */
  source: string;
  sha256: string;
}

/** One split for each source. */
export function splitSources(sources: readonly SplitSource[], rule: ValidationRule): SplitName[] {
  if (rule.by === 'image') {
    return splitByContent(
      sources.map(({ sha256 }) => sha256),
      rule,
    );
  }
  const isHeldOut = compileNames(rule);
  return sources.map(({ source }) => (isHeldOut(source) ? 'validation' : 'train'));
}

/** Throws a `LabError` if the rule names folders or files and none of the sources is among them. */
export function requireHeldOut(sources: readonly string[], rule: ValidationRule): void {
  if (rule.by === 'image' || sources.length === 0 || sources.some(compileNames(rule))) return;
  const [what, names] = rule.by === 'folder' ? ['folders', rule.folders] : ['files', rule.sources];
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  throw new LabError(
    `The ${what} that are to be held out for validation (${shown}) are not among the sources. ` +
      `Name them as they lie below the folder of images: ${sources[0]!}, for example, is a file there.`,
  );
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
