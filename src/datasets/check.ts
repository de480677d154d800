/** Checks a data set's folder against its file: every image that is missing, changed or corrupt is named. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hasCode, LabError, messageOf } from '../folders/lab-error';
import { readDataset } from '../folders/dataset-folder';
import type { DatasetImage } from '../protocol/dataset-file';
import type { CheckDatasetResult } from '../protocol/progress';
import { decodeImage } from './decode';
import { hashOf } from './hash';
import { readImageFile } from './images';
import { imagePath, type ImageKind } from './layout';
import { createEstimate, type WorkOptions } from './work';

/**
 * Reads every HR and LR image of the data set. Throws a `LabError` if `folder` is no data set at all, and the signal's
 * reason if it aborts.
 */
export async function checkDataset(
  folder: string,
  { onProgress, signal }: WorkOptions = {},
): Promise<CheckDatasetResult> {
  const file = await readDataset(folder);
  const estimate = createEstimate(file.images.length, 'images', 'Checking the data set');
  const problems: CheckDatasetResult['problems'] = [];
  for (const [index, image] of file.images.entries()) {
    signal?.throwIfAborted();
    for (const kind of ['hr', 'lr'] as const) {
      const path = imagePath(folder, kind, image.name);
      const problem = await findProblem(path, expectation(image, kind, file.scale));
      if (problem !== undefined) problems.push({ file: path, problem });
    }
    onProgress?.(estimate(index + 1));
  }
  return { folder: resolve(folder), ok: problems.length === 0, checked: 2 * file.images.length, problems };
}

interface Expectation {
  width: number;
  height: number;
  sha256: string;
}

function expectation(image: DatasetImage, kind: ImageKind, scale: number): Expectation {
  return kind === 'hr'
    ? { width: image.width, height: image.height, sha256: image.hrSha256 }
    : { width: image.width / scale, height: image.height / scale, sha256: image.lrSha256 };
}

async function findProblem(path: string, expected: Expectation): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isFile()) return 'This is not a file.';
    const file = await readImageFile(path);
    if (hashOf(file) === expected.sha256) return undefined;
    const { width, height } = (await decodeImage(file)).image;
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
