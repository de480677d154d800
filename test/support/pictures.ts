/** Images for tests: real ones read plainly, and made-up ones that depend on a seed alone. */
import sharp from 'sharp';
import { createImage, type RgbImage } from '../../src/imaging/image';

/** Reads an image as 8-bit RGB. */
export async function loadImage(path: string): Promise<RgbImage> {
  const raw = sharp(path).toColourspace('srgb').removeAlpha().raw();
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** Noise over a slope, so that both smooth and busy parts are met. */
export function makeImage(width: number, height: number, seed = 1): RgbImage {
  const image = createImage(width, height);
  let state = seed >>> 0;
  for (let i = 0; i < image.data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const x = Math.floor(i / 3) % width;
    image.data[i] = (x * 200) / width + (state >>> 24) / 5;
  }
  return image;
}
