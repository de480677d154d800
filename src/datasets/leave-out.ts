/** Taking images out of a data set by hand, and putting them back. The recipe remembers it; the sources are not touched. */
import { resolve } from 'node:path';
import { readEntries } from '../folders/dataset-folder';
import { LabError } from '../folders/lab-error';
import {
  placeSpelling,
  type CropPlace,
  type DatasetImage,
  type LeftOutByHand,
} from '../protocol/dataset-file';
import type { BuildOptions } from './build/build';
import { changeDataset, type DatasetResult } from './create';
import { safeName } from './names';
import { compareNaturally } from './scan';
import { subImageName, wholeImageName } from './sub-images';

/**
 * Takes out the images of these names, or all images of these sources; with `undo` puts them back, all where none is named.
 * Other images are not read. Throws a `LabError` if the data set is not complete, or does not know one of them.
 */
export async function leaveOut(
  folder: string,
  names: readonly string[],
  { undo }: { undo: boolean },
  options: Omit<BuildOptions, 'trust'> = {},
): Promise<DatasetResult> {
  if (names.length === 0 && !undo)
    throw new LabError('Name the images to leave out, as the data set names them or by their source.');
  const path = resolve(folder);
  return changeDataset(
    path,
    async (recipe) => ({
      ...recipe,
      leftOut: await (undo ? putBack : takeOut)(path, recipe.leftOut, names),
    }),
    { ...options, trust: true },
  );
}

async function takeOut(
  folder: string,
  before: readonly LeftOutByHand[],
  names: readonly string[],
): Promise<LeftOutByHand[]> {
  const wanted = new Set(names);
  const byName = new Map<string, LeftOutByHand[]>();
  const bySource = new Map<string, Map<number, LeftOutByHand>>();
  for await (const { name, root, source, crop } of imagesOf(folder)) {
    const whole = { root, source };
    const addMeaning = (spelling: string, one: LeftOutByHand): void => {
      if (wanted.has(spelling)) byName.set(spelling, [...(byName.get(spelling) ?? []), one]);
    };
    addMeaning(name, crop === undefined ? whole : { ...whole, crop });
    if (crop?.left === 0 && crop.top === 0) addMeaning(wholeImageName(name), whole);
    if (!wanted.has(source)) continue;
    const roots = bySource.get(source) ?? new Map<number, LeftOutByHand>();
    bySource.set(source, roots.set(root, whole));
  }
  const out = new Set((await leftOutByName(folder, before)).keys());
  const added = names.flatMap((name) => {
    // A name goes before a source that is spelled alike.
    const found = byName.get(name) ?? [...(bySource.get(name)?.values() ?? [])];
    if (found.length === 0 && !out.has(name)) throw unknown(name);
    return found;
  });
  return tidied([...before, ...added]);
}

async function putBack(
  folder: string,
  before: readonly LeftOutByHand[],
  names: readonly string[],
): Promise<LeftOutByHand[]> {
  if (names.length === 0) return [];
  const byName = await leftOutByName(folder, before);
  const back = new Set<LeftOutByHand>();
  for (const name of names) {
    const found = byName.get(name);
    if (found === undefined) throw unknown(name);
    for (const each of found) back.add(each);
  }
  return before.filter((each) => !back.has(each));
}

/** What is left out, by everything that it can be called. */
async function leftOutByName(
  folder: string,
  before: readonly LeftOutByHand[],
): Promise<Map<string, LeftOutByHand[]>> {
  const families = new Map<string, Family>(before.map((each) => [keyOf(each), { names: [], out: [] }]));
  for (const { root, source, crop } of before)
    if (crop !== undefined) families.get(keyOf({ root, source }))!.out.push(crop);
  if (families.size > 0)
    for await (const image of imagesOf(folder)) families.get(keyOf(image))?.names.push(image.name);
  const byName = new Map<string, LeftOutByHand[]>();
  for (const each of before) {
    for (const spelling of spellingsOf(each, families.get(keyOf(each))!)) {
      const others = byName.get(spelling);
      if (others === undefined) byName.set(spelling, [each]);
      else others.push(each);
    }
  }
  return byName;
}

/** One at a time, so that memory does not grow with the collection. */
async function* imagesOf(folder: string): AsyncGenerator<DatasetImage> {
  for await (const entries of readEntries(folder))
    for (const entry of entries) if (entry.kind === 'image') yield entry;
}

/** The sub-images of a source. */
interface Family {
  /** Of those that the data set holds. */
  names: string[];
  /** Of those that are left out. */
  out: CropPlace[];
}

/** What a left-out image can be called: by its source, and a sub-image by its place in it or by the name that it had, too. */
function spellingsOf({ source, crop }: LeftOutByHand, { names, out }: Family): Set<string> {
  const spellings = new Set([source, safeName(source)]);
  if (crop === undefined) return spellings;
  spellings.add(placeSpelling(source, crop));
  const whole = names[0] === undefined ? safeName(source) : wholeImageName(names[0]);
  spellings.add(whole);
  const held = new Set(names);
  // Sub-images are numbered in the order of their places: those that are out have the numbers that are missing.
  const missing = Array.from({ length: names.length + out.length }, (_, index) =>
    subImageName(whole, index),
  ).filter((name) => !held.has(name));
  const rank = out.filter((place) => isBefore(place, crop)).length;
  return spellings.add(missing[rank] ?? source);
}

function isBefore(a: CropPlace, b: CropPlace): boolean {
  return a.top < b.top || (a.top === b.top && a.left < b.left);
}

function keyOf({ root, source }: Pick<LeftOutByHand, 'root' | 'source'>): string {
  return `${root}/${source}`;
}

/** Each once, in the order of the sources; a source that is left out whole stands for its sub-images. */
function tidied(all: readonly LeftOutByHand[]): LeftOutByHand[] {
  const whole = new Set(all.filter(({ crop }) => crop === undefined).map(keyOf));
  const wanted = all.filter((each) => each.crop === undefined || !whole.has(keyOf(each)));
  const once = new Map(wanted.map((each) => [`${keyOf(each)} ${JSON.stringify(each.crop)}`, each]));
  return [...once.values()].sort(
    (a, b) =>
      a.root - b.root ||
      compareNaturally(a.source, b.source) ||
      (a.crop?.top ?? 0) - (b.crop?.top ?? 0) ||
      (a.crop?.left ?? 0) - (b.crop?.left ?? 0),
  );
}

function unknown(name: string): LabError {
  return new LabError(
    `The data set knows no image and no source ${name}. Names are those of its files in hr, without .png; ` +
      'sources are paths below their folder.',
  );
}
