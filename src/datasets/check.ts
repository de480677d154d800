/** Checks a data set's folder against its list: every file that is missing, changed, corrupt or superfluous is named. */
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { EntrySummary } from '../folders/dataset-entries';
import { contentsOf, readDatasetFile, readEntries } from '../folders/dataset-folder';
import { LabError } from '../folders/lab-error';
import {
  DATASET_FILE,
  IMAGES_FILE,
  type DatasetContents,
  type DatasetFile,
  type DatasetImage,
} from '../protocol/dataset-file';
import type { CheckDatasetResult } from '../protocol/progress';
import { PackedImages } from './build/packed-images';
import { findSuperfluous } from './build/tidy';
import type { ExpectedFile } from './check-files';
import { imageKinds, imagePath } from './layout';
import type { MadeImage } from './make-images';
import { createEstimate, type WorkOptions } from './work';
import { runEachDatasetJob } from './worker-jobs';

export interface CheckOptions extends WorkOptions {
  /** Worker processes; default one a core. */
  workers?: number | undefined;
}

type Problem = CheckDatasetResult['problems'][number];

/** What is wrong with a data set, in parts that are mended in different ways. */
export interface Findings {
  /** The list of images, or its summary in the header; the files cannot be told from it then. */
  list: Problem[];
  /** By the position of an image among those of the list, what is wrong with its files; in that order. */
  damaged: Map<number, Problem[]>;
  superfluous: Problem[];
  /** Files that were compared. */
  checked: number;
  /** The header with the summary that the list gives; undefined where the list is damaged. */
  header: (DatasetFile & { contents: DatasetContents }) | undefined;
}

/** An image of the list, and what is wrong with its files. */
export interface DamagedImage {
  image: DatasetImage;
  problems: Problem[];
}

/**
 * Reads every HR and LR image of the data set. Throws a `LabError` if `folder` is no data set at all, and the signal's
 * reason if it aborts.
 */
export async function checkDataset(folder: string, options: CheckOptions = {}): Promise<CheckDatasetResult> {
  const path = resolve(folder);
  const { list, damaged, superfluous, checked } = await findProblems(path, options);
  const problems = [...list, ...[...damaged.values()].flat(), ...superfluous];
  return { folder: path, ok: problems.length === 0, checked, problems };
}

/** Finds out everything that is wrong. Throws like `checkDataset`. */
export async function findProblems(folder: string, options: CheckOptions = {}): Promise<Findings> {
  const before = await readDatasetFile(folder);
  const findings: Findings = {
    ...{ list: [], damaged: new Map(), superfluous: [], checked: 0 },
    header: undefined,
  };
  const images = new PackedImages();
  const summary = new EntrySummary();
  try {
    contentsOf(folder, before);
    for await (const entries of readEntries(folder)) {
      for (const entry of entries) {
        summary.add(entry);
        if (entry.kind === 'image') images.add([entry]);
      }
    }
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const file = join(folder, before.contents === undefined ? DATASET_FILE : IMAGES_FILE);
    findings.list.push({ file, problem: error.message });
    return findings;
  }
  const header = { ...before, contents: summary.finish() };
  if (JSON.stringify(header.contents) !== JSON.stringify(before.contents)) {
    const problem = 'The summary of the contents is not what the list of images says.';
    findings.list.push({ file: join(folder, DATASET_FILE), problem });
  }
  findings.header = header;
  findings.checked = imageKinds.length * images.length;
  findings.damaged = await findDamaged(folder, images, header, options);
  for (const file of await findSuperfluous(folder, namesOf(images)))
    findings.superfluous.push({ file, problem: 'This file belongs to no image of the data set.' });
  return findings;
}

/** The damaged images as the list tells them, in its order. Throws a `LabError` if it is damaged. */
export async function readDamaged(folder: string, { damaged }: Findings): Promise<DamagedImage[]> {
  if (damaged.size === 0) return [];
  const found: DamagedImage[] = [];
  let position = 0;
  for await (const entries of readEntries(folder)) {
    for (const entry of entries) {
      if (entry.kind !== 'image') continue;
      const problems = damaged.get(position++);
      if (problems !== undefined) found.push({ image: entry, problems });
    }
  }
  return found;
}

async function findDamaged(
  folder: string,
  images: PackedImages,
  { scale }: DatasetFile,
  { workers = availableParallelism(), signal, onProgress }: CheckOptions,
): Promise<Findings['damaged']> {
  const estimate = createEstimate(images.length, 'images', 'Checking the data set');
  const damaged: Findings['damaged'] = new Map();
  const filesAt = (index: number): ExpectedFile[] =>
    images.get(index).flatMap((image) => expectedFiles(folder, image, scale));
  await runEachDatasetJob(
    'check',
    { length: images.length, at: (index) => ({ files: filesAt(index) }) },
    {
      ...{ count: workers, signal },
      onResult: (found, index) => {
        if (found.some((problem) => problem !== null)) damaged.set(index, problemsOf(filesAt(index), found));
        return Promise.resolve();
      },
      onDone: (done) => onProgress?.(estimate(done)),
    },
  );
  return new Map([...damaged].sort(([a], [b]) => a - b));
}

/** In the order of `imageKinds`. */
function expectedFiles(
  folder: string,
  { name, width, height, hrSha256, lrSha256 }: MadeImage,
  scale: number,
): ExpectedFile[] {
  return [
    { path: imagePath(folder, 'hr', name), sha256: hrSha256, width, height },
    { path: imagePath(folder, 'lr', name), sha256: lrSha256, width: width / scale, height: height / scale },
  ];
}

function problemsOf(files: readonly ExpectedFile[], found: readonly (string | null)[]): Problem[] {
  return files.flatMap(({ path }, position) => {
    const problem = found[position] ?? null;
    return problem === null ? [] : [{ file: path, problem }];
  });
}

function* namesOf(images: PackedImages): Generator<string> {
  for (let index = 0; index < images.length; index++) for (const { name } of images.get(index)) yield name;
}
