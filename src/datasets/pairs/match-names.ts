/**
 * Which LR image belongs to which HR image, told from their paths: `0801.png` and `X4/0801x4.png`, `img_LR.png` and `img_HR.png`,
 * the same name in two folders. What only tells the role or the scale of an image is taken off; what is left must be equal,
 * and belong to one image of each kind.
 */

export interface NameRules {
  /** What HR and LR names end with, before the extension; without it the usual endings are known. */
  hrSuffix?: string | undefined;
  lrSuffix?: string | undefined;
  /** Images and folders whose names tell another scale are passed over. */
  scale?: number | undefined;
}

export interface MatchedNames {
  /** Indices into the lists that were given. */
  pairs: { hr: number; lr: number }[];
  /** Why an image has no counterpart. */
  unmatchedHr: { index: number; reason: string }[];
  unmatchedLr: { index: number; reason: string }[];
}

const ROLE = 'hr|lr|gt|hq|lq|bicubic|bi|bd|unknown|mild|difficult|wild|srf[_-]?[2348]|x[2348]|[2348]x';
/** At the end of a name: `_LR`, `x4`, `-HR`, `_SRF_4`. A word needs something before it, a scale does not: `0801x4`. */
const nameEnding = new RegExp(`(?:[._ -](?:${ROLE})|(?<=[^a-z])x[2348]|(?<=.)x[2348])$`, 'i');
/** The whole name of a folder: `HR`, `X4`, `LR_bicubic`, `DIV2K_train_LR_bicubic`. */
const roleFolder = new RegExp(
  `^(?:.*[._ -])?(?:${ROLE}|hires|lores|high|low|original|target|input)(?:[._ -](?:${ROLE}))*$`,
  'i',
);
const scaleInName = /(?:srf[_-]?|x)([2348])(?=$|[._ -])/gi;
const lrEnding = /[._ -](?:lr|lq|bicubic)(?=$|[._ -])|x[2348](?=$|[._ -])/i;
const hrEnding = /[._ -](?:hr|gt|hq)(?=$|[._ -])/i;

/** Matches paths, relative to their roots, with `/` between their parts. */
export function matchNames(
  hr: readonly string[],
  lr: readonly string[],
  rules: NameRules = {},
): MatchedNames {
  const usable = (paths: readonly string[], suffix: string | undefined): { index: number; key: string }[] =>
    paths.flatMap((path, index) => {
      if (suffix !== undefined && !stemOf(path).endsWith(suffix)) return [];
      if (rules.scale !== undefined && tellsOtherScale(path, rules.scale)) return [];
      return [{ index, key: keyOf(path, suffix) }];
    });
  const result: MatchedNames = { pairs: [], unmatchedHr: [], unmatchedLr: [] };
  const hrKeys = grouped(usable(hr, rules.hrSuffix));
  const lrKeys = grouped(usable(lr, rules.lrSuffix));
  for (const [key, indices] of hrKeys) {
    const others = lrKeys.get(key) ?? [];
    const [only, ...more] = narrowed(indices[0]!, others, hr, lr);
    if (indices.length === 1 && only !== undefined && more.length === 0) {
      result.pairs.push({ hr: indices[0]!, lr: only });
      continue;
    }
    const reason =
      others.length === 0
        ? 'No LR image has its name.'
        : `Several images have its name: ${[...indices.map((index) => hr[index]!), ...others.map((index) => lr[index]!)].join(', ')}. ` +
          'Say which by a suffix or the scale.';
    for (const index of indices) result.unmatchedHr.push({ index, reason });
  }
  const used = new Set(result.pairs.map((pair) => pair.lr));
  for (const [key, indices] of lrKeys) {
    const reason = hrKeys.has(key) ? 'Several images have its name.' : 'No HR image has its name.';
    for (const index of indices) if (!used.has(index)) result.unmatchedLr.push({ index, reason });
  }
  result.pairs.sort((a, b) => a.hr - b.hr);
  return result;
}

/** For one folder that holds both kinds: the images that their names say are HR, and LR. */
export function divideByRole(paths: readonly string[]): { hr: number[]; lr: number[] } {
  const isLr = (path: string): boolean => {
    const stem = stemOf(path);
    if (hrEnding.test(stem)) return false;
    if (lrEnding.test(stem)) return true;
    const folders = foldersOf(path);
    return folders.some((folder) => /(?:^|[._ -])(?:lr|lq|x[2348])(?:$|[._ -])/i.test(folder));
  };
  const indices = [...paths.keys()];
  return { hr: indices.filter((at) => !isLr(paths[at]!)), lr: indices.filter((at) => isLr(paths[at]!)) };
}

/** The scale that a path tells, if it tells one. */
export function scaleInPath(path: string): number | undefined {
  const told = scalesOf(path);
  return told.size === 1 ? [...told][0] : undefined;
}

function tellsOtherScale(path: string, scale: number): boolean {
  const told = scalesOf(path);
  return told.size > 0 && !told.has(scale);
}

function scalesOf(path: string): Set<number> {
  const parts = [...foldersOf(path), stemOf(path)];
  return new Set(parts.flatMap((part) => [...part.matchAll(scaleInName)].map((match) => Number(match[1]))));
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}

function foldersOf(path: string): string[] {
  return path.split('/').slice(0, -1);
}

/** What is left of a path without its roles: folders and name, lower case. */
function keyOf(path: string, suffix: string | undefined): string {
  let stem = stemOf(path);
  if (suffix !== undefined) stem = stem.slice(0, stem.length - suffix.length);
  else {
    for (let shorter = ''; shorter !== stem;) {
      shorter = stem;
      const without = stem.replace(nameEnding, '');
      if (without !== '') stem = without;
    }
  }
  const folders = foldersOf(path).filter((folder) => !roleFolder.test(folder));
  return [...folders, stem].join('/').normalize('NFC').toLowerCase();
}

function grouped(images: readonly { index: number; key: string }[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const { index, key } of images) groups.set(key, [...(groups.get(key) ?? []), index]);
  return groups;
}

/** Of several LR images the one whose path is the same but for the extension. */
function narrowed(
  image: number,
  others: readonly number[],
  hr: readonly string[],
  lr: readonly string[],
): readonly number[] {
  if (others.length < 2) return others;
  const plain = (path: string): string => path.replace(/\.[^.]*$/, '').toLowerCase();
  const same = others.filter((other) => plain(lr[other]!) === plain(hr[image]!));
  return same.length === 1 ? same : others;
}
