/** Images as PNG, 8-bit RGB. The same pixels give the same bytes: no time, no metadata. */
import sharp from 'sharp';
import type { Raster, RgbImage } from '../imaging/image';

/** The bytes of a PNG file. */
export async function encodePng({ width, height, data }: RgbImage): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .png({ compressionLevel: 4, adaptiveFiltering: true, palette: false })
    .toBuffer();
}

/**
 * The bytes of a PNG that is looked at once and thrown away: quickly made, and larger. With opacity, one channel as large as
 * the image, it is RGBA.
 */
export async function encodeScratchPng(
  { width, height, data }: RgbImage,
  opacity: Raster<Uint8Array> | undefined,
): Promise<Buffer> {
  const pipeline = sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
  if (opacity !== undefined)
    pipeline.joinChannel(Buffer.from(opacity.data), { raw: { width, height, channels: 1 } });
  return pipeline.png({ compressionLevel: 1, adaptiveFiltering: false, palette: false }).toBuffer();
}
