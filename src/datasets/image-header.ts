/** What is known of an image before any memory is taken for its pixels, and the reasons not to decode it. */
import sharp, { type Metadata } from 'sharp';
import { LabError, messageOf } from '../folders/lab-error';
import { readableFormats, readableFormatsInWords } from './image-files';

/** Larger images are refused: decoded, one of them would take more than 800 MB. */
export const maximumPixels = 268_000_000;

/** Reads the header of an image that sharp can read. Throws a `LabError`, without a file name, if it is not to be decoded. */
export async function readImageHeader(file: Buffer): Promise<Metadata> {
  let header: Metadata;
  try {
    header = await sharp(file, { failOn: 'error', limitInputPixels: false }).metadata();
  } catch (error) {
    throw new LabError(
      `This is not an image, or a damaged one: its content is not ${readableFormatsInWords} (${firstLine(error)}).`,
      { cause: error },
    );
  }
  const { width, height, depth, channels, space } = header;
  const format = header.format === 'heif' && header.compression === 'av1' ? 'avif' : header.format;
  if (!readableFormats.some((readable) => readable === format)) {
    throw new LabError(`Its content is ${format.toUpperCase()}, not ${readableFormatsInWords}. Convert it.`);
  }
  if (width * height > maximumPixels) {
    throw new LabError(
      `It has ${width}×${height} pixels, more than ${maximumPixels / 1e6} million. Cut it into parts.`,
    );
  }
  if (depth !== 'uchar' && depth !== 'ushort') {
    throw new LabError(
      `Its samples are of type ${depth}, whose range is not known. Save it with 8 or 16 bits a channel.`,
    );
  }
  if (channels > (space === 'cmyk' ? 5 : 4)) {
    throw new LabError(
      `It has ${channels} channels, and it is not known what they are. Save it as grey, RGB or CMYK.`,
    );
  }
  return header;
}

/** What a library says, in one line without a full stop. */
export function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0]!.replace(/\.$/, '');
}
