/**
 * What the first directory of a TIFF file says of its colours, for the one kind that libvips reads as if it were another.
 * Sources: Adobe, "TIFF Revision 6.0", section 2 and 21; BigTIFF has wider offsets and is otherwise the same.
 */

const COMPRESSION = 259;
const PHOTOMETRIC = 262;
const YCBCR = 6;
/** JPEG as it was first, and as technical note 2 has it: libtiff converts their colours itself. */
const jpegCompressions = [6, 7];

/** Whether its samples are luma and chroma that no decoder between here and there makes RGB. False for any other file. */
export function hasBareYCbCr(file: Buffer): boolean {
  try {
    const tags = firstDirectory(file);
    return tags.get(PHOTOMETRIC) === YCBCR && !jpegCompressions.includes(tags.get(COMPRESSION) ?? 1);
  } catch (error) {
    // An offset beyond the end: the file is damaged, which whoever decodes it says.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The tags of the first directory that are one SHORT. */
function firstDirectory(file: Buffer): Map<number, number> {
  const tags = new Map<number, number>();
  const order = file.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return tags;
  const little = order === 'II';
  const short = (at: number): number => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const long = (at: number): number => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  const wide = (at: number): number => Number(little ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at));
  const version = short(2);
  if (version !== 42 && version !== 43) return tags;
  const big = version === 43;
  const start = big ? wide(8) : long(4);
  const count = big ? wide(start) : short(start);
  const entryBytes = big ? 20 : 12;
  for (let entry = 0; entry < count; entry++) {
    const at = start + (big ? 8 : 2) + entry * entryBytes;
    const tag = short(at);
    // Tags ascend.
    if (tag > PHOTOMETRIC) break;
    tags.set(tag, short(at + (big ? 12 : 8)));
  }
  return tags;
}
