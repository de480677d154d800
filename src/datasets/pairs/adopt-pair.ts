/**
 * One HR and one LR file that are there become a pair of a data set: cut to sizes that fit, and measured. Neither is resampled.
 */
import { LabError } from '../../folders/lab-error';
import { luma } from '../../imaging/colour';
import { cropImage, type RgbImage } from '../../imaging/image';
import { measureShift } from '../../imaging/pairs/measure-shift';
import { recogniseKernel, type Recognised } from '../../imaging/pairs/recognise-kernel';
import type { AdoptedPair } from '../../protocol/adopted-pair';
import { decodeImage } from '../decode';
import { hashOf } from '../hash';
import { readImageFile } from '../images';

export interface FittedPair extends Recognised {
  hr: RgbImage;
  lr: RgbImage;
  /** See `adoptedPairSchema`. */
  shift: [number, number];
  /** What was cut, one phrase each. */
  notes: string[];
}

/** An LR image must have this many pixels a side: what the SRGAN paper trains on, 96 HR pixels at ×4. */
export const minimumLrSide = 24;

/** An LR image that is taken over. */
export interface LrSource {
  /** Index into `adopted.lrRoots`. */
  root: number;
  /** Relative to the root. */
  source: string;
  path: string;
}

/** The images of a source, of equal extent. */
export interface PairOfSource {
  hr: RgbImage;
  lr: RgbImage;
  notes: string[];
  /** Where LR was taken over. */
  adopted?: AdoptedPair;
}

/**
 * Takes over the LR image of a decoded HR image, or says why not; `notes` are those of HR. Throws a `LabError` if the file cannot
 * be read.
 */
export async function adoptLr(
  hr: RgbImage,
  notes: readonly string[],
  { root, source, path }: LrSource,
  scale: number,
): Promise<PairOfSource | { reason: string }> {
  const file = await readImageFile(path);
  let decoded: Awaited<ReturnType<typeof decodeImage>>;
  try {
    decoded = await decodeImage(file);
  } catch (error) {
    throw error instanceof LabError ? new LabError(`Its LR image ${path}: ${error.message}`) : error;
  }
  const pair = fitPair(hr, decoded.image, scale);
  if ('reason' in pair) return pair;
  if (Math.min(pair.lr.width, pair.lr.height) < minimumLrSide)
    return {
      reason: `LR is too small: ${pair.lr.width}×${pair.lr.height} pixels; it needs ${minimumLrSide} a side.`,
    };
  const { shift, kernel, convention, exact, psnr } = pair;
  return {
    hr: pair.hr,
    lr: pair.lr,
    notes: [...notes, ...decoded.notes.map((note) => `LR: ${note}`), ...pair.notes],
    adopted: {
      lrRoot: root,
      lrSource: source,
      lrSourceSha256: hashOf(file),
      shift,
      kernel,
      ...(convention !== undefined && { convention }),
      exact,
      psnr,
    },
  };
}

/** An HR side may be so many LR pixels longer than LR tells: nobody cuts more on the way. */
const LEFT_OVER = 1;

/** The two images as a pair, or why they are none. */
export function fitPair(hr: RgbImage, lr: RgbImage, scale: number): FittedPair | { reason: string } {
  if (!fits(hr.width, lr.width, scale) || !fits(hr.height, lr.height, scale)) {
    return {
      reason:
        `The sizes do not fit: HR is ${hr.width}×${hr.height}, LR ${lr.width}×${lr.height}, ` +
        `and at ×${scale} HR needs ${lr.width * scale}×${lr.height * scale}.`,
    };
  }
  const width = Math.min(lr.width, Math.floor(hr.width / scale));
  const height = Math.min(lr.height, Math.floor(hr.height / scale));
  const notes: string[] = [];
  const cutHr = cropImage(hr, 0, 0, width * scale, height * scale);
  if (cutHr.width !== hr.width || cutHr.height !== hr.height)
    notes.push(`HR cut from ${hr.width}×${hr.height} at the right and bottom to fit LR`);
  const cutLr = cropImage(lr, 0, 0, width, height);
  if (width !== lr.width || height !== lr.height)
    notes.push(
      `LR cut from ${lr.width}×${lr.height} at the right and bottom, where it stood for less than a pixel`,
    );
  // LR may have been made of an image that is no multiple of the scale: then its last pixels tell of the remainder.
  const origin = width !== lr.width || height !== lr.height ? hr : cutHr;
  const shift = measureShift(luma(cutHr), luma(cutLr), scale).map(rounded) as [number, number];
  return { hr: cutHr, lr: cutLr, shift, notes, ...recogniseKernel(origin, lr, scale, shift) };
}

/** Whether an LR side is that of HR over the scale, rounded up or down, or a little less. */
function fits(hr: number, lr: number, scale: number): boolean {
  return lr <= Math.ceil(hr / scale) && hr - lr * scale < scale * (1 + LEFT_OVER);
}

/** The scale at which the sizes of two images fit, if there is one. */
export function scaleOfSizes(
  hr: { width: number; height: number },
  lr: { width: number; height: number },
): 2 | 3 | 4 | 8 | undefined {
  return ([2, 3, 4, 8] as const).find(
    (scale) => fits(hr.width, lr.width, scale) && fits(hr.height, lr.height, scale),
  );
}

function rounded(value: number): number {
  // Not −0.
  return Math.round(value * 1000) / 1000 + 0;
}
