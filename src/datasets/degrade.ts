/**
 * How LR is made of HR: the operations that the stages of the degradation draw for this image, then MATLAB's `imresize` to
 * the LR size. Without stages it is `imresize` alone. Between the stages samples are not rounded, but for JPEG, which
 * holds whole numbers.
 */
import { applyOperation, type Circumstances } from '../imaging/degradation/apply';
import { drawOperations, type Operation } from '../imaging/degradation/draw';
import { toBytes, toFloat } from '../imaging/degradation/float-image';
import type { RgbImage } from '../imaging/image';
import { imresize } from '../imaging/imresize';
import type { Degradation, DegradationChoice } from '../protocol/degradation';
import { compressAsJpeg } from './jpeg';

/** What MATLAB makes of an 8-bit image, and of most published LR images. */
export const defaultDegradation: Degradation = {
  kernel: 'bicubic',
  convention: 'uint8-symmetric',
  antialias: true,
};

/** With defaults where nothing is said; a seed only where there are stages to draw for. */
export function completeDegradation(choice: DegradationChoice = {}): Degradation {
  const { kernel, convention, antialias, stages, seed = 0 } = choice;
  return {
    kernel: kernel ?? defaultDegradation.kernel,
    convention: convention ?? defaultDegradation.convention,
    antialias: antialias ?? defaultDegradation.antialias,
    ...(stages !== undefined && { stages, seed }),
  };
}

export interface Degraded {
  lr: RgbImage;
  /** What was drawn and done before the last resizing. */
  operations: Operation[];
}

/**
 * LR of an HR image whose sides are multiples of the scale. It is a function of the image, the degradation and `sha256`,
 * the hash of the image's file, alone.
 */
export async function degrade(
  hr: RgbImage,
  scale: number,
  degradation: Degradation,
  sha256: string,
): Promise<Degraded> {
  const chance = { seed: degradation.seed ?? 0, image: imageNumber(sha256) };
  const operations = drawOperations(degradation.stages ?? [], chance);
  const lr = { width: hr.width / scale, height: hr.height / scale };
  const degraded = operations.length === 0 ? hr : await applyAll(hr, operations, { chance, lr });
  return { lr: resizeToLr(degraded, hr, scale, degradation), operations };
}

/** Operations that were drawn, one after the other; samples are rounded at JPEG and at the end only. */
export async function applyAll(
  hr: RgbImage,
  operations: readonly Operation[],
  circumstances: Circumstances,
): Promise<RgbImage> {
  let image = toFloat(hr);
  for (const operation of operations) {
    if (operation.type === 'jpeg') {
      image.data.set((await compressAsJpeg(toBytes(image), operation.quality)).data);
    } else {
      image = applyOperation(image, operation, circumstances);
    }
  }
  return toBytes(image);
}

function resizeToLr(image: RgbImage, hr: RgbImage, scale: number, degradation: Degradation): RgbImage {
  // The factor as MATLAB is given it, where there is one: the ratio of the sides may differ from it in the last bit.
  if (image.width === hr.width && image.height === hr.height) return imresize(image, 1 / scale, degradation);
  const [width, height] = [hr.width / scale, hr.height / scale];
  if (image.width === width && image.height === height) return image;
  return imresize(image, { width, height }, degradation);
}

/** The first 52 bits of the hash. */
function imageNumber(sha256: string): number {
  return Number.parseInt(sha256.slice(0, 13), 16);
}
