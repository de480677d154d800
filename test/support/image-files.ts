/** Image files of every kind that a data set may meet, good and bad, as bytes. */
import sharp, { type Sharp } from 'sharp';
import { makeImage } from './pictures';

/** A made-up photograph of `width` × `height`, to be encoded. */
export function picture(width: number, height: number, seed = 1): Sharp {
  return sharp(makeImage(width, height, seed).data, { raw: { width, height, channels: 3 } });
}

export function png(width: number, height: number, seed = 1): Promise<Buffer> {
  return picture(width, height, seed).png().toBuffer();
}

export function jpeg(width: number, height: number, seed = 1): Promise<Buffer> {
  return picture(width, height, seed).jpeg({ quality: 95 }).toBuffer();
}

/** A JPEG that ends half-way. */
export async function truncatedJpeg(width: number, height: number): Promise<Buffer> {
  const whole = await jpeg(width, height);
  return whole.subarray(0, Math.floor(whole.length / 2));
}

export function cmykJpeg(width: number, height: number): Promise<Buffer> {
  return picture(width, height).toColourspace('cmyk').jpeg().toBuffer();
}

export function greyPng(width: number, height: number): Promise<Buffer> {
  return picture(width, height).toColourspace('b-w').png().toBuffer();
}

/** RGBA, half transparent in its left half. */
export async function alphaPng(width: number, height: number): Promise<Buffer> {
  const { data } = makeImage(width, height);
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    rgba.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
    rgba[4 * i + 3] = i % width < width / 2 ? 128 : 255;
  }
  return sharp(rgba, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

/** 16 bits a channel from samples in [0, 65535]; 3 channels, or 4 with opacity. */
export function png16(width: number, height: number, samples: Uint16Array): Promise<Buffer> {
  const channels = samples.length / (width * height) === 4 ? 4 : 3;
  return sharp(samples, { raw: { width, height, channels } }).toColourspace('rgb16').png().toBuffer();
}
