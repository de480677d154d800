/**
 * Small pictures for the grid. A picture of many megapixels is decoded to the size of a tile off the main thread and only
 * that is kept; a few load at a time. Those asked for together load in their order, and before all that were asked for
 * earlier, so that what is in sight now does not wait for what a quick scroll has passed.
 */

/** A request that nobody waits for any more costs nothing. */
interface Request {
  uri: string;
  /** Requests of about the same time have the same number. */
  turn: number;
  resolve: (bitmap: ImageBitmap | null) => void;
}

/** CSS pixels; bitmaps have twice as many a side, for sharp screens. */
export const THUMBNAIL = { width: 128, height: 96 } as const;
const CAPACITY = 600;
const AT_ONCE = 6;
const TURN_MS = 100;

export class ThumbnailLoader {
  /** In order of use, the latest last. */
  private readonly kept = new Map<string, ImageBitmap>();
  private readonly waiting: Request[] = [];
  private loading = 0;

  /** What is there already. */
  peek(uri: string): ImageBitmap | undefined {
    return this.kept.get(uri);
  }

  /** Calls back with the picture, or null where it cannot be shown; the function that it returns withdraws the request. */
  load(uri: string, callback: (bitmap: ImageBitmap | null) => void): () => void {
    const turn = Math.floor(performance.now() / TURN_MS);
    const request: Request = { uri, turn, resolve: callback };
    this.waiting.push(request);
    this.next();
    return () => {
      const index = this.waiting.indexOf(request);
      if (index !== -1) this.waiting.splice(index, 1);
      request.resolve = () => undefined;
    };
  }

  private next(): void {
    while (this.loading < AT_ONCE) {
      const request = this.take();
      if (request === undefined) return;
      this.loading += 1;
      void this.fetch(request).finally(() => {
        this.loading -= 1;
        this.next();
      });
    }
  }

  /** The first of the last turn. */
  private take(): Request | undefined {
    let first = this.waiting.length - 1;
    while (first > 0 && this.waiting[first - 1]!.turn === this.waiting[first]!.turn) first -= 1;
    return this.waiting.splice(Math.max(0, first), 1)[0];
  }

  private async fetch(request: Request): Promise<void> {
    const known = this.kept.get(request.uri);
    const bitmap = known ?? (await decode(request.uri));
    if (bitmap !== null) this.keep(request.uri, bitmap);
    request.resolve(bitmap);
  }

  /** Bitmaps that fall out are left to the garbage collector: one may still be in sight. */
  private keep(uri: string, bitmap: ImageBitmap): void {
    this.kept.delete(uri);
    this.kept.set(uri, bitmap);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= CAPACITY) break;
      this.kept.delete(oldest);
    }
  }
}

/** Covers a tile, cut at the longer sides; null if it cannot be fetched or decoded. */
async function decode(uri: string): Promise<ImageBitmap | null> {
  try {
    const response = await fetch(uri);
    if (!response.ok) return null;
    const whole = await createImageBitmap(await response.blob());
    const [width, height] = [2 * THUMBNAIL.width, 2 * THUMBNAIL.height];
    const scale = Math.min(whole.width / width, whole.height / height);
    const part = { width: Math.round(width * scale), height: Math.round(height * scale) };
    const bitmap = await createImageBitmap(
      whole,
      Math.floor((whole.width - part.width) / 2),
      Math.floor((whole.height - part.height) / 2),
      Math.max(1, part.width),
      Math.max(1, part.height),
      scale > 1 ? { resizeWidth: width, resizeHeight: height, resizeQuality: 'medium' } : {},
    );
    whole.close();
    return bitmap;
  } catch {
    return null;
  }
}
