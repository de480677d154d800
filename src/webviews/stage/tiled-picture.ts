/**
 * A picture that comes in tiles, any of them at any time: too large to be held whole. Of each tile a reduction is kept, for
 * all of them to be drawn at once, and the pixels of those that were in sight last.
 */
import { signal } from '@preact/signals';
import type { PictureTiles } from './panes';
import { PictureCache, type Picture } from './pictures';
import type { Rectangle } from './viewport';

/** A tile's place is in pixels of the whole picture. */
export interface Tile extends Rectangle {
  readonly uri: string;
}

interface HeldTile extends Tile {
  reduced: ImageBitmap | undefined;
}

/** Factor of the reductions. */
const REDUCTION = 4;
/** One cache for all tiled pictures of a page: those in sight share it. */
const cache = new PictureCache();

let lastId = 0;

export class TiledPicture implements PictureTiles {
  readonly id = ++lastId;
  private readonly tiles: HeldTile[] = [];
  private readonly asked = new Set<string>();
  /** Grows with what can be drawn. */
  readonly version = signal(0);

  constructor(
    readonly width: number,
    readonly height: number,
  ) {}

  /** Adds a tile, and loads it. */
  add(tile: Tile): void {
    const held: HeldTile = { ...tile, reduced: undefined };
    this.tiles.push(held);
    this.load(held);
  }

  /** The tiles that have a part in `area`. */
  within(area: Rectangle): readonly Tile[] {
    return this.tiles.filter(
      ({ left, top, width, height }) =>
        left < area.left + area.width &&
        left + width > area.left &&
        top < area.top + area.height &&
        top + height > area.top,
    );
  }

  /** What is drawn of a tile at this scale, device pixels a pixel; null before it has come. A better one may follow. */
  drawn(tile: Tile, scale: number): ImageBitmap | null {
    const held = this.tiles.find(({ uri }) => uri === tile.uri);
    if (!held) return null;
    if (held.reduced && scale * REDUCTION <= 1) return held.reduced;
    return this.loaded(held)?.bitmap ?? held.reduced ?? null;
  }

  /** A tile whose pixels can be read; undefined while they are fetched again. */
  loaded(tile: Tile): Picture | undefined {
    const picture = cache.peek(tile.uri);
    const held = this.tiles.find(({ uri }) => uri === tile.uri);
    if (!picture && held) this.load(held);
    return picture;
  }

  /**
   * The pictures of all tiles that have a part in `area`, fetched again where they had to make room; null where tiles that
   * have not come, or are gone, leave a part of it open.
   */
  async fetch(area: Rectangle): Promise<ReadonlyMap<Tile, Picture> | null> {
    const tiles = this.within(area);
    const covered = tiles.reduce((sum, tile) => sum + overlap(tile, area), 0);
    if (covered < area.width * area.height) return null;
    try {
      const pictures = await Promise.all(tiles.map(({ uri }) => cache.load(uri)));
      return new Map(tiles.map((tile, index) => [tile, pictures[index]!]));
    } catch {
      return null;
    }
  }

  /** Red, green, blue of a pixel; null where it has not come. */
  colourAt(x: number, y: number): [red: number, green: number, blue: number] | null {
    const [tile] = this.within({ left: x, top: y, width: 1, height: 1 });
    const picture = tile && this.loaded(tile);
    return picture ? picture.colourAt(x - tile.left, y - tile.top) : null;
  }

  /** Pictures are compared as JSON: two that look the same are the same. */
  toJSON(): unknown {
    return [this.id, this.version.value];
  }

  private load(held: HeldTile): void {
    if (this.asked.has(held.uri)) return;
    this.asked.add(held.uri);
    cache
      .load(held.uri)
      .then(async ({ bitmap }) => {
        held.reduced ??= await createImageBitmap(bitmap, {
          resizeWidth: Math.ceil(bitmap.width / REDUCTION),
          resizeHeight: Math.ceil(bitmap.height / REDUCTION),
          resizeQuality: 'medium',
        });
        this.version.value += 1;
      })
      // Its file is gone with the enlargement that it was of; another takes its place.
      .catch(() => undefined)
      .finally(() => this.asked.delete(held.uri));
  }
}

/** Pixels that two rectangles share. */
function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}
