/**
 * What a folder holds already, by its list and its journal: images that need not be made again if their source and their
 * files still have the hashes that are told of them.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { readEntryLines } from '../../folders/dataset-entries';
import { readEntries } from '../../folders/dataset-folder';
import { streamJournal } from '../../folders/building-journal';
import { hasCode, LabError } from '../../folders/lab-error';
import { IMAGES_FILE, type DatasetEntry, type DatasetFile } from '../../protocol/dataset-file';
import { imagePath } from '../layout';
import type { MadeImage, Part } from '../make-images';
import { isSamePlace, wholeImageName } from '../sub-images';
import { PackedImages } from './packed-images';
import { imageKey } from './recipe';

/** The images that were made of one file. */
export interface KnownSource {
  /** Name of the whole image. */
  name: string;
  sha256: string;
  images: MadeImage[];
  /** Where the file was, in a data set that is complete. */
  path?: string;
}

/** Sources by number, name and content. What is known of each is packed, and unpacked for who asks. */
export class KnownImages {
  private readonly images = new PackedImages();
  private readonly byName = new Map<string, number>();
  /** By the first 48 bits of the hash, in the order they came; made when it is first needed, which is seldom. */
  private byHash: Map<number, number | number[]> | undefined;
  private readonly paths = new Map<number, string>();
  /** Files that a complete data set has left out. */
  readonly omitted = new Set<string>();

  /** Takes over an image; one that is told of later replaces one of the same name. */
  add({ name, images, path }: { name: string; images: MadeImage[]; path?: string | undefined }): void {
    if (images.length === 0) return;
    const number = this.images.add(images);
    this.byName.set(name, number);
    if (path !== undefined) this.paths.set(number, path);
    this.byHash = undefined;
  }

  /** How many names are known. */
  get size(): number {
    return this.byName.size;
  }

  /** The number of the source of this name. */
  numberOf(name: string): number | undefined {
    return this.byName.get(name);
  }

  at(number: number): KnownSource {
    const images = this.images.get(number);
    const { name, crop, sha256 } = images[0]!;
    const path = this.paths.get(number);
    return {
      name: crop === undefined ? name : wholeImageName(name),
      ...{ sha256, images },
      ...(path !== undefined && { path }),
    };
  }

  /** The numbers of the sources of this content. */
  *withHash(sha256: string): Generator<number> {
    this.byHash ??= this.indexByHash();
    const numbers = this.byHash.get(startOf(sha256)) ?? [];
    for (const number of typeof numbers === 'number' ? [numbers] : numbers)
      if (this.at(number).sha256 === sha256) yield number;
  }

  private indexByHash(): Map<number, number | number[]> {
    const index = new Map<number, number | number[]>();
    // In the order of numbers, which is not that of names: one that was replaced comes later.
    for (const number of [...this.byName.values()].sort((a, b) => a - b)) {
      const start = startOf(this.images.get(number)[0]!.sha256);
      const copies = index.get(start);
      if (copies === undefined) index.set(start, number);
      else if (typeof copies === 'number') index.set(start, [copies, number]);
      else copies.push(number);
    }
    return index;
  }
}

function startOf(sha256: string): number {
  return Number.parseInt(sha256.slice(0, 12), 16);
}

/** An image that is there, and the name that it shall have. */
export interface Kept {
  image: MadeImage;
  name: string;
}

export function renamedImage({ image, name }: Kept): MadeImage {
  return { ...image, name };
}

/** The images of a known source that give these parts, or undefined if one of them is not among them. */
export function matchParts(known: KnownSource, parts: readonly Part[]): Kept[] | undefined {
  const kept: Kept[] = [];
  for (const { name, crop } of parts) {
    const image = known.images.find((each) => isSamePlace(each.crop, crop));
    if (image?.measures === undefined) return undefined;
    kept.push({ image, name });
  }
  return kept;
}

/** The HR and LR files of images, one after the other. */
export function filesOf(folder: string, images: readonly MadeImage[]): { path: string; sha256: string }[] {
  return images.flatMap(({ name, hrSha256, lrSha256 }) => [
    { path: imagePath(folder, 'hr', name), sha256: hrSha256 },
    { path: imagePath(folder, 'lr', name), sha256: lrSha256 },
  ]);
}

/**
 * Gathers what is known of images that the recipe of `header` would give. `before` is the header on disk; `withPaths` says
 * whether it is of interest where the sources of a complete data set are.
 */
export async function gatherKnown(
  folder: string,
  before: DatasetFile | undefined,
  { key, withPaths }: { key: string; withPaths: boolean },
): Promise<KnownImages> {
  if (before === undefined) return new KnownImages();
  if (before.contents !== undefined) {
    const isOfRecipe = imageKey(before) === key;
    return knownOfList(readEntries(folder), { roots: before.roots, isOfRecipe, withPaths });
  }
  const list = join(folder, IMAGES_FILE);
  const sha256 = await hashOfList(list);
  let isOfRecipe = false;
  for await (const lines of streamJournal(folder))
    isOfRecipe ||= lines.some((line) => line.kind === 'list' && line.key === key && line.sha256 === sha256);
  const known = isOfRecipe
    ? await knownOfList(readEntryLines(list), { isOfRecipe, withPaths })
    : new KnownImages();
  for await (const lines of streamJournal(folder)) {
    for (const line of lines) {
      if (line.kind === 'made' && line.key === key)
        known.add({ name: wholeImageName(line.images[0]?.name ?? ''), images: line.images });
    }
  }
  return known;
}

interface ListOptions {
  roots?: readonly string[];
  isOfRecipe: boolean;
  withPaths: boolean;
}

/** A list that is damaged is as if it were not there: what it tells of is made again. */
async function knownOfList(
  chunks: AsyncIterable<DatasetEntry[]>,
  { roots, isOfRecipe, withPaths }: ListOptions,
): Promise<KnownImages> {
  const known = new KnownImages();
  /** The source whose images are being read: they follow each other. */
  let current: { name: string; images: MadeImage[]; path?: string | undefined } | undefined;
  const take = (): void => {
    if (current === undefined || !isOfRecipe) return;
    const before = known.numberOf(current.name);
    known.add(
      before === undefined
        ? current
        : { ...current, images: [...known.at(before).images, ...current.images] },
    );
  };
  try {
    for await (const entries of chunks) {
      for (const entry of entries) {
        const root = roots?.[entry.root];
        const path = root === undefined ? undefined : join(root, entry.source);
        if (entry.kind === 'omitted') {
          if (path !== undefined) known.omitted.add(path);
          continue;
        }
        const { kind: _, root: __, source: ___, split: ____, ...image } = entry;
        const name = image.crop === undefined ? image.name : wholeImageName(image.name);
        if (current?.name === name) {
          current.images.push(image);
          continue;
        }
        take();
        current = { name, images: [image], path: withPaths ? path : undefined };
      }
    }
    take();
    return known;
  } catch (error) {
    if (error instanceof LabError) return new KnownImages();
    throw error;
  }
}

async function hashOfList(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  return hash.digest('hex');
}
