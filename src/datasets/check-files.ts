/** Whether the files of an image are those that were written, and in words what is wrong with one that is not; in a worker. */
import { stat } from 'node:fs/promises';
import { hasCode, LabError, messageOf } from '../folders/lab-error';
import { decodeImage } from './decode';
import { hashOf } from './hash';
import { readImageFile } from './images';

/** A file as it was written. */
export interface ExpectedFile {
  path: string;
  sha256: string;
  width: number;
  height: number;
}

/** What is wrong with each of these files, null where nothing is. One after the other: memory holds one of them. */
export async function checkFiles(files: readonly ExpectedFile[]): Promise<(string | null)[]> {
  const problems: (string | null)[] = [];
  for (const file of files) problems.push(await problemOf(file));
  return problems;
}

async function problemOf({ path, sha256, width, height }: ExpectedFile): Promise<string | null> {
  let bytes: Buffer;
  try {
    bytes = await readImageFile(path);
  } catch (error) {
    return whyUnreadable(path, error);
  }
  if (hashOf(bytes) === sha256) return null;
  try {
    const { image } = await decodeImage(bytes);
    return image.width === width && image.height === height
      ? 'The image has changed since the data set was made.'
      : `The image has changed: it is ${image.width}×${image.height} instead of ${width}×${height}.`;
  } catch (error) {
    // What the decoder advises is for photographs; this image is made again.
    if (error instanceof LabError) return 'The image is damaged or cut short.';
    throw error;
  }
}

async function whyUnreadable(path: string, error: unknown): Promise<string> {
  try {
    if (!(await stat(path)).isFile()) return 'This is not a file.';
  } catch (failure) {
    if (hasCode(failure, 'ENOENT', 'ENOTDIR')) return 'The file is missing.';
  }
  if (error instanceof LabError) return error.message;
  if (error instanceof Error && 'code' in error) return `The file cannot be read: ${messageOf(error)}.`;
  throw error;
}
