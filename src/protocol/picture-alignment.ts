/**
 * How two pictures of different size lie over each other: what a page shows and what the lab measures go by the same rules.
 * Upper left corners always coincide, as every cut to a multiple of a scale leaves them.
 */

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** What a cut to a multiple of a scale can leave over: the largest scale of the lab is 8. */
const LARGEST_REMAINDER = 7;

export type AlignmentKind =
  /** Pixel over pixel. */
  | 'equal'
  /** A few columns or rows more or fewer, as a cut to a multiple of a scale leaves them: pixel over pixel where both are. */
  | 'cut'
  /** The reference shrunk by a whole factor. */
  | 'smaller'
  /** The reference enlarged by a whole factor. */
  | 'larger'
  /** The reference's proportions, and no whole factor. */
  | 'stretched'
  /** Other proportions: pixel over pixel. */
  | 'other';

export interface Alignment {
  readonly kind: AlignmentKind;
  /** How many times smaller or larger the picture is; 1 where no whole factor says it. */
  readonly scale: number;
  /** What the picture covers, from the upper left corner, in pixels of the reference. */
  readonly cover: PictureSize;
  /** The part that both show, in whole pixels of the reference. */
  readonly common: PictureSize;
}

/** How `picture` lies over `reference`. Sizes are upright, in pixels, at least 1. */
export function alignTo(reference: PictureSize, picture: PictureSize): Alignment {
  const smaller = wholeFactor(reference, picture);
  if (smaller > 1) {
    const cover = { width: picture.width * smaller, height: picture.height * smaller };
    return { kind: 'smaller', scale: smaller, cover, common: overlap(reference, cover) };
  }
  const larger = wholeFactor(picture, reference);
  if (larger > 1) {
    const cover = { width: picture.width / larger, height: picture.height / larger };
    return { kind: 'larger', scale: larger, cover, common: overlap(reference, cover) };
  }
  const [wider, taller] = [picture.width - reference.width, picture.height - reference.height];
  const proportionate =
    Math.abs((picture.width * reference.height) / reference.width - picture.height) <= 1 ||
    Math.abs((picture.height * reference.width) / reference.height - picture.width) <= 1;
  const kind =
    wider === 0 && taller === 0
      ? 'equal'
      : Math.max(Math.abs(wider), Math.abs(taller)) <= LARGEST_REMAINDER
        ? 'cut'
        : proportionate
          ? 'stretched'
          : 'other';
  const cover = kind === 'stretched' ? reference : picture;
  return { kind, scale: 1, cover, common: overlap(reference, cover) };
}

/** Whether pictures that lie so are measured; `enlarge` is whether smaller ones are enlarged first. */
export function isMeasured({ kind }: Alignment, enlarge: boolean): boolean {
  return kind === 'equal' || kind === 'cut' || (kind === 'smaller' && enlarge);
}

/**
 * What was made of a difference in size, as a sentence; null for pictures of one size.
 * @param enlarge whether smaller pictures are enlarged by bicubic interpolation, and measured
 */
export function alignmentWords(
  reference: PictureSize & { readonly name: string },
  picture: PictureSize & { readonly name: string },
  enlarge: boolean,
): string | null {
  const { kind, scale, cover } = alignTo(reference, picture);
  const sizes = `${picture.name} is ${sizeWords(picture)}, ${reference.name} ${sizeWords(reference)}`;
  switch (kind) {
    case 'equal':
      return null;
    case 'cut': {
      const differences = [
        difference(picture.width - reference.width, 'wider', 'narrower'),
        difference(picture.height - reference.height, 'taller', 'shorter'),
      ].filter((words) => words !== null);
      return `${picture.name} is ${differences.join(' and ')} than ${reference.name}: compared without ${leftOut(reference, picture, cover)}.`;
    }
    case 'smaller': {
      const cut = leftOut(reference, picture, cover);
      const without = cut === '' ? '' : `, without ${cut}`;
      return enlarge
        ? `${picture.name} is ${scale} times smaller than ${reference.name}: enlarged ×${scale} by bicubic interpolation (imresize) and compared so${without}.`
        : `${picture.name} is ${scale} times smaller than ${reference.name}: each of its pixels is shown as ${scale}×${scale}, and it is not measured${without}.`;
    }
    case 'larger':
      return `${picture.name} is ${scale} times larger than ${reference.name}: shown at its size, and not measured. Make it the reference to measure.`;
    case 'stretched':
      return `${sizes}, which no whole factor makes of each other: shown stretched to that size, and not measured.`;
    case 'other':
      return `${sizes}, of other proportions: laid over its upper left corner, and not measured.`;
  }
}

/** `640×480`. */
export function sizeWords({ width, height }: PictureSize): string {
  return `${width}×${height}`;
}

/** The whole factor by which `large` was shrunk to `small`, both sides rounded up or down; else 1. */
function wholeFactor(large: PictureSize, small: PictureSize): number {
  const factor = Math.round(Math.max(large.width / small.width, large.height / small.height));
  if (factor < 2) return 1;
  const fits = (long: number, short: number): boolean =>
    short === Math.floor(long / factor) || short === Math.ceil(long / factor);
  return fits(large.width, small.width) && fits(large.height, small.height) ? factor : 1;
}

function overlap(a: PictureSize, b: PictureSize): PictureSize {
  return {
    width: Math.floor(Math.min(a.width, b.width)),
    height: Math.floor(Math.min(a.height, b.height)),
  };
}

function difference(pixels: number, more: string, fewer: string): string | null {
  return pixels === 0 ? null : `${Math.abs(pixels)} px ${pixels > 0 ? more : fewer}`;
}

/** `the last 3 columns of first.png and the last row of second.png`; empty where nothing is. */
function leftOut(
  reference: PictureSize & { readonly name: string },
  picture: { readonly name: string },
  cover: PictureSize,
): string {
  const side = (beyond: number, noun: string): string[] => {
    if (beyond === 0) return [];
    const count = Math.abs(beyond);
    const of = beyond > 0 ? picture.name : reference.name;
    return [`the last ${count === 1 ? noun : `${count} ${noun}s`} of ${of}`];
  };
  return [
    ...side(cover.width - reference.width, 'column'),
    ...side(cover.height - reference.height, 'row'),
  ].join(' and ');
}
