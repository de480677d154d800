/**
 * What JPEG does to pixels: encoded and decoded again by libjpeg, baseline, chroma at half resolution in both directions
 * (4:2:0) and smoothly enlarged again. The same version of the encoder gives the same pixels on every machine.
 */
import sharp from 'sharp';
import { LabError } from '../folders/lab-error';
import type { RgbImage } from '../imaging/image';

/** The longest side that the format can hold. */
const LONGEST = 65_500;

/** The bytes of a JPEG file; `quality` is a whole number from 1 to 100. Throws a `LabError` if a side is too long. */
export async function encodeJpeg({ width, height, data }: RgbImage, quality: number): Promise<Buffer> {
  if (Math.max(width, height) > LONGEST) {
    throw new LabError(
      `JPEG holds no image of ${width}×${height}: no side may be longer than ${LONGEST}. Cut it into parts.`,
    );
  }
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .jpeg({ quality, chromaSubsampling: '4:2:0', progressive: false, mozjpeg: false, optimiseCoding: false })
    .toBuffer();
}

/** The image after compression. */
export async function compressAsJpeg(image: RgbImage, quality: number): Promise<RgbImage> {
  const file = await encodeJpeg(image, quality);
  const decoded = sharp(file, { limitInputPixels: false }).toColourspace('srgb').raw({ depth: 'uchar' });
  const data = await decoded.toBuffer();
  return {
    width: image.width,
    height: image.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
  };
}
