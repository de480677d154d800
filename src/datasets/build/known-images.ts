/**
 * What a folder holds already, by its list and its journal: images that need not be made again if their source and their
 * files still have the hashes that are told of them.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { readEntryLines } from '../../folders/dataset-entries';
import { readEntries } from '../../folders/dataset-folder';
import { readJournalLines } from '../../folders/building-journal';
import { hasCode, LabError } from '../../folders/lab-error';
import { IMAGES_FILE, type DatasetEntry, type DatasetFile } from '../../protocol/dataset-file';
import { imagePath } from '../layout';
import type { MadeImage, Part } from '../make-images';
import { isSamePlace, wholeImageName } from '../sub-images';
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

export class KnownImages {
  private readonly byName = new Map<string, KnownSource>();
  /** In the order they came; a collection may have many copies of one file. */
  private readonly byHash = new Map<string, Set<KnownSource>>();
  /** Files that a complete data set has left out. */
  readonly omitted = new Set<string>();

  /** Takes over an image; one that is told of later replaces one of the same name. */
  add({ name, images, path }: { name: string; images: MadeImage[]; path?: string }): void {
    const sha256 = images[0]?.sha256;
    if (sha256 === undefined) return;
    const known: KnownSource = { name, sha256, images, ...(path !== undefined && { path }) };
    const before = this.byName.get(name);
    if (before !== undefined) this.byHash.get(before.sha256)?.delete(before);
    this.byName.set(name, known);
    const copies = this.byHash.get(sha256);
    if (copies === undefined) this.byHash.set(sha256, new Set([known]));
    else copies.add(known);
  }

  named(name: string): KnownSource | undefined {
    return this.byName.get(name);
  }

  withHash(sha256: string): Iterable<KnownSource> {
    return this.byHash.get(sha256) ?? [];
  }

  names(): Iterable<string> {
    return this.byName.keys();
  }
}

/** An image that is there, and the name that it shall have. */
export interface Kept {
  image: MadeImage;
  name: string;
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

/** Gathers what is known of images that the recipe of `header` would give. `before` is the header on disk. */
export async function gatherKnown(
  folder: string,
  before: DatasetFile | undefined,
  key: string,
): Promise<KnownImages> {
  const known = new KnownImages();
  if (before === undefined) return known;
  if (before.contents !== undefined) {
    const isOfRecipe = imageKey(before) === key;
    await addList(known, readEntries(folder), { roots: before.roots, isOfRecipe });
    return known;
  }
  const { lines: journal } = await readJournalLines(folder);
  const list = join(folder, IMAGES_FILE);
  const sha256 = await hashOfList(list);
  const isOfRecipe = journal.some(
    (line) => line.kind === 'list' && line.key === key && line.sha256 === sha256,
  );
  if (isOfRecipe) await addList(known, readEntryLines(list), { isOfRecipe });
  for (const line of journal) {
    if (line.kind === 'made' && line.key === key)
      known.add({ name: wholeImageName(line.images[0]?.name ?? ''), images: line.images });
  }
  return known;
}

/** A list that is damaged is as if it were not there: what it tells of is made again. */
async function addList(
  known: KnownImages,
  chunks: AsyncIterable<DatasetEntry[]>,
  { roots, isOfRecipe }: { roots?: readonly string[]; isOfRecipe: boolean },
): Promise<void> {
  const sources = new Map<string, { name: string; images: MadeImage[]; path?: string }>();
  const omitted: string[] = [];
  try {
    for await (const entries of chunks) {
      for (const entry of entries) {
        const root = roots?.[entry.root];
        const path = root === undefined ? undefined : join(root, entry.source);
        if (entry.kind === 'omitted') {
          if (path !== undefined) omitted.push(path);
          continue;
        }
        const { kind: _, root: __, source: ___, split: ____, ...image } = entry;
        const name = image.crop === undefined ? image.name : wholeImageName(image.name);
        const source = sources.get(name) ?? { name, images: [], ...(path !== undefined && { path }) };
        source.images.push(image);
        sources.set(name, source);
      }
    }
  } catch (error) {
    if (error instanceof LabError) return;
    throw error;
  }
  if (isOfRecipe) for (const source of sources.values()) known.add(source);
  for (const path of omitted) known.omitted.add(path);
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
