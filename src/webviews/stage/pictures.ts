/**
 * Pictures from their addresses, decoded without colour management, so that what is drawn and read is what is in the
 * file. The latest are kept, up to a number of bytes.
 */
import type { Pixels } from './difference';
import type { Point, Rectangle } from './viewport';

/** Larger pictures are drawn from reductions where they are shrunk: drawing all of their pixels would take too long. */
const REDUCED_FROM = 4e6;
const REDUCTIONS = [2, 4];
/** Side of the square about a pixel that is read back with it: its neighbours are likely to be asked for next. */
const BLOCK = 64;

/** What is drawn of a picture, and its pixels for each of the picture. */
export interface DrawnBitmap {
  bitmap: ImageBitmap;
  scale: Point;
}

export class Picture {
  private read: Pixels | undefined;
  private block: (Pixels & { left: number; top: number }) | undefined;
  /** From the largest on, each half as large as the one before. */
  private reductions: ImageBitmap[] = [];

  constructor(
    readonly uri: string,
    readonly bitmap: ImageBitmap,
  ) {}

  get width(): number {
    return this.bitmap.width;
  }

  get height(): number {
    return this.bitmap.height;
  }

  get bytes(): number {
    const reduced = this.reductions.reduce((sum, { width, height }) => sum + width * height, 0);
    return 4 * (this.width * this.height * (this.read ? 2 : 1) + reduced);
  }

  /** All pixels; read back once, when they are first asked for. */
  pixels(): Pixels {
    this.read ??= this.readPart({ left: 0, top: 0, width: this.width, height: this.height });
    return this.read;
  }

  /** The pixels of a part, which must lie within the picture. */
  readPart({ left, top, width, height }: Rectangle): Pixels {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(this.bitmap, left, top, width, height, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  /** Red, green, blue of one pixel, without all others being read back. */
  colourAt(x: number, y: number): [red: number, green: number, blue: number] {
    const [left, top] = [x - (x % BLOCK), y - (y % BLOCK)];
    if (this.block?.left !== left || this.block.top !== top) {
      const [width, height] = [Math.min(BLOCK, this.width - left), Math.min(BLOCK, this.height - top)];
      const { data } = this.readPart({ left, top, width, height });
      this.block = { left, top, width, height, data };
    }
    const { data, width } = this.block;
    const at = 4 * ((y - top) * width + (x - left));
    return [data[at]!, data[at + 1]!, data[at + 2]!];
  }

  /** What is drawn at this scale, device pixels a pixel: the picture, or the smallest reduction with enough pixels. */
  drawnAt(scale: number): DrawnBitmap {
    const { width, height } = this;
    const enough = this.reductions.findLast((reduced) => reduced.width >= width * scale);
    const bitmap = enough ?? this.bitmap;
    return { bitmap, scale: { x: bitmap.width / width, y: bitmap.height / height } };
  }

  /** Makes reductions of a large picture. */
  async reduce(): Promise<void> {
    if (this.width * this.height < REDUCED_FROM) return;
    let from = this.bitmap;
    for (const factor of REDUCTIONS) {
      const bitmap = await decodeBitmap(from, {
        resizeWidth: Math.ceil(this.width / factor),
        resizeHeight: Math.ceil(this.height / factor),
        resizeQuality: 'medium',
      });
      if (!bitmap) return;
      this.reductions.push(bitmap);
      from = bitmap;
    }
  }
}

const CAPACITY_BYTES = 256 * 1024 * 1024;

export class PictureCache {
  /** In order of use, the latest last. */
  private readonly kept = new Map<string, Picture>();
  private readonly loading = new Map<string, Promise<Picture>>();

  constructor(private readonly capacity = CAPACITY_BYTES) {}

  /** @throws with a sentence if it cannot be fetched or decoded; a later call tries again */
  async load(uri: string): Promise<Picture> {
    const known = this.kept.get(uri);
    if (known) {
      this.keep(known);
      return known;
    }
    let promise = this.loading.get(uri);
    if (!promise) {
      promise = fetchPicture(uri).finally(() => this.loading.delete(uri));
      this.loading.set(uri, promise);
    }
    const picture = await promise;
    this.keep(picture);
    return picture;
  }

  /** The picture, if it is here; counts as a use. */
  peek(uri: string): Picture | undefined {
    const picture = this.kept.get(uri);
    if (picture) this.keep(picture);
    return picture;
  }

  /** Bitmaps that fall out are left to the garbage collector: one may still be in sight. */
  private keep(picture: Picture): void {
    this.kept.delete(picture.uri);
    this.kept.set(picture.uri, picture);
    let bytes = 0;
    for (const entry of this.kept.values()) bytes += entry.bytes;
    for (const [uri, oldest] of this.kept) {
      if (bytes <= this.capacity || oldest === picture) break;
      this.kept.delete(uri);
      bytes -= oldest.bytes;
    }
  }
}

/** Decoded without colour management; null if it is no picture. */
export function decodeBitmap(
  source: Blob | ImageBitmap,
  options: ImageBitmapOptions = {},
): Promise<ImageBitmap | null> {
  return createImageBitmap(source, {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
    ...options,
  }).catch(() => null);
}

async function fetchPicture(uri: string): Promise<Picture> {
  const name = decodeURIComponent(uri.split(/[?#]/)[0]!.split('/').pop()!);
  const response = await fetch(uri).catch(() => null);
  if (!response?.ok) throw new Error(`${name} cannot be read; it may have been deleted.`);
  const blob = await response.blob();
  const bitmap = await decodeBitmap(blob);
  if (!bitmap) throw new Error(`${name} is not a picture that can be shown.`);
  const picture = new Picture(uri, bitmap);
  // Drawn small from all of its pixels, it would keep the page from answering for a moment.
  await picture.reduce();
  return picture;
}
