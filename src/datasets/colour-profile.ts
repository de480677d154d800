/**
 * What an ICC profile says of itself: its name, enough to tell sRGB, whose pixels must stay as they are, from other profiles;
 * and whether it is whole and belongs to images of a kind.
 */

/** Description of a profile (ICC.1, tag `desc`, of type `desc` or `mluc`), or undefined where there is none. */
export function profileDescription(profile: Buffer): string | undefined {
  try {
    const tags = profile.readUInt32BE(128);
    for (let tag = 0; tag < Math.min(tags, 100); tag++) {
      const entry = 132 + 12 * tag;
      if (profile.toString('latin1', entry, entry + 4) !== 'desc') continue;
      return readText(profile.subarray(profile.readUInt32BE(entry + 4)));
    }
  } catch (error) {
    // A truncated profile has no name that can be relied on.
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

/** Whether the profile is sRGB under one of its many names. */
export function isSrgb(profile: Buffer): boolean {
  const name = profileDescription(profile) ?? '';
  return /\b(sRGB|c2)\b/i.test(name) && !/linear/i.test(name);
}

/** Colour space of the profile's device side (ICC.1, header, bytes 16 to 19) by the space of an image as sharp names it. */
const signatures: Readonly<Record<string, string>> = {
  srgb: 'RGB ',
  rgb: 'RGB ',
  rgb16: 'RGB ',
  'b-w': 'GRAY',
  grey16: 'GRAY',
  cmyk: 'CMYK',
};

/** Tags of which a profile of each kind needs all of one list to convert from its device (ICC.1, section 8). */
const needed: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'RGB ': [['rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC'], ['A2B0'], ['D2B0']],
  GRAY: [['kTRC'], ['A2B0'], ['D2B0']],
  CMYK: [['A2B0'], ['D2B0']],
};

/**
 * Whether the profile can convert images of this space: it is of their kind, and its tags are there and lie within it.
 * True for spaces that nothing is known of.
 */
export function fitsImages(profile: Buffer, space: string): boolean {
  const signature = signatures[space];
  if (signature === undefined) return true;
  try {
    if (profile.readUInt32BE(0) > profile.length || profile.toString('latin1', 36, 40) !== 'acsp')
      return false;
    if (profile.toString('latin1', 16, 20) !== signature) return false;
    const tags = new Set<string>();
    const count = profile.readUInt32BE(128);
    for (let tag = 0; tag < count; tag++) {
      const entry = 132 + 12 * tag;
      const [offset, length] = [profile.readUInt32BE(entry + 4), profile.readUInt32BE(entry + 8)];
      if (offset < 128 || offset + length > profile.length) return false;
      tags.add(profile.toString('latin1', entry, entry + 4));
    }
    return needed[signature]!.some((names) => names.every((name) => tags.has(name)));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function readText(data: Buffer): string | undefined {
  const type = data.toString('latin1', 0, 4);
  if (type === 'desc') return data.toString('latin1', 12, 12 + data.readUInt32BE(8)).replace(/\0.*$/s, '');
  if (type !== 'mluc') return undefined;
  const [length, offset] = [data.readUInt32BE(20), data.readUInt32BE(24)];
  return Buffer.from(data.subarray(offset, offset + length))
    .swap16()
    .toString('utf16le')
    .replace(/\0.*$/s, '');
}
