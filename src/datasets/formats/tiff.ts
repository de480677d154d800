/**
 * The simplest TIFF file around given samples, for what sharp cannot be handed as it is: its colours and opacity are then
 * seen to like those of any other file. Source: Adobe, "TIFF Revision 6.0", baseline; tag 34675 is the ICC profile.
 */
import type { Samples } from './samples';

const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;

/** Wraps the samples, uncompressed, little-endian, in one strip. They take less than 4 GB. */
export function wrapAsTiff({ width, height, channels, data, profile }: Samples): Buffer {
  const [white, rgb, unassociated] = [1, 2, 2];
  const tags: [tag: number, type: number, count: number, value: number][] = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, 1, 8],
    [259, SHORT, 1, 1],
    [262, SHORT, 1, channels === 1 ? white : rgb],
    [273, LONG, 1, 0],
    [277, SHORT, 1, channels],
    [278, LONG, 1, height],
    [279, LONG, 1, data.length],
  ];
  if (channels === 4) tags.push([338, SHORT, 1, unassociated]);
  if (profile !== undefined) tags.push([34675, UNDEFINED, profile.length, 0]);

  // Header, number of tags, tags, offset of the next directory, bits of each sample, profile, samples.
  const bitsAt = 8 + 2 + 12 * tags.length + 4;
  const profileAt = bitsAt + 8;
  const samplesAt = profileAt + (profile?.length ?? 0);
  const file = Buffer.alloc(samplesAt + data.length);
  file.write('II', 'latin1');
  file.writeUInt16LE(42, 2);
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(tags.length, 8);
  for (const [index, [tag, type, count, value]] of tags.entries()) {
    const at = 10 + 12 * index;
    const several = tag === 258 && channels > 1;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(several ? channels : count, at + 4);
    const placed = several ? bitsAt : tag === 273 ? samplesAt : tag === 34675 ? profileAt : value;
    if (type === SHORT && !several) file.writeUInt16LE(placed, at + 8);
    else file.writeUInt32LE(placed, at + 8);
  }
  for (let channel = 0; channel < channels; channel++) file.writeUInt16LE(8, bitsAt + 2 * channel);
  if (profile !== undefined) file.set(profile, profileAt);
  file.set(data, samplesAt);
  return file;
}
