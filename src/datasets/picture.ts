/**
 * A picture that shall become another file and lose nothing on the way: its colours in its own RGB space, its opacity
 * apart, and the file it came from, whose metadata go with it. (What is trained on is all sRGB without opacity instead:
 * decode.ts.)
 */
import type { Metadata, Sharp } from 'sharp';
import { writeFileAtomically } from '../folders/atomic-write';
import { LabError } from '../folders/lab-error';
import type { Raster, RgbImage } from '../imaging/image';
import type { PictureFormat } from '../protocol/picture-formats';
import { decodeImage, explainFailure, openImage, readableForm, readSamples } from './decode';
import { toEightBits } from './eight-bits';
import { firstLine, readImageHeader } from './image-header';
import { readImageFile } from './images';

export interface Picture {
  readonly image: RgbImage;
  /** One channel, 255 is opaque; absent where the file has none. */
  readonly opacity?: Raster<Uint8Array>;
  /** What comes of its file's metadata. */
  readonly origin: Origin;
  /** What was changed in decoding it, one phrase each. */
  readonly notes: readonly string[];
}

interface Origin {
  /** The file, as sharp reads it. */
  readonly file: Buffer;
  /** Its colours are as the file has them, so its colour profile belongs to them. */
  readonly ownColours: boolean;
}

/** RGB, whatever its profile: what is not grey, CMYK or Lab. */
const rgbSpaces = ['srgb', 'rgb', 'rgb16'];

/** Whether a picture keeps the samples of its file, whatever they mean: others are converted to sRGB. */
export function hasOwnColours({ space }: Metadata): boolean {
  return rgbSpaces.includes(space);
}

/** Reads a picture. Throws a `LabError` that names the file. */
export async function readPicture(path: string): Promise<Picture> {
  const file = await readImageFile(path);
  try {
    if (file.length === 0) throw new LabError('The file is empty. Get a complete copy.');
    return await decodePicture(readableForm(file));
  } catch (error) {
    throw error instanceof LabError ? new LabError(`${path}: ${error.message}`, { cause: error }) : error;
  }
}

async function decodePicture(file: Buffer): Promise<Picture> {
  const header = await readImageHeader(file);
  const ownColours = hasOwnColours(header);
  const origin = { file, ownColours };
  if (!ownColours && !header.hasAlpha) return { ...(await decodeImage(file)), origin };
  try {
    const decoded = await readSamples(openImage(file, ownColours), header);
    const { width, height, channels, samples, peak } = decoded;
    const size = { width, height };
    const plane = (channel: number): Uint8Array => eightBits(samples, channels, channel, peak);
    const asTheyAre = channels === 3 && samples instanceof Uint8Array;
    const data = asTheyAre ? samples : interleave([plane(0), plane(1), plane(2)]);
    const image = { ...size, data };
    const opacity = channels === 4 ? { ...size, channels: 1, data: plane(3) } : undefined;
    return { image, ...(opacity && { opacity }), origin, notes: notesOf(header) };
  } catch (error) {
    throw new LabError(explainFailure(firstLine(error)), { cause: error });
  }
}

/** One channel of interleaved samples, rounded to the nearest of 8 bits. */
function eightBits(
  samples: Uint8Array | Uint16Array,
  channels: number,
  channel: number,
  peak: number,
): Uint8Array {
  const plane = new Uint8Array(samples.length / channels);
  for (let pixel = 0; pixel < plane.length; pixel++) {
    plane[pixel] = Math.min(255, Math.round((samples[pixel * channels + channel]! * 255) / peak));
  }
  return plane;
}

function interleave(planes: readonly Uint8Array[]): Uint8Array {
  const count = planes.length;
  const data = new Uint8Array(planes[0]!.length * count);
  for (const [channel, plane] of planes.entries()) {
    for (let pixel = 0; pixel < plane.length; pixel++) data[pixel * count + channel] = plane[pixel]!;
  }
  return data;
}

function notesOf({ pages, depth, bitsPerSample }: Metadata): string[] {
  const notes: string[] = [];
  if (pages !== undefined && pages > 1) notes.push(`first of ${pages} pages or frames`);
  if (depth === 'ushort') notes.push(`${bitsPerSample ?? 16} bits a channel rounded to 8`);
  return notes;
}

/** Longest side that a file of the format can have. */
const longestSides: Readonly<Record<PictureFormat, number>> = {
  png: 2 ** 31 - 1,
  jpeg: 65_535,
  webp: 16_383,
  tiff: 2 ** 31 - 1,
  avif: 65_536,
};

export interface PictureToWrite {
  readonly image: RgbImage;
  /** As large as the image. */
  readonly opacity?: Raster<Uint8Array> | undefined;
  /** The picture that it was made of. */
  readonly origin: Origin;
}

/**
 * Writes a picture as one step, with the EXIF (libvips has none in TIFF) and XMP data of its origin and, where its colours are still the origin's
 * own, the colour profile. Opacity is laid on white where the format has none. `quality`, from 1 to 100, is that of JPEG,
 * WebP and AVIF. Throws a `LabError` that names the file.
 */
export async function writePicture(
  path: string,
  { image, opacity, origin }: PictureToWrite,
  format: PictureFormat,
  quality: number,
): Promise<void> {
  const { width, height } = image;
  const longest = longestSides[format];
  if (Math.max(width, height) > longest) {
    throw new LabError(
      `${path} would be ${width}×${height}, and ${format.toUpperCase()} holds at most ${longest} pixels a side. ` +
        'Choose PNG or TIFF.',
    );
  }
  const laidOnWhite = opacity !== undefined && format === 'jpeg';
  const rgba = opacity && withOpacity(image.data, opacity.data);
  const samples = rgba === undefined ? image.data : laidOnWhite ? toEightBits(rgba, 4, 255) : rgba;
  const channels = samples.length === 3 * width * height ? 3 : 4;
  const zeros = Array<number>(channels).fill(0);
  // Sharp keeps metadata of what it reads only. So the origin's file is read, its pixels made black, and ours laid in.
  const pipeline = openImage(origin.file, origin.ownColours)
    .pipelineColourspace('srgb')
    .toColourspace('srgb');
  if (channels === 3) pipeline.flatten();
  pipeline
    .resize(width, height, { fit: 'fill', kernel: 'nearest' })
    .linear(zeros, zeros)
    .boolean(Buffer.from(samples.buffer, samples.byteOffset, samples.length), 'or', {
      raw: { width, height, channels },
    })
    .keepExif()
    .keepXmp();
  if (origin.ownColours) pipeline.keepIccProfile();
  await writeFileAtomically(path, await encoded(pipeline, format, quality).toBuffer());
}

function encoded(pipeline: Sharp, format: PictureFormat, quality: number): Sharp {
  switch (format) {
    case 'png':
      return pipeline.png({ compressionLevel: 6, adaptiveFiltering: true, palette: false });
    case 'jpeg':
      return pipeline.jpeg({ quality, chromaSubsampling: '4:4:4' });
    case 'webp':
      return pipeline.webp({ quality });
    case 'tiff':
      return pipeline.tiff({ compression: 'deflate', predictor: 'horizontal' });
    case 'avif':
      return pipeline.avif({ quality, chromaSubsampling: '4:4:4' });
  }
}

function withOpacity(rgb: Uint8Array, opacity: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(4 * opacity.length);
  for (let pixel = 0; pixel < opacity.length; pixel++) {
    rgba[4 * pixel] = rgb[3 * pixel]!;
    rgba[4 * pixel + 1] = rgb[3 * pixel + 1]!;
    rgba[4 * pixel + 2] = rgb[3 * pixel + 2]!;
    rgba[4 * pixel + 3] = opacity[pixel]!;
  }
  return rgba;
}
