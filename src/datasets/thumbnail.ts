/**
 * A large picture made small, to be looked at while the picture itself is on its way: quickly made, and no source of values.
 * Most files are reduced as they are decoded, JPEG and WebP before all of their pixels are. What takes longest to decode is
 * decoded by the caller instead, once for all that it does with the picture.
 */
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { PictureThumbnail } from '../protocol/preview';
import { LabError } from '../folders/lab-error';
import { explainFailure, openImage, readableForm } from './decode';
import { isBmp } from './formats/bmp';
import { firstLine, readImageHeader } from './image-header';
import { readImageFile } from './images';
import { hasOwnColours, type Picture } from './picture';
import { whyRendered } from './picture-facts';

/** A browser loads and shows smaller pictures as quickly. */
const SMALLEST_PIXELS = 4e6;
/** Longest side: about as many pixels as an editor has. */
const SIDE = 1600;

/**
 * Makes a thumbnail, upright, in the colours in which a page shows the picture; null where the picture is small itself.
 * Throws a `LabError` if the file is no picture.
 * @param decode gives the whole picture; called only where that is needed
 */
export async function readThumbnail(
  path: string,
  decode: () => Promise<Picture>,
): Promise<PictureThumbnail | null> {
  const file = await readImageFile(path);
  const bmp = isBmp(file);
  if (!bmp) {
    const readable = readableForm(file);
    const header = await readImageHeader(readable);
    if (!isLarge(header)) return null;
    if (mayBeReduced(header)) return encode(openImage(readable, true).toColourspace('srgb'), header.hasAlpha);
  }
  const { image, opacity } = await decode();
  if (!isLarge(image)) return null;
  const size = { width: image.width, height: image.height };
  const colours = reduce(rasterOf(image.data, { ...size, channels: 3 }));
  if (opacity === undefined) return encode(colours, false);
  const { data, info } = await colours.raw().toBuffer({ resolveWithObject: true });
  const veil = await reduce(rasterOf(opacity.data, { ...size, channels: 1 }))
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const reduced = { width: info.width, height: info.height };
  const joined = rasterOf(data, { ...reduced, channels: 3 });
  return encode(joined.joinChannel(veil, { raw: { ...reduced, channels: 1 } }), true);
}

function isLarge({ width, height }: { width: number; height: number }): boolean {
  return width * height >= SMALLEST_PIXELS;
}

/** AVIF takes so long that it is better decoded once. What is converted, such as CMYK, is converted in one place. */
function mayBeReduced(header: Metadata): boolean {
  if (header.format === 'heif') return false;
  if (hasOwnColours(header)) return true;
  // A browser shows grey as it is in the file; where the lab does, it goes by the profile.
  return header.space === 'b-w' && (header.icc === undefined || whyRendered(header) === null);
}

function rasterOf(data: Uint8Array, raw: { width: number; height: number; channels: 1 | 3 }): Sharp {
  return sharp(data, { raw, limitInputPixels: false });
}

function reduce(pipeline: Sharp): Sharp {
  return pipeline.resize(SIDE, SIDE, { fit: 'inside', kernel: 'linear', withoutEnlargement: true });
}

async function encode(pipeline: Sharp, hasAlpha: boolean): Promise<PictureThumbnail> {
  const reduced = reduce(pipeline);
  const file = hasAlpha ? reduced.webp({ quality: 90, effort: 0 }) : reduced.jpeg({ quality: 90 });
  try {
    const base64 = (await file.toBuffer()).toString('base64');
    return { type: hasAlpha ? 'image/webp' : 'image/jpeg', base64 };
  } catch (error) {
    throw new LabError(explainFailure(firstLine(error)), { cause: error });
  }
}
