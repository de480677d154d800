/** What a bad disk, a broken download or a hostile hand makes of a file. */
import { crc32 } from './png-files';

/** Numbers in [0, `limit`). */
type Random = (limit: number) => number;

/** Sizes, counts and offsets at which programs stumble. */
const lies = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
];

/** A changed copy of `file`; `other` is another file, of which a part may be put in. */
export function mutate(file: Buffer, other: Buffer, random: Random): Buffer {
  let changed: Buffer = Buffer.from(file);
  for (let times = 1 + random(3); times > 0; times--) {
    changed = mutations[random(mutations.length)]!(changed, other, random);
  }
  // Otherwise hardly a change would get past the checksums of PNG.
  if (random(3) > 0) mendPng(changed);
  return changed;
}

type Mutation = (file: Buffer, other: Buffer, random: Random) => Buffer;

const mutations: readonly Mutation[] = [
  function flipBits(file, _, random) {
    for (let flips = 1 + random(20); flips > 0 && file.length > 0; flips--) {
      const at = random(file.length);
      file[at] = file[at]! ^ (1 << random(8));
    }
    return file;
  },
  function cut(file, _, random) {
    return file.subarray(0, random(file.length + 1));
  },
  function overwrite(file, _, random) {
    const start = random(file.length + 1);
    return file.fill(random(256), start, Math.min(file.length, start + 1 + random(64)));
  },
  /** Most of what a format says of itself is near its beginning. */
  function lie(file, _, random) {
    const bytes = [1, 2, 4][random(3)]!;
    const reach = random(2) === 0 ? Math.min(file.length, 128) : file.length;
    if (reach <= bytes) return file;
    const at = random(reach - bytes);
    const value = lies[random(lies.length)]! % 256 ** bytes;
    if (random(2) === 0) file.writeUIntLE(value, at, bytes);
    else file.writeUIntBE(value, at, bytes);
    return file;
  },
  function splice(file, other, random) {
    const start = random(other.length);
    const part = other.subarray(start, start + 1 + random(200));
    const at = random(file.length + 1);
    return Buffer.concat([file.subarray(0, at), part, file.subarray(at + random(2) * part.length)]);
  },
  function repeatOrRemove(file, _, random) {
    const start = random(file.length + 1);
    const end = Math.min(file.length, start + 1 + random(200));
    return Buffer.concat([
      file.subarray(0, random(2) === 0 ? end : start),
      file.subarray(random(2) === 0 ? start : end),
    ]);
  },
];

/** Puts right the checksum of each chunk. */
function mendPng(file: Buffer): void {
  if (file.toString('latin1', 1, 4) !== 'PNG') return;
  for (let at = 8; at + 12 <= file.length;) {
    const end = at + 8 + file.readUInt32BE(at);
    if (end + 4 > file.length) return;
    file.writeUInt32BE(crc32(file.subarray(at + 4, end)), end);
    at = end + 4;
  }
}
