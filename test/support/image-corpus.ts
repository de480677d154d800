/** A small real image of each format in each of its kinds, as bytes: what fuzzing starts from. */
import sharp from 'sharp';
import { bmpFile, bmpRows } from './bmp-files';
import { adobeRgb, greyProfile, rgbProfile } from './icc-profiles';
import { alphaPng, cmykJpeg, greyPng, picture, png } from './image-files';
import { makeImage } from './pictures';
import { pngFile } from './png-files';

/** Wide and high enough to be used at ×2. */
const [width, height] = [64, 48];

export async function imageCorpus(): Promise<[name: string, file: Buffer][]> {
  const small = picture(width, height);
  const still = (): typeof small => small.clone();
  const frames = await Promise.all([1, 2, 3].map((seed) => png(width, height, seed)));
  const animation = (): typeof small => sharp(frames, { join: { animated: true } });
  const clear = sharp(await alphaPng(width, height));
  const wide = Array.from(makeImage(width, height).data, (value) => value * 257);
  const profile = rgbProfile('Adobe RGB (1998)', adobeRgb, 2.2);
  const files: [string, Buffer | Promise<Buffer>][] = [
    ['plain.png', still().png().toBuffer()],
    ['interlaced.png', still().png({ progressive: true }).toBuffer()],
    ['palette.png', still().png({ palette: true, colours: 16 }).toBuffer()],
    ['alpha.png', alphaPng(width, height)],
    ['grey.png', greyPng(width, height)],
    ['16 bits.png', pngFile({ width, height, bits: 16, type: 'rgb', samples: wide, profile })],
    [
      '16 bits grey.png',
      pngFile({
        width: 3 * width,
        height,
        bits: 16,
        type: 'grey',
        samples: wide,
        profile: greyProfile('Grey', 1.8),
      }),
    ],
    ['baseline.jpg', still().jpeg().toBuffer()],
    ['progressive.jpg', still().jpeg({ progressive: true, mozjpeg: true }).toBuffer()],
    ['cmyk.jpg', cmykJpeg(width, height)],
    ['turned.jpg', still().withMetadata({ orientation: 6, icc: 'p3' }).jpeg().toBuffer()],
    ['grey.jpg', still().toColourspace('b-w').jpeg().toBuffer()],
    ['lossy.webp', still().webp().toBuffer()],
    ['lossless.webp', still().webp({ lossless: true }).toBuffer()],
    ['alpha.webp', clear.clone().webp().toBuffer()],
    ['animated.webp', animation().webp({ lossless: true }).toBuffer()],
    ['plain.tif', still().tiff({ compression: 'none' }).toBuffer()],
    ['lzw.tif', still().tiff({ compression: 'lzw', predictor: 'horizontal' }).toBuffer()],
    ['deflate.tif', still().withIccProfile('p3').tiff({ compression: 'deflate' }).toBuffer()],
    ['tiles.tif', still().tiff({ compression: 'lzw', tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer()],
    ['jpeg.tif', still().tiff({ compression: 'jpeg' }).toBuffer()],
    ['fax.tif', still().toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 }).toBuffer()],
    [
      '16 bits.tif',
      sharp(Uint16Array.from(wide), { raw: { width, height, channels: 3 } })
        .toColourspace('rgb16')
        .tiff({ compression: 'lzw' })
        .toBuffer(),
    ],
    ['plain.avif', still().avif({ effort: 0 }).toBuffer()],
    ['alpha.avif', clear.clone().avif({ effort: 0, lossless: true }).toBuffer()],
    ['plain.gif', still().gif().toBuffer()],
    ['animated.gif', animation().gif({ interFrameMaxError: 8 }).toBuffer()],
    ...bitmaps(profile),
  ];
  return Promise.all(files.map(async ([name, file]): Promise<[string, Buffer]> => [name, await file]));
}

function bitmaps(profile: Buffer): [string, Buffer][] {
  const { data } = makeImage(width, height);
  const pixels = Array.from({ length: width * height }, (_, i) => [...data.subarray(3 * i, 3 * i + 3)]);
  const colours = pixels.map(([r, g, b]) => r! * 65536 + g! * 256 + b!);
  const indices = pixels.map(([r]) => r! >> 4);
  const palette = Array.from({ length: 16 }, (_, i): [number, number, number] => [i * 17, 255 - i * 17, 128]);
  const runs = Array.from({ length: height }, (_, y) => {
    const row = indices.slice(y * width, (y + 1) * width);
    return [...row.flatMap((index) => [1, index * 17]), 0, 0];
  });
  const size = { width, height };
  return [
    [
      '24 bits.bmp',
      bmpFile({ ...size, bits: 24, pixels: bmpRows(width, 24, colours), headerSize: 124, profile }),
    ],
    ['4 bits.bmp', bmpFile({ ...size, bits: 4, palette, pixels: bmpRows(width, 4, indices) })],
    [
      'rle4.bmp',
      bmpFile({ ...size, bits: 4, compression: 2, palette, pixels: Uint8Array.from([...runs.flat(), 0, 1]) }),
    ],
    [
      'rle8.bmp',
      bmpFile({
        ...size,
        bits: 8,
        compression: 1,
        palette: Array.from({ length: 256 }, (_, i) => [i, i, i] as const),
        pixels: Uint8Array.from([...runs.flat(), 0, 1]),
      }),
    ],
    [
      'masks.bmp',
      bmpFile({
        ...size,
        bits: 32,
        compression: 3,
        headerSize: 108,
        masks: [0xff0000, 0xff00, 0xff, 0xff000000],
        pixels: bmpRows(
          width,
          32,
          colours.map((colour) => colour + 0x80000000),
        ),
      }),
    ],
    ['os2.bmp', bmpFile({ ...size, bits: 24, headerSize: 12, pixels: bmpRows(width, 24, colours) })],
  ];
}
