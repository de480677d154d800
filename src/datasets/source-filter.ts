/**
 * Which files under a root are taken: globs on the path relative to the root, with `/` between its parts on every system.
 * As in `.gitignore`, a pattern without a slash is a name in any folder, and one without wildcards stands for a folder
 * with all that is in it. Wildcards are `*`, `**`, `?`, `[abc]` and `{a,b}`. Upper and lower case are not told apart, so
 * that `*.jpg` takes `IMG_1.JPG` and every system finds the same files.
 */
import picomatch from 'picomatch';
import { LabError } from '../folders/lab-error';

export interface SourcePatterns {
  /** A file is taken if one of these fits; default: all files. */
  include?: readonly string[] | undefined;
  /** A file or folder is left out if one of these fits; a folder is then not even read. Default: none. */
  exclude?: readonly string[] | undefined;
}

/** Tells of paths relative to a root whether they are wanted. */
export interface SourceFilter {
  /** Whether a file is taken. */
  takesFile(source: string): boolean;
  /** Whether there may be wanted files in a folder. */
  entersFolder(source: string): boolean;
}

/** Throws a `LabError` for a pattern that cannot mean anything here. */
export function compileFilter({ include = ['**'], exclude = [] }: SourcePatterns): SourceFilter {
  const included = include.map(writeOut);
  const includes = matchAny(included);
  const excludes = matchAny(exclude.map(writeOut));
  const beginnings = included.map(fixedPart);
  return {
    takesFile: (source) => includes(source) && !excludes(source),
    entersFolder: (source) =>
      !excludes(source) && beginnings.some((beginning) => areNested(beginning, folded(source))),
  };
}

function matchAny(patterns: readonly string[]): (source: string) => boolean {
  if (patterns.length === 0) return () => false;
  // `s`: a name may hold a line break, which `**` must pass over.
  const matches = picomatch([...patterns], { flags: 'is', dot: true, windows: false });
  return (source) => matches(source.normalize('NFC'));
}

/** The pattern relative to the root, with its short forms written out. */
function writeOut(pattern: string): string {
  const bare = pattern.trim().replace(/^\.\//, '').replace(/\/+$/, '').normalize('NFC');
  if (bare === '') throw new LabError('A pattern for files is empty. Use ** for all files.');
  if (bare.startsWith('!')) {
    throw new LabError(
      `The pattern ${pattern} begins with “!”. What shall not be taken is an exclude pattern, without “!”.`,
    );
  }
  if (/^[a-z]:|^~\//i.test(bare) || bare.split('/').includes('..')) {
    throw new LabError(
      `The pattern ${pattern} leads out of the source folder. Patterns are relative to it: holiday/**, *.jpg.`,
    );
  }
  // Names have parentheses more often than patterns have groups.
  const literal = bare.replace(/[()|]/g, '\\$&');
  const anchored = literal.includes('/') ? literal.replace(/^\/+/, '') : `**/${literal}`;
  return picomatch.scan(literal).isGlob ? anchored : `${anchored}/**`;
}

/** The folders that a pattern begins with, before any wildcard; empty where there are none. */
function fixedPart(pattern: string): string {
  return folded(picomatch.scan(pattern, { unescape: true }).base);
}

function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** Whether one folder is the other, or in it. The root is empty. */
function areNested(a: string, b: string): boolean {
  const [outer, inner] = a.length < b.length ? [a, b] : [b, a];
  return outer === '' || inner === outer || inner.startsWith(`${outer}/`);
}
