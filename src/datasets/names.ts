/**
 * Names of images in a data set: unique, readable, and safe as file names on every system and in every shell.
 * A name comes from the path alone (folders joined by `-`), so that it stays when other images come or go; only of two
 * paths that would share a name the later one gets a number.
 */
import { hashOf } from './hash';

/** In characters; file systems take 255 bytes, and UTF-8 needs up to four for one. */
const LONGEST = 60;

/** Names that Windows keeps for devices, with any extension. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i;

/** One name for each path, in order. Paths are relative, with `/` between their parts. */
export function uniqueNames(sources: Iterable<string>): string[] {
  const taken = new Set<string>();
  return Array.from(sources, (source) => {
    const base = safeName(source);
    let name = base;
    for (let number = 2; taken.has(folded(name)); number++) name = `${base}-${number}`;
    taken.add(folded(name));
    return name;
  });
}

/** A safe name for one path, without its extension. */
export function safeName(source: string): string {
  const readable = source
    .replace(/\.[^./]*$/, '')
    .normalize('NFC')
    // What is no letter, mark or digit of some script, nor one of these three, means something to some system.
    .replace(/[^\p{L}\p{M}\p{N}_+-]+/gu, '-')
    .replace(/^[-+]+|[-+]+$/g, '');
  if (readable === '') return `image-${fingerprint(source)}`;
  if (reserved.test(readable)) return `${readable}-image`;
  const characters = Array.from(readable);
  if (characters.length <= LONGEST) return readable;
  // The end tells more than the beginning, which is folders.
  return `${characters
    .slice(-LONGEST)
    .join('')
    .replace(/^[-+]+/, '')}-${fingerprint(source)}`;
}

/** Windows and macOS do not tell upper from lower case. */
function folded(name: string): string {
  return name.toLowerCase().normalize('NFC');
}

function fingerprint(source: string): string {
  return hashOf(source).slice(0, 6);
}
