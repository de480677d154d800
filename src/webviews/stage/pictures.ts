/**
 * Pictures from their addresses, decoded without colour management, so that what is drawn and read is what is in the
 * file. The latest are kept, up to a number of bytes.
 */
import type { Pixels } from './difference';

export class Picture {
  private read: Pixels | undefined;

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
    return this.width * this.height * 4 * (this.read ? 2 : 1);
  }

  /** All pixels; read back once, when they are first asked for. */
  pixels(): Pixels {
    if (!this.read) {
      const canvas = new OffscreenCanvas(this.width, this.height);
      const context = canvas.getContext('2d', { willReadFrequently: true })!;
      context.drawImage(this.bitmap, 0, 0);
      this.read = context.getImageData(0, 0, this.width, this.height);
    }
    return this.read;
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

async function fetchPicture(uri: string): Promise<Picture> {
  const name = decodeURIComponent(uri.split(/[?#]/)[0]!.split('/').pop()!);
  const response = await fetch(uri).catch(() => null);
  if (!response?.ok) throw new Error(`${name} cannot be read; it may have been deleted.`);
  const blob = await response.blob();
  const bitmap = await createImageBitmap(blob, {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  }).catch(() => null);
  if (!bitmap) throw new Error(`${name} is not a picture that can be shown.`);
  return new Picture(uri, bitmap);
}
