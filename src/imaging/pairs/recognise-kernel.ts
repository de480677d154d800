/**
 * Which kernel and convention an LR image was made with: each known one makes an LR image of HR, and the likeliest wins. First
 * on a part of the image, then, where that is equal to the last bit, on the whole.
 */
import type { AdoptedPair, PairKernel } from '../../protocol/adopted-pair';
import { luma, type Plane } from '../colour';
import { createImage, cropImage, type RgbImage } from '../image';
import { conventions, imresize, type Convention } from '../imresize';
import { kernels, type Kernel, type KernelName } from '../kernels';
import { cropBorder } from '../metrics';
import { psnr } from '../psnr';
import { cubicKernel, resampleWithOffset } from './offset-resampling';
import { pillowFilters, pillowResize } from './pillow-resampling';

/** LR pixels a side of the part that is looked at first; and those of its border that are not compared. */
const PART = 128;
const BORDER = 8;

/** Below this shift, in LR pixels, it is not taken into account. */
const NO_SHIFT = 0.03;

interface Size {
  width: number;
  height: number;
}

/** A way to make an LR image of a size. */
interface Maker {
  kernel: PairKernel;
  convention?: Convention;
  /** Luma of it. */
  luma: (hr: RgbImage, size: Size) => Plane;
  /** The image itself, where its last bits are known. */
  make?: (hr: RgbImage, size: Size) => RgbImage;
}

export type Recognised = Pick<AdoptedPair, 'kernel' | 'convention' | 'exact' | 'psnr'>;

/**
 * What makes `lr` of `hr`, whose sides are `scale` times those of LR, or a few pixels less at the right and bottom, where LR was
 * made of an image that is no multiple. `shift` is what `measureShift` found. The PSNR is that of a part of 128×128 LR pixels.
 */
export function recogniseKernel(
  hr: RgbImage,
  lr: RgbImage,
  scale: number,
  shift: readonly [number, number],
): Recognised {
  const size = { width: lr.width, height: lr.height };
  const part = { width: Math.min(PART, lr.width), height: Math.min(PART, lr.height) };
  const hrPart = cropImage(
    hr,
    0,
    0,
    Math.min(hr.width, part.width * scale),
    Math.min(hr.height, part.height * scale),
  );
  const wanted = inner(luma(cropImage(lr, 0, 0, part.width, part.height)));
  const ranked = makers(scale, shift)
    .map((maker) => ({ maker, likeness: psnr(inner(maker.luma(hrPart, part)), wanted) }))
    .sort((a, b) => b.likeness - a.likeness);
  for (const { maker, likeness } of ranked) {
    if (likeness !== Number.POSITIVE_INFINITY) break;
    if (maker.make !== undefined && sameBytes(maker.make(hr, size), lr))
      return { ...named(maker), exact: true, psnr: null };
  }
  const { maker, likeness } = ranked[0]!;
  return {
    kernel: maker.kernel,
    exact: false,
    psnr: Number.isFinite(likeness) ? Math.round(likeness * 100) / 100 : null,
  };
}

function named({ kernel, convention }: Maker): Pick<Recognised, 'kernel' | 'convention'> {
  return { kernel, ...(convention !== undefined && { convention }) };
}

/** Without the border, where the part is cut and conventions differ; small ones as they are. */
function inner(plane: Plane): Plane {
  const { width, height } = plane;
  return width > 4 * BORDER && height > 4 * BORDER ? cropBorder(plane, BORDER) : plane;
}

function sameBytes(a: RgbImage, b: RgbImage): boolean {
  return a.data.length === b.data.length && a.data.every((value, at) => value === b.data[at]);
}

function makers(scale: number, shift: readonly [number, number]): Maker[] {
  const shifted = Math.hypot(...shift) >= NO_SHIFT;
  return [...imresizeMakers(scale), ...otherMakers(scale), ...(shifted ? shiftedMakers(scale, shift) : [])];
}

const withoutAntialias: Partial<Record<KernelName, PairKernel>> = {
  bicubic: 'bicubic-no-antialias',
  bilinear: 'bilinear-no-antialias',
  box: 'nearest',
};

/** The usual ones first: where several make the same, it is called by the first. */
const usualOrder: readonly Convention[] = ['uint8-symmetric', 'double', 'uint8-clamped'];

function imresizeMakers(scale: number): Maker[] {
  const names = Object.keys(kernels) as KernelName[];
  return names.flatMap((name) =>
    usualOrder
      .filter((convention) => conventions.includes(convention))
      .flatMap((convention): Maker[] => {
        const make = (antialias: boolean) => (hr: RgbImage, size: Size) =>
          fitted(imresize(hr, 1 / scale, { kernel: name, convention, antialias }), size);
        const plain = withoutAntialias[name];
        return [
          exactMaker({ kernel: name, convention }, make(true)),
          ...(plain === undefined ? [] : [exactMaker({ kernel: plain, convention }, make(false))]),
        ];
      }),
  );
}

/** What imresize rounds up is cut where LR was not made of a remainder. */
function fitted(image: RgbImage, { width, height }: Size): RgbImage {
  return image.width === width && image.height === height ? image : cropImage(image, 0, 0, width, height);
}

function otherMakers(scale: number): Maker[] {
  return [
    ...pillowFilters.map((filter) =>
      exactMaker({ kernel: `pillow-${filter}` }, (hr, { width, height }) =>
        pillowResize(hr, width, height, filter),
      ),
    ),
    exactMaker({ kernel: 'decimation' }, (hr, size) => decimate(hr, size, scale)),
    atShift('cubic-0.75-no-antialias', scale, [0, 0], { at: cubicKernel(-0.75), width: 4 }, false),
  ];
}

/** The commonest kernels at the shift that was measured. */
function shiftedMakers(scale: number, shift: readonly [number, number]): Maker[] {
  return (['bicubic', 'bilinear', 'box', 'lanczos3'] as const).flatMap((name) => {
    const plain = withoutAntialias[name];
    const antialiased = atShift(name, scale, shift, kernels[name], true);
    // At a shift the nearest pixel is no function of it: it is told as decimation.
    if (plain === undefined || plain === 'nearest') return [antialiased];
    return [antialiased, atShift(plain, scale, shift, kernels[name], false)];
  });
}

function exactMaker(name: Pick<Maker, 'kernel' | 'convention'>, make: NonNullable<Maker['make']>): Maker {
  return { ...name, make, luma: (hr, size) => luma(make(hr, size)) };
}

function atShift(
  kernel: PairKernel,
  scale: number,
  shift: readonly [number, number],
  { at, width }: Kernel,
  antialias: boolean,
): Maker {
  return {
    kernel,
    luma: (hr, size) =>
      resampleWithOffset(luma(hr), { ...size, scale, shift, kernel: at, radius: width / 2, antialias }),
  };
}

function decimate(
  hr: RgbImage,
  { width, height }: { width: number; height: number },
  scale: number,
): RgbImage {
  const kept = createImage(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * scale * hr.width + x * scale) * 3;
      kept.data.set(hr.data.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return kept;
}
