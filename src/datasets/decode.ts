/**
 * Decodes an image of any kind into 8-bit sRGB, and says in notes what was changed on the way: turned by EXIF, grey to
 * RGB, 16 to 8 bit, CMYK and other colour spaces to sRGB, transparency laid on white. The content decides, not the name.
 * Why an image cannot be read is said in words without its name, which the caller knows.
 */
import sharp, { type Metadata, type Sharp } from 'sharp';
import { LabError } from '../folders/lab-error';
import type { RgbImage } from '../imaging/image';
import { fitsImages, isSrgb, profileDescription } from './colour-profile';
import { toEightBits } from './eight-bits';
import { asStillImage } from './formats/avif';
import { decodeBmp, isBmp } from './formats/bmp';
import { wrapAsTiff } from './formats/tiff';
import { hasBareYCbCr } from './formats/tiff-tags';
import { firstLine, maximumPixels, readImageHeader } from './image-header';

// An image is decoded once: libvips' cache would only hold memory, and what comes from it is not warned of again.
sharp.cache(false);

export interface DecodedImage {
  image: RgbImage;
  /** What was changed, one phrase each. */
  notes: string[];
}

/** Decodes the bytes of an image file. Throws a `LabError` that says, without a file name, why it cannot be read. */
export async function decodeImage(file: Buffer): Promise<DecodedImage> {
  if (file.length === 0) throw new LabError('The file is empty. Get a complete copy.');
  const readable = readableForm(file);
  const header = await readImageHeader(readable);
  try {
    const { image, profile } = await render(readable, header);
    return { image, notes: describeChanges(header, profile) };
  } catch (error) {
    throw new LabError(explainFailure(firstLine(error)), { cause: error });
  }
}

/** The file as sharp can be handed it. Throws a `LabError` if its colours would be mistaken. */
export function readableForm(file: Buffer): Buffer {
  if (hasBareYCbCr(file))
    throw new LabError(
      'It is a TIFF with YCbCr colours, which is read only with JPEG compression. Save it as RGB.',
    );
  return isBmp(file) ? wrapAsTiff(decodeBmp(file, maximumPixels)) : asStillImage(file);
}

/** Why a file whose header could be read cannot be decoded; `reason` is what the library says. */
export function explainFailure(reason: string): string {
  const compression = /(\w+) compression support is not configured/.exec(reason)?.[1];
  if (compression !== undefined)
    return `Its compression, ${compression}, is not read. Save it with another one.`;
  return `The image is damaged or cut short (${reason}). Get a complete copy, or open it and save it again.`;
}

type ProfileUse = 'none' | 'converted' | 'srgb' | 'broken';

interface Rendered {
  image: RgbImage;
  profile: ProfileUse;
}

async function render(file: Buffer, header: Metadata): Promise<Rendered> {
  const { icc, space } = header;
  if (icc === undefined) return { image: await readPixels(openImage(file, true), header), profile: 'none' };
  if (isSrgb(icc)) return { image: await readPixels(openImage(file, true), header), profile: 'srgb' };
  // Libvips would say so in a warning, which in sharp any picture that is decoded meanwhile may receive.
  if (!fitsImages(icc, space))
    return { image: await readPixels(openImage(file, true), header), profile: 'broken' };
  if (space === 'grey16') return renderWideGrey(file, header, icc);

  const pipeline = openImage(file, false);
  const warnings: string[] = [];
  pipeline.on('warning', (message: string) => warnings.push(message));
  // Wide colours are converted by way of Display P3, which sharp would stop at.
  if (space === 'rgb16') pipeline.withIccProfile('srgb');
  const image = await readPixels(pipeline, header);
  const broken = warnings.some((message) => message.includes('profile'));
  return { image, profile: broken ? 'broken' : 'converted' };
}

/** Sharp converts grey of 16 bits by no profile; so it is rounded first. */
async function renderWideGrey(file: Buffer, header: Metadata, profile: Uint8Array): Promise<Rendered> {
  const { width, height, data: rgb } = await readPixels(openImage(file, true), header);
  const data = new Uint8Array(width * height).map((_, pixel) => rgb[3 * pixel]!);
  const narrow = wrapAsTiff({ width, height, channels: 1, data, profile });
  return render(narrow, await readImageHeader(narrow));
}

/** Begins to decode, upright. */
export function openImage(file: Buffer, ignoreIcc: boolean): Sharp {
  return sharp(file, { failOn: 'error', limitInputPixels: maximumPixels, ignoreIcc }).autoOrient();
}

async function readPixels(pipeline: Sharp, header: Metadata): Promise<RgbImage> {
  const { width, height, channels, samples, peak } = await readSamples(pipeline, header);
  return { width, height, data: toEightBits(samples, channels, peak) };
}

export interface DecodedSamples {
  width: number;
  height: number;
  /** RGB, or RGBA with colours that opacity is not multiplied into. */
  channels: 3 | 4;
  samples: Uint8Array | Uint16Array;
  /** The sample that means full. */
  peak: number;
}

/** RGB of 8 or 16 bits, as wide as the file has it. */
export async function readSamples(
  pipeline: Sharp,
  { space, bitsPerSample }: Metadata,
): Promise<DecodedSamples> {
  // Other spaces of 16 bits, such as CMYK, come out of their conversion with 8.
  const wide = space === 'rgb16' || space === 'grey16';
  if (wide) pipeline.toColourspace('rgb16').raw({ depth: 'ushort' });
  else pipeline.toColourspace('srgb').raw({ depth: 'uchar' });
  const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const samples = wide
    ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
  // AVIF of 10 or 12 bits is shifted up to 16, so that its white is less than 65535.
  const unused = wide && bitsPerSample !== undefined ? 2 ** (16 - bitsPerSample) : 1;
  const peak = wide ? 65_536 - unused : 255;
  return { width, height, channels: info.channels === 4 ? 4 : 3, samples, peak };
}

function describeChanges(header: Metadata, profile: ProfileUse): string[] {
  const { space, icc } = header;
  const notes: string[] = [];
  if (header.pages !== undefined && header.pages > 1) notes.push(`first of ${header.pages} pages or frames`);
  if (header.orientation !== undefined && header.orientation > 1) notes.push('turned as its EXIF data say');
  if (header.depth === 'ushort') notes.push(`${header.bitsPerSample ?? 16} bits a channel rounded to 8`);
  if (header.hasAlpha) notes.push('transparency laid on white');
  if (space === 'b-w' || space === 'grey16') notes.push('grey made RGB');
  const name = icc === undefined ? undefined : profileDescription(icc);
  if (profile === 'converted') notes.push(`colours converted from ${name ?? 'its profile'} to sRGB`);
  else if (profile === 'broken')
    notes.push('its colour profile is damaged or does not fit, so it was taken for sRGB');
  else if (space === 'cmyk') notes.push('colours converted from CMYK to sRGB');
  else if (!knownSpaces.includes(space)) notes.push(`colours converted from ${space} to sRGB`);
  return notes;
}

/** What is sRGB where no profile says otherwise. */
const knownSpaces = ['srgb', 'rgb', 'rgb16', 'b-w', 'grey16'];
