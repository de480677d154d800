/** Whether two images show the same, told from their pixels: what hashes and features only suggest is decided here. */
import { cropImage, type RgbImage } from '../../imaging/image';
import { smoothStrip } from '../../imaging/features/strips';
import { imresize } from '../../imaging/imresize';

/** Correlation of detail over the whole of what is compared. */
const LEAST_CORRELATION = 0.75;

/** What is compared is divided into cells; in so large a share of those with detail it must be the same in each. */
const CELLS = 4;
const LEAST_SHARE = 0.75;
const LEAST_IN_CELL = 0.5;

/** Variance of detail, in grey levels squared, below which a cell is flat. */
const FLAT = 0.5;

/** Sides of what two images share, in pixels, below which nothing is said. */
const LEAST_SIDE = 96;

/** Whole images are compared at this length of their longer side. */
const COMPARED_SIDE = 192;

/** How far, in pixels, a place that was voted for may be off. */
const SEARCH = 2;

/** The image mirrored left to right. */
export function mirrored({ width, height, data }: RgbImage): RgbImage {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      turned.set(data.subarray(from, from + 3), (y * width + width - 1 - x) * 3);
    }
  }
  return { width, height, data: turned };
}

/** Whether two images are one picture, whatever their sizes. Images of different proportions are not. */
export function showTheSame(a: RgbImage, b: RgbImage): boolean {
  if (Math.abs(Math.log((a.width * b.height) / (a.height * b.width))) > 0.03) return false;
  const factor = Math.min(1, COMPARED_SIDE / Math.max(a.width, a.height, 1));
  const size = {
    width: Math.max(1, Math.round(a.width * factor)),
    height: Math.max(1, Math.round(a.height * factor)),
  };
  const [smallA, smallB] = [imresize(a, size), imresize(b, size)];
  return agree(detailOf(smallA), detailOf(smallB));
}

export interface SharedPart {
  /** Share of each image's area that lies in the other one. */
  shareOfPart: number;
  shareOfWhole: number;
}

/**
 * Whether `part` with its left upper corner at (`left`, `top`) of `whole`, give or take two pixels, shows there what `whole`
 * shows; it may reach over the border. Undefined if not, or if they share too little to tell.
 */
export function sharedPart(
  part: RgbImage,
  whole: RgbImage,
  left: number,
  top: number,
): SharedPart | undefined {
  // A little less of the part, so that it can be moved about.
  const x0 = Math.max(0, left) + SEARCH;
  const y0 = Math.max(0, top) + SEARCH;
  const width = Math.min(whole.width, left + part.width) - SEARCH - x0;
  const height = Math.min(whole.height, top + part.height) - SEARCH - y0;
  if (width < LEAST_SIDE || height < LEAST_SIDE) return undefined;
  const detail = detailOf(cropImage(part, x0 - left, y0 - top, width, height));
  const around = detailOf(
    cropImage(whole, x0 - SEARCH, y0 - SEARCH, width + 2 * SEARCH, height + 2 * SEARCH),
  );
  let best = { correlation: -1, dx: 0, dy: 0 };
  for (let dy = 0; dy <= 2 * SEARCH; dy++) {
    for (let dx = 0; dx <= 2 * SEARCH; dx++) {
      const { correlation } = compare(detail, around, dx, dy, 3);
      if (correlation > best.correlation) best = { correlation, dx, dy };
    }
  }
  const moved = window(around, best.dx, best.dy, width, height);
  if (!agree(detail, moved)) return undefined;
  const area = (width + 2 * SEARCH) * (height + 2 * SEARCH);
  return {
    shareOfPart: area / (part.width * part.height),
    shareOfWhole: area / (whole.width * whole.height),
  };
}

/** Detail a few pixels wide: luma without its slow changes and without its noise. */
interface Detail {
  width: number;
  height: number;
  data: Float32Array;
}

/** Pixels at the border where detail is not defined. */
const BORDER = 8;

function detailOf(image: RgbImage): Detail {
  const { difference } = smoothStrip(image, 0, image.height);
  return { width: image.width, height: image.height, data: difference };
}

function window(
  { width: stride, data }: Detail,
  left: number,
  top: number,
  width: number,
  height: number,
): Detail {
  const cut = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * stride + left;
    cut.set(data.subarray(start, start + width), y * width);
  }
  return { width, height, data: cut };
}

/** Correlation of `a` with what lies at (`dx`, `dy`) of `b`, on every `every`th pixel of every `every`th row. */
function compare(a: Detail, b: Detail, dx: number, dy: number, every: number): { correlation: number } {
  const sums = new Sums();
  for (let y = BORDER; y < a.height - BORDER; y += every) {
    const rowA = y * a.width;
    const rowB = (y + dy) * b.width + dx;
    for (let x = BORDER; x < a.width - BORDER; x += every) sums.add(a.data[rowA + x]!, b.data[rowB + x]!);
  }
  return { correlation: sums.correlation() };
}

/** Correlated as a whole, and in nearly every part that has detail. */
function agree(a: Detail, b: Detail): boolean {
  const whole = new Sums();
  const cells = Array.from({ length: CELLS * CELLS }, () => new Sums());
  const width = a.width - 2 * BORDER;
  const height = a.height - 2 * BORDER;
  for (let y = 0; y < height; y++) {
    const row = (y + BORDER) * a.width + BORDER;
    const cellRow = Math.floor((y * CELLS) / height) * CELLS;
    for (let x = 0; x < width; x++) {
      const [valueA, valueB] = [a.data[row + x]!, b.data[row + x]!];
      whole.add(valueA, valueB);
      cells[cellRow + Math.floor((x * CELLS) / width)]!.add(valueA, valueB);
    }
  }
  if (whole.isFlat() || whole.correlation() < LEAST_CORRELATION) return false;
  const busy = cells.filter((cell) => !cell.isFlat());
  const same = busy.filter((cell) => cell.correlation() >= LEAST_IN_CELL);
  return same.length >= LEAST_SHARE * busy.length;
}

class Sums {
  private count = 0;
  private a = 0;
  private b = 0;
  private aa = 0;
  private bb = 0;
  private ab = 0;

  add(a: number, b: number): void {
    this.count++;
    this.a += a;
    this.b += b;
    this.aa += a * a;
    this.bb += b * b;
    this.ab += a * b;
  }

  /** Whether neither of the two has detail. */
  isFlat(): boolean {
    return (
      this.count === 0 || Math.max(this.variance(this.a, this.aa), this.variance(this.b, this.bb)) < FLAT
    );
  }

  /** Pearson's; 0 where one of the two does not vary. */
  correlation(): number {
    const product = this.variance(this.a, this.aa) * this.variance(this.b, this.bb);
    if (product <= 0) return 0;
    return (this.ab / this.count - (this.a / this.count) * (this.b / this.count)) / Math.sqrt(product);
  }

  private variance(sum: number, squares: number): number {
    return squares / this.count - (sum / this.count) ** 2;
  }
}
