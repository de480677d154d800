/** One image degraded as a data set would degrade it, to be looked at before anything is made. */
import { LabError } from '../folders/lab-error';
import type { Operation } from '../imaging/degradation/draw';
import { cropImage, cropToMultiple, type RgbImage } from '../imaging/image';
import type { Degradation } from '../protocol/degradation';
import { decodeImage } from './decode';
import { degrade } from './degrade';
import { hashOf } from './hash';

export interface SampleOptions {
  scale: number;
  degradation: Degradation;
  /**
   * A part of the image in its own pixels, for a quick look at a large one. It gets the parameters that the whole image
   * would get; noise falls on other pixels, and blur ends at its edges.
   */
  crop?: { left: number; top: number; width: number; height: number };
}

export interface Sample {
  /** Cut to a multiple of the scale. */
  hr: RgbImage;
  lr: RgbImage;
  /** What was drawn and done before the last resizing. */
  operations: Operation[];
}

/**
 * Degrades the image in the bytes of a file: without a crop, `lr` is what the data set will hold. Throws a `LabError`,
 * without a file name, if the image cannot be read or has no LR image.
 */
export async function sampleDegradation(file: Buffer, options: SampleOptions): Promise<Sample> {
  const { image } = await decodeImage(file);
  return sampleImage(image, hashOf(file), options);
}

/** The same for an image that is decoded already; `sha256` is the hash of the file that decides what is drawn. */
export async function sampleImage(
  image: RgbImage,
  sha256: string,
  { scale, degradation, crop }: SampleOptions,
): Promise<Sample> {
  const part = crop === undefined ? image : cropImage(image, crop.left, crop.top, crop.width, crop.height);
  if (part.width < scale || part.height < scale) {
    throw new LabError(
      `It is too small: ${part.width}×${part.height} pixels, of which nothing is left at ×${scale}.`,
    );
  }
  const hr = cropToMultiple(part, scale);
  return { hr, ...(await degrade(hr, scale, degradation, sha256)) };
}
