/** Makes the training cache: decodes every image of a data set into one file of pixels, checking each against its hash. */
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { besides, writeJsonAtomically } from '../folders/atomic-write';
import { explainFileError, hasCode, LabError } from '../folders/lab-error';
import { INDEX_FILE, isIntact, PIXELS_FILE, type CacheEntry, type CacheIndex } from './cache-layout';
import { decodeImage } from './decode';
import { readImageFile } from './images';
import { imagePath, type ImageKind } from './layout';
import { hashOf } from './pair';
import { createEstimate, type WorkOptions } from './work';

/** Images that are decoded at a time. */
const concurrency = 4;

/**
 * Fills the folder `cache`, replacing what was there. Throws a `LabError` if an image is missing or is not the one that
 * the data set's file describes.
 */
export async function buildCache(
  dataset: string,
  cache: string,
  index: CacheIndex,
  entries: readonly CacheEntry[],
  scale: number,
  { signal, onProgress }: WorkOptions,
): Promise<void> {
  const partial = besides(cache);
  const total = entries.length;
  const estimate = createEstimate(total, 'images', 'Making the training cache');
  try {
    await mkdir(partial);
    const pixels = await open(join(partial, PIXELS_FILE), 'wx');
    try {
      for (let first = 0; first < total; first += concurrency) {
        signal?.throwIfAborted();
        const group = entries.slice(first, first + concurrency);
        await Promise.all(group.map((entry) => writePair(dataset, entry, scale, pixels)));
        onProgress?.(estimate(first + group.length));
      }
      await pixels.sync();
    } finally {
      await pixels.close();
    }
    await writeJsonAtomically(join(partial, INDEX_FILE), index);
    await replaceFolder(partial, cache, () => isIntact(cache, index));
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw signal?.aborted ? error : explainFileError('make the training cache in', dataset, error);
  }
}

async function writePair(
  dataset: string,
  { image, hr, lr }: CacheEntry,
  scale: number,
  pixels: FileHandle,
): Promise<void> {
  const write = async (kind: ImageKind, sha256: string, divisor: number, offset: number): Promise<void> => {
    const path = imagePath(dataset, kind, image.name);
    const file = await readImageFile(path);
    if (hashOf(file) !== sha256) {
      throw new LabError(
        `${path} is not the image that the data set was made with: it was changed or damaged since. ` +
          'Check the data set (srgan-lab dataset check), and make it anew.',
      );
    }
    const { data, width, height } = (await decodeImage(file)).image;
    if (width !== image.width / divisor || height !== image.height / divisor)
      throw new LabError(
        `${path} is ${width}×${height}, which does not fit what the data set’s file says of it.`,
      );
    await writeFully(pixels, data, offset);
  };
  await write('hr', image.hrSha256, 1, hr);
  await write('lr', image.lrSha256, scale, lr);
}

/** A write may stop half-way, above all just before a disk is full. */
async function writeFully(handle: FileHandle, data: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < data.length;) {
    done += (await handle.write(data, done, data.length - done, offset + done)).bytesWritten;
  }
}

/** Puts `partial` in the place of `folder`. Another process may have done the same meanwhile, which is as good. */
async function replaceFolder(partial: string, folder: string, isGood: () => Promise<boolean>): Promise<void> {
  const old = besides(folder);
  try {
    await rename(folder, old);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  try {
    await rename(partial, folder);
  } catch (error) {
    if (!(await isGood())) throw error;
    await rm(partial, { recursive: true, force: true });
  } finally {
    await rm(old, { recursive: true, force: true });
  }
}
