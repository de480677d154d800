/** Image files as they are read and written by everything that is not about their formats. */
import { readFile, stat } from 'node:fs/promises';
import { writeFileAtomically } from '../folders/atomic-write';
import { explainFileError, hasCode, LabError } from '../folders/lab-error';
import type { RgbImage } from '../imaging/image';
import { decodeImage } from './decode';
import { encodePng } from './encode';

const maximumBytes = 2 ** 30;

/** Reads an image file. Throws a `LabError` that names the file. */
export async function readImage(path: string): Promise<RgbImage> {
  const file = await readImageFile(path);
  try {
    return (await decodeImage(file)).image;
  } catch (error) {
    throw error instanceof LabError ? new LabError(`${path}: ${error.message}`, { cause: error }) : error;
  }
}

/**
 * Reads two image files at the same time. `onFirst` is told of whichever is there first. Throws a `LabError` that names the first
 * of them that cannot be read.
 */
export async function readPair(
  first: string,
  second: string,
  onFirst?: (image: RgbImage) => void,
): Promise<[RgbImage, RgbImage]> {
  const images = [first, second].map((path) => readImage(path));
  // What goes wrong there goes wrong again where it is waited for.
  Promise.any(images)
    .then(onFirst)
    .catch(() => undefined);
  // Both are waited for: nothing goes on being read after an error.
  await Promise.allSettled(images);
  return [await images[0]!, await images[1]!];
}

/** The bytes of a file that may be an image. Throws a `LabError` that names the file. */
export async function readImageFile(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > maximumBytes) throw new LabError(`${path} is larger than 1 GiB, which no image here may be.`);
    return await readFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw new LabError(`${path} does not exist.`, { cause: error });
    if (hasCode(error, 'EACCES', 'EPERM'))
      throw new LabError(`You may not read ${path}. Change its permissions.`, { cause: error });
    throw explainFileError('read', path, error);
  }
}

/** Writes a PNG, 8-bit RGB, as one step: beside its place, synced, renamed. Throws a `LabError` that names the file. */
export async function writePng(path: string, image: RgbImage): Promise<void> {
  await writeFileAtomically(path, await encodePng(image));
}
