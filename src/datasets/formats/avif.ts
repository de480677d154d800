/** AVIF animations: a still image with the same content is in most of them, but libvips knows such files by name only. */

/**
 * The file, or for an AVIF animation with a still image a copy that calls itself one. Source: AV1 Image File Format, brands
 * `avif` and `avis`; the file type box is ISO/IEC 14496-12.
 */
export function asStillImage(file: Buffer): Buffer {
  if (file.length < 16 || file.toString('latin1', 4, 12) !== 'ftypavis') return file;
  const brands = file.toString('latin1', 16, Math.min(file.length, file.readUInt32BE(0)));
  if (!/^(.{4})*avif/s.test(brands)) return file;
  const still = Buffer.from(file);
  still.write('avif', 8, 'latin1');
  return still;
}
