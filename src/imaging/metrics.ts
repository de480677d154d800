/**
 * How super-resolved images are scored: PSNR and SSIM (Wang et al.) on Y of [16, 235], unrounded, without a border of
 * a few pixels, customarily as many as the scale.
 */
import { luma, type Plane } from './colour';
import { nothingLeft, type RgbImage } from './image';
import { psnr } from './psnr';
import { ssim } from './ssim';

export interface Scores {
  /** dB; `Infinity` for equal images. */
  psnr: number;
  /** At most 1. */
  ssim: number;
}

/** Smallest side that can be scored, border included. */
export function minimumSide(border: number): number {
  return 11 + 2 * border;
}

/**
 * Scores SR against HR, of equal size, leaving out `border` pixels at each side.
 * Throws a `RangeError` if the sizes differ or fewer than 11 pixels remain.
 */
export function scoreImages(sr: RgbImage, hr: RgbImage, { border }: { border: number }): Scores {
  return scorePlanes(luma(sr), luma(hr), { border });
}

/** Likewise on planes that are given. */
export function scorePlanes(sr: Plane, hr: Plane, { border }: { border: number }): Scores {
  const [a, b] = [cropBorder(sr, border), cropBorder(hr, border)];
  return { psnr: psnr(a, b), ssim: ssim(a, b) };
}

/** Cuts `border` pixels off each side. Throws a `RangeError` if nothing remains. */
export function cropBorder(plane: Plane, border: number): Plane {
  const width = plane.width - 2 * border;
  const height = plane.height - 2 * border;
  if (width < 1 || height < 1) throw nothingLeft(plane, border);
  if (border === 0) return plane;
  const data = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (y + border) * plane.width + border;
    data.set(plane.data.subarray(start, start + width), y * width);
  }
  return { width, height, data };
}
