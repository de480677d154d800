/** What a file says of its picture without its pixels being decoded: what a person looks for beside the picture. */
import { stat } from 'node:fs/promises';
import type { Metadata } from 'sharp';
import { LabError } from '../folders/lab-error';
import type { PictureFacts } from '../protocol/preview';
import { isSrgb, profileDescription } from './colour-profile';
import { readableForm } from './decode';
import { isBmp } from './formats/bmp';
import { readExif } from './formats/exif';
import { readImageHeader } from './image-header';
import { readImageFile } from './images';

/** Formats that a browser shows. */
const browserFormats = ['JPEG', 'PNG', 'WEBP', 'AVIF', 'GIF', 'BMP'];
/** Chromium decodes no picture of more pixels than fit into half a gibibyte. */
const MOST_BROWSER_PIXELS = 2 ** 27 - 1;

/** Reads the header of a picture. Throws a `LabError` that names the file if it is none, or is not to be decoded. */
export async function describePicture(path: string): Promise<PictureFacts> {
  const file = await readImageFile(path);
  try {
    if (file.length === 0) throw new LabError('The file is empty. Get a complete copy.');
    const format = isBmp(file) ? 'BMP' : undefined;
    const { size } = await stat(path);
    return factsOf(await readImageHeader(readableForm(file)), size, format);
  } catch (error) {
    throw error instanceof LabError ? new LabError(`${path}: ${error.message}`, { cause: error }) : error;
  }
}

function factsOf(header: Metadata, bytes: number, known: string | undefined): PictureFacts {
  const format = known ?? formatOf(header);
  const turned = (header.orientation ?? 1) >= 5;
  const [width, height] = turned ? [header.height, header.width] : [header.width, header.height];
  const bitDepth = header.bitsPerSample ?? (header.depth === 'ushort' ? 16 : 8);
  return {
    format,
    width,
    height,
    bytes,
    bitDepth,
    colours: coloursOf(header),
    profile: header.icc === undefined ? null : (profileDescription(header.icc) ?? 'unnamed'),
    rendered: whyRendered(header, format),
    notes: notesOf(header),
    exif: header.exif === undefined ? [] : readExif(header.exif),
  };
}

function coloursOf({ space, hasAlpha }: Metadata): string {
  const names: Record<string, string> = { 'b-w': 'grey', grey16: 'grey', cmyk: 'CMYK', lab: 'Lab' };
  return (names[space] ?? 'RGB') + (hasAlpha ? ' with opacity' : '');
}

function formatOf({ format }: Metadata): string {
  return format === 'heif' ? 'AVIF' : format.toUpperCase();
}

/** Why the lab makes a PNG of a picture; null where a browser shows the very samples of the file. */
export function whyRendered(header: Metadata, format = formatOf(header)): string | null {
  if (!browserFormats.includes(format)) return `${format} is decoded by the lab`;
  if (header.width * header.height > MOST_BROWSER_PIXELS) return 'it is too large for the browser';
  if (header.depth === 'ushort') return '16 bits a channel are rounded by the lab';
  if (header.space === 'cmyk') return 'CMYK is converted by the lab';
  return null;
}

function notesOf({ depth, pages, orientation, icc, space }: Metadata): string[] {
  const notes: string[] = [];
  if (pages !== undefined && pages > 1) notes.push(`The first of ${pages} pages or frames is shown.`);
  if (depth === 'ushort') notes.push('Shown with 8 bits a channel, rounded.');
  if ((orientation ?? 1) > 1) notes.push('Turned upright, as its EXIF data say.');
  if (space === 'cmyk') notes.push('Colours are converted from CMYK to sRGB.');
  else if (icc !== undefined && !isSrgb(icc))
    notes.push('Values are those of the file, in its own colour profile.');
  return notes;
}
