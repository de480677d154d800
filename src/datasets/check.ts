/** Checks a data set's folder against its list: every file that is missing, changed, corrupt or superfluous is named. */
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { summaryOf } from '../folders/dataset-entries';
import { contentsOf, readDataset, readDatasetFile } from '../folders/dataset-folder';
import { hasCode, LabError, messageOf } from '../folders/lab-error';
import { DATASET_FILE, IMAGES_FILE, type Dataset, type DatasetImage } from '../protocol/dataset-file';
import type { CheckDatasetResult } from '../protocol/progress';
import { filesOf } from './build/known-images';
import { findSuperfluous } from './build/tidy';
import { decodeImage } from './decode';
import { readImageFile } from './images';
import { imageKinds } from './layout';
import { createEstimate, type WorkOptions } from './work';
import { runDatasetJobs } from './worker-jobs';

export interface CheckOptions extends WorkOptions {
  /** Worker threads; default one a core. */
  workers?: number | undefined;
}

type Problem = CheckDatasetResult['problems'][number];

/** What is wrong with a data set, in parts that are mended in different ways. */
export interface Findings {
  /** The list of images, or its summary in the header; the files cannot be told from it then. */
  list: Problem[];
  /** Images with the problems of their files. */
  images: { image: DatasetImage; problems: Problem[] }[];
  superfluous: Problem[];
  /** Files that were compared. */
  checked: number;
  /** What was read; undefined where the list is damaged. */
  dataset: Dataset | undefined;
}

/**
 * Reads every HR and LR image of the data set. Throws a `LabError` if `folder` is no data set at all, and the signal's
 * reason if it aborts.
 */
export async function checkDataset(folder: string, options: CheckOptions = {}): Promise<CheckDatasetResult> {
  const { list, images, superfluous, checked } = await findProblems(folder, options);
  const problems = [...list, ...images.flatMap((each) => each.problems), ...superfluous];
  return { folder: resolve(folder), ok: problems.length === 0, checked, problems };
}

/** Finds out everything that is wrong. Throws like `checkDataset`. */
export async function findProblems(folder: string, options: CheckOptions = {}): Promise<Findings> {
  const header = await readDatasetFile(folder);
  const findings: Findings = { list: [], images: [], superfluous: [], checked: 0, dataset: undefined };
  let dataset: Dataset;
  try {
    contentsOf(folder, header);
    dataset = await readDataset(folder);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const file = join(folder, header.contents === undefined ? DATASET_FILE : IMAGES_FILE);
    findings.list.push({ file, problem: error.message });
    return findings;
  }
  const { images, omitted, contents } = dataset;
  if (JSON.stringify(summaryOf([...images, ...omitted])) !== JSON.stringify(contents)) {
    const problem = 'The summary of the contents is not what the list of images says.';
    findings.list.push({ file: join(folder, DATASET_FILE), problem });
  }
  findings.dataset = dataset;
  findings.checked = imageKinds.length * images.length;
  findings.images = await findDamaged(folder, dataset, options);
  const names = images.map(({ name }) => name);
  for (const file of await findSuperfluous(folder, names))
    findings.superfluous.push({ file, problem: 'This file belongs to no image of the data set.' });
  return findings;
}

async function findDamaged(
  folder: string,
  { images, scale }: Dataset,
  { workers = availableParallelism(), signal, onProgress }: CheckOptions,
): Promise<Findings['images']> {
  const estimate = createEstimate(images.length, 'images', 'Checking the data set');
  const hashes = await runDatasetJobs(
    'hash',
    images.map((image) => ({ files: filesOf(folder, [image]).map(({ path }) => path) })),
    { count: workers, signal, onDone: (done) => onProgress?.(estimate(done)) },
  );
  const damaged: Findings['images'] = [];
  for (const [index, image] of images.entries()) {
    const problems: Problem[] = [];
    for (const [position, { path, sha256 }] of filesOf(folder, [image]).entries()) {
      if (hashes[index]![position] === sha256) continue;
      const divisor = imageKinds[position] === 'lr' ? scale : 1;
      const size = { width: image.width / divisor, height: image.height / divisor };
      problems.push({ file: path, problem: await describeDamage(path, size) });
    }
    if (problems.length > 0) damaged.push({ image, problems });
  }
  return damaged;
}

/** What is wrong with a file that is not the one that was written. */
async function describeDamage(path: string, expected: { width: number; height: number }): Promise<string> {
  try {
    if (!(await stat(path)).isFile()) return 'This is not a file.';
    const { width, height } = (await decodeImage(await readImageFile(path))).image;
    if (width !== expected.width || height !== expected.height) {
      return `The image has changed: it is ${width}×${height} instead of ${expected.width}×${expected.height}.`;
    }
    return 'The image has changed since the data set was made.';
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return 'The file is missing.';
    if (error instanceof LabError) return error.message;
    if (error instanceof Error && 'code' in error) return `The file cannot be read: ${messageOf(error)}.`;
    throw error;
  }
}
