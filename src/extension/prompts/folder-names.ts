/** Names for new folders: valid on every system, and not taken. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const MAX_LENGTH = 100;
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;
/** Characters that some file system refuses; control characters among them. */
// eslint-disable-next-line no-control-regex -- these are the characters that must be found
const refused = /[<>:"/\\|?*\u0000-\u001f]/;

/** What is wrong with a folder name, in words; undefined for a good one. */
export function problemWithName(name: string): string | undefined {
  if (name.trim() === '') return 'Give it a name.';
  if (name !== name.trim()) return 'A name may not begin or end with a space.';
  if (name.length > MAX_LENGTH) return `A name may have at most ${MAX_LENGTH} characters.`;
  const character = refused.exec(name)?.[0];
  if (character !== undefined)
    return `A folder name may not contain ${character < ' ' ? 'control characters' : character}.`;
  if (name.startsWith('.')) return 'A folder whose name begins with a dot is hidden, and would not be found.';
  if (name.endsWith('.')) return 'A folder name may not end with a dot.';
  if (reserved.test(name)) return `${name} is reserved on Windows.`;
  return undefined;
}

/** As `problemWithName`, and the name may not be taken in `parent`. */
export function problemWithNewFolder(parent: string, name: string): string | undefined {
  return (
    problemWithName(name) ??
    (existsSync(join(parent, name)) ? `${join(parent, name)} exists already.` : undefined)
  );
}

/** A good folder name made of any text. */
export function nameFrom(text: string): string {
  const cleaned = text
    .replace(new RegExp(refused, 'g'), '-')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .slice(0, MAX_LENGTH - 8)
    .trim();
  return problemWithName(cleaned) === undefined ? cleaned : 'unnamed';
}

/** `base`, or `base-2`, `base-3` …: the first that is not taken in `parent`. */
export function uniqueName(parent: string, base: string): string {
  let name = base;
  for (let number = 2; existsSync(join(parent, name)); number++) name = `${base}-${number}`;
  return name;
}
