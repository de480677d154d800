/** A part of an enlarged image without enlarging all of it. Pure. */
import type { Raster } from './image';
import { imresizeSamples } from './imresize';
import { kernels, type KernelName } from './kernels';

/** A rectangle of an image, in its pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The enlargement of one area by a whole factor, as it is within the enlargement of the whole image: with as much around it
 * as the kernel reaches. Throws a `RangeError` for a factor that shrinks, whose kernel would reach further.
 */
export function imresizeArea<Samples extends Uint8Array | Uint16Array>(
  image: Raster<Samples>,
  area: Area,
  scale: number,
  kernel: KernelName,
): Raster<Samples> {
  if (!Number.isInteger(scale) || scale < 1) throw new RangeError(`${scale} is not a factor that enlarges.`);
  const reach = Math.ceil(kernels[kernel].width / 2) + 1;
  const left = Math.max(0, area.left - reach);
  const top = Math.max(0, area.top - reach);
  const width = Math.min(image.width, area.left + area.width + reach) - left;
  const height = Math.min(image.height, area.top + area.height + reach) - top;
  const enlarged = imresizeSamples(cropRaster(image, { left, top, width, height }), scale, { kernel });
  return cropRaster(enlarged, {
    left: (area.left - left) * scale,
    top: (area.top - top) * scale,
    width: area.width * scale,
    height: area.height * scale,
  });
}

function cropRaster<Samples extends Uint8Array | Uint16Array>(
  { width: stride, channels, data }: Raster<Samples>,
  { left, top, width, height }: Area,
): Raster<Samples> {
  const cropped = data.slice(0, width * height * channels) as Samples;
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * stride + left) * channels;
    cropped.set(data.subarray(from, from + width * channels), y * width * channels);
  }
  return { width, height, channels, data: cropped };
}

/** Areas of at most `side` pixels a side that cover an image, in reading order. */
export function coveringAreas({ width, height }: { width: number; height: number }, side: number): Area[] {
  const areas: Area[] = [];
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      areas.push({ left, top, width: Math.min(side, width - left), height: Math.min(side, height - top) });
    }
  }
  return areas;
}
