/** Pictures in memory: 8-bit RGB, rows from the top, channels interleaved, no padding. */

export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** `height` × `width` × 3 bytes: R, G, B of each pixel. */
  readonly data: Uint8Array;
}

/**
 * Samples of any kind: 1 channel is grey, 2 grey and alpha, 3 RGB, 4 RGBA; rows from the top, channels interleaved, no
 * padding. An `RgbImage` is one of 3 channels of 8 bits.
 */
export interface Raster<Samples> {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** `height` × `width` × `channels` samples. */
  readonly data: Samples;
}

/** An all-black image. */
export function createImage(width: number, height: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3) };
}

/** Copies the rectangle at (`left`, `top`). Throws a `RangeError` if it leaves the image. */
export function cropImage(
  image: RgbImage,
  left: number,
  top: number,
  width: number,
  height: number,
): RgbImage {
  if (left < 0 || top < 0 || left + width > image.width || top + height > image.height) {
    throw new RangeError(
      `A crop of ${width}×${height} at (${left}, ${top}) leaves an image of ${image.width}×${image.height}.`,
    );
  }
  const cropped = createImage(width, height);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * image.width + left) * 3;
    cropped.data.set(image.data.subarray(start, start + width * 3), y * width * 3);
  }
  return cropped;
}

export function nothingLeft(
  { width, height }: { width: number; height: number },
  border: number,
): RangeError {
  return new RangeError(`Nothing is left of ${width}×${height} pixels without a border of ${border}.`);
}

/**
 * Cuts columns at the right and rows at the bottom until both sides are multiples of `divisor`: what the field calls
 * modcrop, and how the published benchmarks are cut.
 */
export function cropToMultiple(image: RgbImage, divisor: number): RgbImage {
  const width = image.width - (image.width % divisor);
  const height = image.height - (image.height % divisor);
  return cropImage(image, 0, 0, width, height);
}
