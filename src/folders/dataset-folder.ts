/**
 * Reading and writing a data set's folder: the header in `dataset.srgan.json` and the entries in `images.jsonl`. Whoever
 * needs the header alone reads it in a moment, whatever the size of the collection. Format 1 is converted as it is read.
 */
import { join } from 'node:path';
import {
  DATASET_FILE,
  datasetFileSchema,
  IMAGES_FILE,
  type Dataset,
  type DatasetEntry,
  type DatasetFile,
  type DatasetImage,
  type DatasetRecipe,
  type Omission,
} from '../protocol/dataset-file';
import { datasetFormat1Schema, fromFormat1 } from '../protocol/dataset-format-1';
import { writeFileAtomically, writeJsonAtomically } from './atomic-write';
import { entryBytes, readEntryLines, summaryOf } from './dataset-entries';
import { LabError } from './lab-error';
import { formatOf, parseValue, readAnyJson, refuseOtherFormat } from './read-json';

/** The header, of a data set in whatever state. Throws a `LabError` if it is missing, damaged or of a newer version. */
export async function readDatasetFile(folder: string): Promise<DatasetFile> {
  return (await readHeader(folder)).header;
}

/** A complete data set with all its entries. Throws a `LabError` if it is incomplete or damaged. */
export async function readDataset(folder: string): Promise<Dataset> {
  const found = await readHeader(folder);
  const { header } = found;
  const contents = contentsOf(folder, header);
  const images: DatasetImage[] = [];
  const omitted: Omission[] = [];
  for await (const entries of entriesOf(folder, found)) {
    for (const entry of entries) {
      if (entry.kind === 'image') images.push(entry);
      else omitted.push(entry);
    }
  }
  return { ...header, contents, images, omitted };
}

/**
 * The entries of a complete data set, images first, some at a time: between two chunks the event loop turns, and a chunk
 * takes a few milliseconds. Throws a `LabError` if it is incomplete or damaged; damage may show only at the end.
 */
export async function* readEntries(folder: string): AsyncGenerator<DatasetEntry[]> {
  const found = await readHeader(folder);
  contentsOf(folder, found.header);
  yield* entriesOf(folder, found);
}

/** What the summary says; throws a `LabError`, with what to do, where the data set is not complete. */
export function contentsOf(folder: string, { contents }: DatasetFile): NonNullable<DatasetFile['contents']> {
  if (contents !== undefined) return contents;
  throw new LabError(
    `The data set ${folder} is not complete: it is still being made, or that was interrupted. ` +
      `Continue with \`srgan-lab dataset update ${folder}\`; what is there already is kept.`,
  );
}

/** Replaces the header as one step. */
export function writeDatasetFile(folder: string, file: DatasetFile): Promise<void> {
  return writeJsonAtomically(join(folder, DATASET_FILE), file);
}

/** Writes the entries, images first, and then the header of a now complete data set, which it returns. */
export async function writeDataset(
  folder: string,
  recipe: DatasetRecipe,
  entries: readonly DatasetEntry[],
): Promise<DatasetFile> {
  const contents = summaryOf(entries);
  await writeFileAtomically(join(folder, IMAGES_FILE), entryBytes(entries));
  const file: DatasetFile = { ...withoutContents(recipe), contents };
  await writeDatasetFile(folder, file);
  return file;
}

/** The recipe of a data set, or its header as it is while it is incomplete. */
export function withoutContents({ contents: _, ...recipe }: DatasetFile): DatasetRecipe {
  return recipe;
}

interface Found {
  header: DatasetFile;
  /** Entries that came with the header: format 1. */
  entries?: DatasetEntry[];
}

async function readHeader(folder: string): Promise<Found> {
  const path = join(folder, DATASET_FILE);
  const value = await readAnyJson(path);
  if (formatOf(value) === 1) {
    const { recipe, entries } = fromFormat1(parseValue(datasetFormat1Schema, value, path));
    return { header: { ...recipe, contents: summaryOf(entries) }, entries };
  }
  refuseOtherFormat(value, path, 2);
  return { header: parseValue(datasetFileSchema, value, path) };
}

/** Entries of format 1 that are given at a time. */
const CHUNK = 200;

async function* entriesOf(folder: string, { header, entries }: Found): AsyncGenerator<DatasetEntry[]> {
  if (entries === undefined) {
    yield* readEntryLines(join(folder, IMAGES_FILE), header.contents?.sha256);
    return;
  }
  for (let first = 0; first < entries.length; first += CHUNK) {
    yield entries.slice(first, first + CHUNK);
    await new Promise(setImmediate);
  }
}
