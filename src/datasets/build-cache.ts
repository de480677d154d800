/** Makes the training cache: decodes every image of a data set into one file of pixels, checking each against its hash. */
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { besides, syncFolder } from '../folders/atomic-write';
import { explainFileError, LabError } from '../folders/lab-error';
import { isIntact, isPixelFile, type CacheEntry, type CacheLayout } from './cache-layout';
import { decodeImage } from './decode';
import { hashOf } from './hash';
import { readImageFile } from './images';
import { imagePath, type ImageKind } from './layout';
import { toBands } from './pixel-bands';
import { createEstimate, type WorkOptions } from './work';

/** Images that are decoded at a time. */
const concurrency = 4;

/**
 * Makes the pixel file, beside its place, and removes those of other images. Several processes may do this at a time.
 * Throws a `LabError` if an image is missing or is not the one that the data set's file describes.
 */
export async function buildCache(
  dataset: string,
  layout: CacheLayout,
  scale: number,
  { signal, onProgress }: WorkOptions,
): Promise<void> {
  const { path, entries } = layout;
  const partial = besides(path);
  const estimate = createEstimate(entries.length, 'images', 'Making the training cache');
  try {
    await mkdir(dirname(path), { recursive: true });
    const pixels = await open(partial, 'wx');
    try {
      for (let first = 0; first < entries.length; first += concurrency) {
        signal?.throwIfAborted();
        const group = entries.slice(first, first + concurrency);
        await Promise.all(group.map((entry) => writePair(dataset, entry, scale, pixels)));
        onProgress?.(estimate(first + group.length));
      }
      await pixels.sync();
    } finally {
      await pixels.close();
    }
    await putInPlace(partial, layout);
    await removeOthers(path);
  } catch (error) {
    await rm(partial, { force: true });
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
    const decoded = (await decodeImage(file)).image;
    const { width, height } = decoded;
    if (width !== image.width / divisor || height !== image.height / divisor)
      throw new LabError(
        `${path} is ${width}×${height}, which does not fit what the data set’s file says of it.`,
      );
    await writeFully(pixels, toBands(decoded), offset);
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

/** Where another process uses the file that is there, some systems do not replace it; it has the same pixels. */
async function putInPlace(partial: string, layout: CacheLayout): Promise<void> {
  try {
    await rename(partial, layout.path);
    await syncFolder(dirname(layout.path));
  } catch (error) {
    if (!(await isIntact(layout))) throw error;
    await rm(partial, { force: true });
  }
}

/** Removes pixel files of images that the data set no longer has, as far as nobody holds them. */
async function removeOthers(path: string): Promise<void> {
  const folder = dirname(path);
  const others = (await readdir(folder)).filter((name) => isPixelFile(name) && name !== basename(path));
  await Promise.allSettled(others.map((name) => rm(join(folder, name), { force: true })));
}
