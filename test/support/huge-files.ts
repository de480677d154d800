/** Small files of each format that say to hold images of thousands of megapixels, as far as the format can say so. */
import { bmpFile } from './bmp-files';
import { picture } from './image-files';
import { claimedPng } from './png-files';

export async function hugeFiles(): Promise<[format: string, file: Buffer][]> {
  const small = (format: 'jpeg' | 'gif' | 'tiff' | 'webp'): Promise<Buffer> =>
    picture(16, 16)
      .toFormat(format, format === 'webp' ? { lossless: true } : {})
      .toBuffer();

  const jpeg = await small('jpeg');
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(65_500, frame + 5);
  jpeg.writeUInt16BE(65_500, frame + 7);

  const gif = await small('gif');
  const image = gif.indexOf(Buffer.from([0x2c, 0, 0, 0, 0, 16, 0, 16, 0]));
  for (const at of [6, 8, image + 5, image + 7]) gif.writeUInt16LE(65_535, at);

  const tiff = await small('tiff');
  const directory = tiff.readUInt32LE(4);
  for (let tag = 0; tag < tiff.readUInt16LE(directory); tag++) {
    const entry = directory + 2 + 12 * tag;
    // Width, height, rows of a strip.
    if (![256, 257, 278].includes(tiff.readUInt16LE(entry))) continue;
    tiff.writeUInt16LE(4, entry + 2);
    tiff.writeUInt32LE(65_535, entry + 8);
  }

  const webp = await small('webp');
  // 14 bits for each side less one, after the byte that signs lossless WebP; no side may have more than 16383.
  const size = webp.indexOf('VP8L') + 9;
  webp.writeUInt32LE(((webp[size + 3]! & 0xf0) * 2 ** 24 + 16_382 * 2 ** 14 + 16_382) >>> 0, size);

  return [
    ['PNG', claimedPng(65_535, 65_535)],
    ['JPEG', jpeg],
    ['GIF', gif],
    ['TIFF', tiff],
    ['WebP', webp],
    ['BMP', bmpFile({ width: 65_535, height: 65_535, bits: 24, pixels: new Uint8Array(64) })],
  ];
}
