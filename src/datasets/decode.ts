/**
 * Decodes an image of any kind into 8-bit sRGB, and says in notes what was changed on the way: turned by EXIF, grey to
 * RGB, 16 to 8 bit, CMYK and other colour spaces to sRGB, transparency laid on white. Why an image cannot be read is
 * said in words without its name, which the caller knows.
 */
import sharp, { type Metadata } from 'sharp';
import { LabError, messageOf } from '../folders/lab-error';
import type { RgbImage } from '../imaging/image';
import { isSrgb, profileDescription } from './colour-profile';
import { readableFormats, readableFormatsInWords } from './image-files';

/** Larger images are refused: decoded, one of them would take more than 800 MB. */
export const maximumPixels = 268_000_000;

export interface DecodedImage {
  image: RgbImage;
  /** What was changed, one phrase each. */
  notes: string[];
}

/** Decodes the bytes of an image file. Throws a `LabError` that says, without a file name, why it cannot be read. */
export async function decodeImage(file: Buffer): Promise<DecodedImage> {
  const metadata = await readMetadata(file);
  const wide = metadata.depth === 'ushort';
  const ignoreIcc = metadata.icc !== undefined && isSrgb(metadata.icc);
  try {
    const pipeline = sharp(file, {
      failOn: 'error',
      limitInputPixels: maximumPixels,
      ignoreIcc,
    }).autoOrient();
    if (wide) pipeline.toColourspace('rgb16').raw({ depth: 'ushort' });
    else pipeline.flatten({ background: '#ffffff' }).toColourspace('srgb').raw({ depth: 'uchar' });
    const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
    return {
      image: {
        width: info.width,
        height: info.height,
        data: wide ? narrow(data, info.channels) : new Uint8Array(data.buffer, data.byteOffset, data.length),
      },
      notes: describeChanges(metadata, ignoreIcc),
    };
  } catch (error) {
    throw new LabError(
      `The image is damaged or cut short (${firstLine(error)}). Get a complete copy, or open it and save it again.`,
      { cause: error },
    );
  }
}

async function readMetadata(file: Buffer): Promise<Metadata> {
  if (file.length === 0) throw new LabError('The file is empty. Get a complete copy.');
  let metadata: Metadata;
  try {
    metadata = await sharp(file, { failOn: 'error', limitInputPixels: false }).metadata();
  } catch (error) {
    throw new LabError(
      `This is not an image, or a damaged one: its content is not ${readableFormatsInWords} (${firstLine(error)}).`,
      { cause: error },
    );
  }
  const format = metadata.format === 'heif' && metadata.compression === 'av1' ? 'avif' : metadata.format;
  if (!readableFormats.some((readable) => readable === format)) {
    throw new LabError(`Its content is ${format.toUpperCase()}, not ${readableFormatsInWords}. Convert it.`);
  }
  if (metadata.width * metadata.height > maximumPixels) {
    throw new LabError(
      `It has ${metadata.width}×${metadata.height} pixels, more than ${maximumPixels / 1e6} million. Cut it into parts.`,
    );
  }
  if (metadata.depth !== 'uchar' && metadata.depth !== 'ushort') {
    throw new LabError(
      `Its samples are of type ${metadata.depth}, whose range is not known. Save it with 8 or 16 bits a channel.`,
    );
  }
  return metadata;
}

function describeChanges(metadata: Metadata, ignoreIcc: boolean): string[] {
  const { space, icc } = metadata;
  const notes: string[] = [];
  if (metadata.pages !== undefined && metadata.pages > 1)
    notes.push(`first of ${metadata.pages} pages or frames`);
  if (metadata.orientation !== undefined && metadata.orientation > 1)
    notes.push('turned as its EXIF data say');
  if (metadata.depth === 'ushort') notes.push('16 bits a channel rounded to 8');
  if (metadata.hasAlpha) notes.push('transparency laid on white');
  if (space === 'b-w' || space === 'grey16') notes.push('grey made RGB');
  else if (icc !== undefined && !ignoreIcc)
    notes.push(`colours converted from ${profileDescription(icc) ?? 'its profile'} to sRGB`);
  else if (space === 'cmyk') notes.push('colours converted from CMYK to sRGB');
  else if (!['srgb', 'rgb', 'rgb16'].includes(space)) notes.push(`colours converted from ${space} to sRGB`);
  return notes;
}

/**
 * 16-bit samples (RGB, or RGBA to lay on white) to 8-bit RGB, rounded to the nearest: 65535 becomes 255. Libvips would
 * cut off the lower byte, and take 65280 for white.
 */
function narrow(data: Buffer, channels: number): Uint8Array {
  const wide = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const bytes = new Uint8Array((wide.length / channels) * 3);
  for (let i = 0, j = 0; j < bytes.length; i += channels, j += 3) {
    const opacity = channels === 4 ? wide[i + 3]! / 65535 : 1;
    for (let channel = 0; channel < 3; channel++) {
      bytes[j + channel] = Math.round((65535 + opacity * (wide[i + channel]! - 65535)) / 257);
    }
  }
  return bytes;
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0]!.replace(/\.$/, '');
}
