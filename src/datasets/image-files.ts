/** Which files are images, by their names. What is in them decides later (decode.ts). */

/** Formats that sharp reads, as it names them; BMP comes to it as TIFF. */
export const readableFormats = ['jpeg', 'png', 'webp', 'tiff', 'avif', 'gif'] as const;

const readable = 'png jpg jpeg jpe jfif webp tif tiff avif bmp dib gif'.split(' ');
const unreadable =
  'heic heif jp2 j2k jxl psd svg exr hdr tga ppm pgm pbm ico cr2 cr3 nef arw dng raf orf rw2'.split(' ');

/** What to do with a file of this name: an image to read, an image that cannot be read, or something else. */
export function kindOfFile(name: string): 'readable' | 'unreadable' | 'other' {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (readable.includes(extension)) return 'readable';
  return unreadable.includes(extension) ? 'unreadable' : 'other';
}

/** The readable formats for people. */
export const readableFormatsInWords = 'PNG, JPEG, WebP, TIFF, AVIF, BMP or GIF';
