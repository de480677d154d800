/**
 * Colour as the super-resolution literature measures it: ITU-R BT.601 YCbCr in studio range, as MATLAB's `rgb2ycbcr`
 * (Y in [16, 235], Cb and Cr in [16, 240]). Nothing is rounded here.
 */
import type { RgbImage } from './image';

/** One channel as real numbers, row by row from the top. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float64Array;
}

/** Y of each pixel, in [16, 235], unrounded. */
export function luma({ width, height, data }: RgbImage): Plane {
  const y = new Float64Array(width * height);
  for (let i = 0, j = 0; i < y.length; i++, j += 3) {
    y[i] = 16 + (65.481 * data[j]! + 128.553 * data[j + 1]! + 24.966 * data[j + 2]!) / 255;
  }
  return { width, height, data: y };
}

/** Rounds half up to whole grey levels in [0, 255]: the "uint8 Y" of some published protocols. */
export function roundPlane({ width, height, data }: Plane): Plane {
  const rounded = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    rounded[i] = Math.min(255, Math.max(0, Math.floor(data[i]! + 0.5)));
  }
  return { width, height, data: rounded };
}

/** Red, green and blue as planes. */
export function channelsOf({ width, height, data }: RgbImage): Plane[] {
  const pixels = width * height;
  const [red, green, blue] = [new Float64Array(pixels), new Float64Array(pixels), new Float64Array(pixels)];
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 3) {
    red[pixel] = data[at]!;
    green[pixel] = data[at + 1]!;
    blue[pixel] = data[at + 2]!;
  }
  return [red, green, blue].map((plane) => ({ width, height, data: plane }));
}
