/**
 * Decoded samples to 8-bit RGB, rounded to the nearest, with what is transparent laid on white. Libvips would cut off what
 * is left of a division: a half-transparent black would be one level too dark, and the white of 16 bits 254.
 */

/**
 * RGB, or RGBA with colours that opacity is not multiplied into, interleaved; `peak` is the sample that means full. Not
 * linear light: as browsers and most programs do it.
 */
export function toEightBits(samples: Uint8Array | Uint16Array, channels: 3 | 4, peak: number): Uint8Array {
  if (channels === 3 && samples instanceof Uint8Array) return samples;
  const bytes = new Uint8Array((samples.length / channels) * 3);
  if (channels === 3) {
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.min(255, Math.round((samples[i]! * 255) / peak));
    return bytes;
  }
  for (let i = 0, j = 0; i < samples.length; i += 4, j += 3) {
    const opacity = Math.min(1, samples[i + 3]! / peak);
    for (let channel = 0; channel < 3; channel++) {
      const level = Math.min(255, (samples[i + channel]! * 255) / peak);
      bytes[j + channel] = Math.round(255 + opacity * (level - 255));
    }
  }
  return bytes;
}
