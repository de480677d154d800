/**
 * One source image becomes one HR/LR pair: decoded, cut to a multiple of the scale, degraded, written. What comes out
 * depends on the file and on the job alone, so any number of workers gives the same bytes.
 */
import { open } from 'node:fs/promises';
import { explainFileError, LabError } from '../folders/lab-error';
import { cropToMultiple, type RgbImage } from '../imaging/image';
import type { Degradation } from '../protocol/dataset-file';
import { decodeImage } from './decode';
import { degrade } from './degrade';
import { encodePng } from './encode';
import { hashOf } from './hash';
import { readImageFile } from './images';
import { imagePath } from './layout';

/** An LR image must have this many pixels a side: what the SRGAN paper trains on, 96 HR pixels at ×4. */
export const minimumLrSide = 24;

export interface PairJob {
  /** The image to read. */
  source: string;
  /** Folder of the data set that is being made; `hr` and `lr` exist in it. */
  folder: string;
  name: string;
  scale: number;
  degradation: Degradation;
}

/** What a data set's entry says of one image; see `datasetImageSchema`. */
export interface Pair {
  kind: 'pair';
  width: number;
  height: number;
  sourceWidth: number;
  sourceHeight: number;
  sha256: string;
  hrSha256: string;
  lrSha256: string;
  notes: string[];
}

/** The image cannot be used; the others can. */
export interface LeftOut {
  kind: 'left-out';
  reason: string;
}

/** Makes the pair, or says why not. Throws only for what stops the whole work, such as a full disk. */
export async function makePair(job: PairJob): Promise<Pair | LeftOut> {
  const { scale } = job;
  let file: Buffer;
  let decoded: Awaited<ReturnType<typeof decodeImage>>;
  try {
    file = await readImageFile(job.source);
    decoded = await decodeImage(file);
  } catch (error) {
    if (error instanceof LabError) return { kind: 'left-out', reason: error.message };
    throw error;
  }
  const { image, notes } = decoded;
  const minimum = minimumLrSide * scale;
  if (image.width < minimum || image.height < minimum) {
    const reason =
      `It is too small: ${image.width}×${image.height} pixels. ` +
      `At ×${scale} an image needs at least ${minimum}×${minimum}, so that its LR image has ${minimumLrSide} a side.`;
    return { kind: 'left-out', reason };
  }
  const hr = cropToMultiple(image, scale);
  if (hr.width !== image.width || hr.height !== image.height) {
    notes.push(`cut from ${image.width}×${image.height} at the right and bottom to a multiple of ${scale}`);
  }
  const sha256 = hashOf(file);
  let lr: RgbImage;
  try {
    lr = (await degrade(hr, scale, job.degradation, sha256)).lr;
  } catch (error) {
    if (error instanceof LabError) return { kind: 'left-out', reason: error.message };
    throw error;
  }
  return {
    kind: 'pair',
    width: hr.width,
    height: hr.height,
    sourceWidth: image.width,
    sourceHeight: image.height,
    sha256,
    hrSha256: await writeImage(imagePath(job.folder, 'hr', job.name), hr),
    lrSha256: await writeImage(imagePath(job.folder, 'lr', job.name), lr),
    notes,
  };
}

/** Writes and syncs a PNG into a folder that is not in its place yet; returns its hash. */
async function writeImage(path: string, image: RgbImage): Promise<string> {
  const png = await encodePng(image);
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(png);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw explainFileError('write', path, error);
  }
  return hashOf(png);
}
