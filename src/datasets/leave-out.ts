/** Taking images out of a data set by hand, and putting them back. The recipe remembers it; the sources are not touched. */
import { resolve } from 'node:path';
import { readDataset } from '../folders/dataset-folder';
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
    async (recipe) => {
      const { images } = await readDataset(path);
      const leftOut = undo ? putBack(recipe.leftOut, images, names) : takeOut(recipe.leftOut, images, names);
      return { ...recipe, leftOut };
    },
    { ...options, trust: true },
  );
}

function takeOut(
  before: readonly LeftOutByHand[],
  images: readonly DatasetImage[],
  names: readonly string[],
): LeftOutByHand[] {
  const meant = new Map<string, LeftOutByHand[]>();
  const addMeaning = (name: string, one: LeftOutByHand): void => {
    meant.set(name, [...(meant.get(name) ?? []), one]);
  };
  for (const { name, root, source, crop } of images) {
    const whole = { root, source };
    if (crop === undefined) addMeaning(name, whole);
    else addMeaning(name, { ...whole, crop });
    if (crop?.left === 0 && crop.top === 0) addMeaning(wholeImageName(name), whole);
  }
  // A name goes before a source that is spelled alike.
  const bySource = new Map<string, Map<number, LeftOutByHand>>();
  for (const { root, source } of images) {
    const roots = bySource.get(source) ?? new Map<number, LeftOutByHand>();
    bySource.set(source, roots.set(root, { root, source }));
  }
  const added = names.flatMap((name) => {
    const found = meant.get(name) ?? [...(bySource.get(name)?.values() ?? [])];
    if (found.length === 0 && !before.some((each) => isNamed(each, name))) throw unknown(name);
    return found;
  });
  return tidied([...before, ...added]);
}

function putBack(
  before: readonly LeftOutByHand[],
  images: readonly DatasetImage[],
  names: readonly string[],
): LeftOutByHand[] {
  if (names.length === 0) return [];
  const spellings = new Map(before.map((each) => [each, spellingsOf(each, before, images)]));
  for (const name of names) if (![...spellings.values()].some((each) => each.has(name))) throw unknown(name);
  return before.filter((each) => !names.some((name) => spellings.get(each)!.has(name)));
}

/** What a left-out image can be called: by its source, and a sub-image by its place in it or by the name that it had, too. */
function spellingsOf(
  { root, source, crop }: LeftOutByHand,
  before: readonly LeftOutByHand[],
  images: readonly DatasetImage[],
): Set<string> {
  const spellings = new Set([source, safeName(source)]);
  if (crop === undefined) return spellings;
  spellings.add(placeSpelling(source, crop));
  const isSibling = (each: LeftOutByHand): boolean => each.root === root && each.source === source;
  const siblings = images.filter(isSibling).map(({ name }) => name);
  const whole = siblings[0] === undefined ? safeName(source) : wholeImageName(siblings[0]);
  spellings.add(whole);
  // Sub-images are numbered in the order of their places: those that are out have the numbers that are missing.
  const out = before.filter((each) => each.crop !== undefined && isSibling(each));
  const missing = Array.from({ length: siblings.length + out.length }, (_, index) =>
    subImageName(whole, index),
  ).filter((name) => !siblings.includes(name));
  const rank = out.filter((each) => isBefore(each.crop!, crop)).length;
  return spellings.add(missing[rank] ?? source);
}

function isBefore(a: CropPlace, b: CropPlace): boolean {
  return a.top < b.top || (a.top === b.top && a.left < b.left);
}

function isNamed({ source }: LeftOutByHand, name: string): boolean {
  return source === name || safeName(source) === name;
}

/** Each once, in the order of the sources; a source that is left out whole stands for its sub-images. */
function tidied(all: readonly LeftOutByHand[]): LeftOutByHand[] {
  const keyOf = ({ root, source }: LeftOutByHand): string => `${root}/${source}`;
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
