/** Images as PNG, 8-bit RGB. The same pixels give the same bytes: no time, no metadata. */
import sharp from 'sharp';
import type { RgbImage } from '../imaging/image';

/** The bytes of a PNG file. */
export async function encodePng({ width, height, data }: RgbImage): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .png({ compressionLevel: 4, adaptiveFiltering: true, palette: false })
    .toBuffer();
}
