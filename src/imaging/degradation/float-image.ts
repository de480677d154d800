/** Images between the stages of a degradation: not rounded, and free to leave the range for a while. */
import type { Raster, RgbImage } from '../image';

/** Samples in grey levels, nominally 0 to 255. */
export type FloatImage = Raster<Float32Array>;

export function toFloat({ width, height, data }: RgbImage): FloatImage {
  return { width, height, channels: 3, data: Float32Array.from(data) };
}

/** Saturates and rounds half up. The image must be RGB. */
export function toBytes({ width, height, data }: FloatImage): RgbImage {
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    bytes[i] = value <= 0 ? 0 : value >= 255 ? 255 : Math.floor(value + 0.5);
  }
  return { width, height, data: bytes };
}
