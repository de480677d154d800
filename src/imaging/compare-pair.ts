/**
 * Two pictures that need not be of one size, laid over each other by the rules of `protocol/picture-alignment.ts`, and mapped by
 * their local SSIM.
 */
import { HAS_VALUE, similarityToWord } from '../protocol/similarity-map';
import { alignTo, isMeasured } from '../protocol/picture-alignment';
import { luma, type Plane } from './colour';
import { RADIUS, WINDOW } from './gaussian-window';
import { createImage, cropImage, type RgbImage } from './image';
import { imresize } from './imresize';
import { cropBorder, minimumSide } from './metrics';
import type { ColourProtocol } from './protocols';
import { channelsOf } from './colour';
import { ssimMap } from './ssim';

/** How a pair is compared. */
export interface PairChoice {
  readonly protocol: ColourProtocol;
  /** Pixels left out at each side. */
  readonly border: number;
  /** Whether a picture that is a whole factor smaller is enlarged by bicubic imresize. */
  readonly enlarge: boolean;
}

export interface AlignedPair {
  readonly reference: RgbImage;
  /** As large as the reference. */
  readonly image: RgbImage;
}

/** The parts of both that are compared; null where sizes fit so little that nothing is measured. */
export function alignPair(reference: RgbImage, image: RgbImage, enlarge: boolean): AlignedPair | null {
  const alignment = alignTo(reference, image);
  if (!isMeasured(alignment, enlarge)) return null;
  const { width, height } = alignment.common;
  const enlarged = alignment.scale === 1 ? image : enlargeBicubic(image, alignment.scale);
  return {
    reference: cropped(reference, width, height),
    image: cropped(enlarged, width, height),
  };
}

/** Bicubic imresize in double precision, rounded once. */
export function enlargeBicubic(image: RgbImage, scale: number): RgbImage {
  return imresize(image, scale, { kernel: 'bicubic', convention: 'double' });
}

/** Whether so much is left without the border that SSIM's window fits into it. */
export function canBeScored({ reference }: AlignedPair, border: number): boolean {
  return Math.min(reference.width, reference.height) >= minimumSide(border);
}

/** What `mapPair` maps, in words for people. */
export function mappedPlanes(protocol: ColourProtocol): string {
  return protocol === 'rgb'
    ? 'SSIM of Wang et al. 2004, mean of the three channels'
    : 'SSIM of Wang et al. 2004 on Y';
}

/**
 * Local SSIM of Wang et al. (the SRGAN protocol's own SSIM is another, whose window grows with the picture): on Y, or the mean
 * over the channels under `rgb`. Throws a `RangeError` where `canBeScored` is false.
 */
export function mapPair({ reference, image }: AlignedPair, { protocol, border }: PairChoice): Plane {
  const planesOf = (picture: RgbImage): Plane[] =>
    protocol === 'rgb' ? channelsOf(picture) : [luma(picture)];
  const [a, b] = [planesOf(reference), planesOf(image)];
  const maps = a.map((plane, channel) => ssimMap(cropBorder(plane, border), cropBorder(b[channel]!, border)));
  const [first, ...others] = maps;
  if (others.length === 0) return first!;
  const data = first!.data.map(
    (index, at) => others.reduce((sum, map) => sum + map.data[at]!, index) / maps.length,
  );
  return { ...first!, data };
}

/** A map as the picture that `protocol/similarity-map.ts` describes, as large as the pair. */
export function drawMap(map: Plane, border: number): RgbImage {
  const margin = border + RADIUS;
  const width = map.width + WINDOW - 1 + 2 * border;
  const height = map.height + WINDOW - 1 + 2 * border;
  const drawn = createImage(width, height);
  for (let y = 0; y < map.height; y++) {
    for (let x = 0; x < map.width; x++) {
      const word = similarityToWord(map.data[y * map.width + x]!);
      drawn.data.set([word >> 8, word & 255, HAS_VALUE], 3 * ((y + margin) * width + x + margin));
    }
  }
  return drawn;
}

function cropped(image: RgbImage, width: number, height: number): RgbImage {
  return image.width === width && image.height === height ? image : cropImage(image, 0, 0, width, height);
}
