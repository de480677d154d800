/** The name inside an ICC profile: enough to tell sRGB, whose pixels must stay as they are, from other profiles. */

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
