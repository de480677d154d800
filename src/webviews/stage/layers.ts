/** What lies in a pane, as something that draws a part of itself: a picture, a picture in tiles, or a difference of two. */
import { difference, type Pixels } from './difference';
import type { StagePicture } from './panes';
import type { DrawnBitmap, Picture } from './pictures';
import { Thumbnail, type DrawnPictures } from './thumbnail';
import { TiledPicture, type Tile } from './tiled-picture';
import type { Extent, Rectangle } from './viewport';

/** The part of a layer that is drawn, in its pixels, and where it goes, in device pixels. */
export interface DrawnPart {
  part: Rectangle;
  to: Rectangle;
}

export interface Layer extends Extent {
  draw(context: CanvasRenderingContext2D, drawn: DrawnPart): void;
  /** Pixels of a part; null where they are not there. */
  read(part: Rectangle): Pixels | null;
}

export function plainLayer(picture: Picture): Layer {
  const { width, height } = picture;
  return {
    width,
    height,
    draw: (context, drawn) => {
      drawBitmap(context, picture.drawnAt(drawn.to.width / drawn.part.width), drawn);
    },
    read: (part) => picture.readPart(part),
  };
}

/** Always smooth: its pixels are none of the picture's. */
function thumbnailLayer(thumbnail: Thumbnail): Layer {
  const { width, height } = thumbnail;
  return {
    width,
    height,
    draw: (context, drawn) => {
      const { imageSmoothingEnabled } = context;
      context.imageSmoothingEnabled = true;
      drawBitmap(context, thumbnail.drawn(), drawn);
      context.imageSmoothingEnabled = imageSmoothingEnabled;
    },
    read: () => null,
  };
}

function drawBitmap(
  context: CanvasRenderingContext2D,
  { bitmap, scale }: DrawnBitmap,
  { part, to }: DrawnPart,
): void {
  const { imageSmoothingQuality } = context;
  // Down to a half, linear interpolation reads every pixel. Better ones go through the whole picture at each drawing.
  const shrunk = to.width / (part.width * scale.x);
  if (shrunk >= 0.5 && shrunk < 1) context.imageSmoothingQuality = 'low';
  context.drawImage(
    bitmap,
    part.left * scale.x,
    part.top * scale.y,
    part.width * scale.x,
    part.height * scale.y,
    to.left,
    to.top,
    to.width,
    to.height,
  );
  context.imageSmoothingQuality = imageSmoothingQuality;
}

export function canvasLayer(pixels: Pixels): Layer {
  const { width, height } = pixels;
  const canvas = canvasOf(pixels);
  return {
    width,
    height,
    draw: (context, { part, to }) => {
      const { left, top } = to;
      context.drawImage(canvas, part.left, part.top, part.width, part.height, left, top, to.width, to.height);
    },
    read: (part) => cut(pixels, part),
  };
}

/**
 * A picture in tiles over the picture that it is an enlargement of, which shows through, veiled, where a tile has not come.
 * @param veil colour of the veil
 */
export function tiledLayer(tiles: TiledPicture, base: Layer | null, veil: string): Layer {
  const { width, height } = tiles;
  return {
    width,
    height,
    draw: (context, drawn) => {
      const { part, to } = drawn;
      if (base) base.draw(context, { part: scaled(part, base.width / width, base.height / height), to });
      context.save();
      context.globalAlpha = 0.4;
      context.fillStyle = veil;
      context.fillRect(to.left, to.top, to.width, to.height);
      context.restore();
      for (const tile of tiles.within(part)) {
        const bitmap = tiles.drawn(tile, to.width / part.width);
        const place = placeOf(tile, drawn);
        if (bitmap) context.drawImage(bitmap, place.left, place.top, place.width, place.height);
      }
    },
    read: (part) => {
      const inside = tiles.within(part).flatMap((tile) => {
        const picture = tiles.loaded(tile);
        return picture ? [{ tile, picture }] : [];
      });
      if (inside.length === 0) return null;
      const canvas = new OffscreenCanvas(part.width, part.height);
      const context = canvas.getContext('2d', { willReadFrequently: true })!;
      for (const { tile, picture } of inside)
        context.drawImage(picture.bitmap, tile.left - part.left, tile.top - part.top);
      return context.getImageData(0, 0, part.width, part.height);
    },
  };
}

/** Differences of tiles that have been computed, by their addresses; kept while they are in sight. */
export type KnownDifferences = Map<string, OffscreenCanvas>;

/**
 * The difference of a picture in tiles from another of the same scene, tile by tile as far as they have come.
 * @param known those of the last drawing; `used` gets those of this one
 */
export function tiledDifference(
  tiles: TiledPicture,
  other: Layer,
  key: string,
  gain: number,
  known: KnownDifferences,
  used: KnownDifferences,
): Layer {
  const { width, height } = tiles;
  const ratio = { x: other.width / width, y: other.height / height };
  const differenceOf = (tile: Tile): OffscreenCanvas | undefined => {
    const name = `${gain} ${key} ${tile.uri}`;
    const before = used.get(name) ?? known.get(name);
    const canvas = before ?? compute(tile);
    if (canvas) used.set(name, canvas);
    return canvas;
  };
  const compute = (tile: Tile): OffscreenCanvas | undefined => {
    const picture = tiles.loaded(tile);
    const against = other.read(scaled(tile, ratio.x, ratio.y));
    return picture && against ? canvasOf(difference(picture.pixels(), against, gain)) : undefined;
  };
  return {
    width,
    height,
    draw: (context, drawn) => {
      for (const tile of tiles.within(drawn.part)) {
        const canvas = differenceOf(tile);
        const place = placeOf(tile, drawn);
        if (canvas) context.drawImage(canvas, place.left, place.top, place.width, place.height);
      }
    },
    read: () => null,
  };
}

export function layerOf(picture: StagePicture, loaded: DrawnPictures, veil: string): Layer | null {
  const plain = loaded.get(picture.uri);
  const base = plain ? (plain instanceof Thumbnail ? thumbnailLayer(plain) : plainLayer(plain)) : null;
  return picture.tiles instanceof TiledPicture ? tiledLayer(picture.tiles, base, veil) : base;
}

/** Where a tile is drawn, on whole device pixels, so that no seam is seen between two. */
function placeOf(tile: Rectangle, { part, to }: DrawnPart): Rectangle {
  const [x, y] = [to.width / part.width, to.height / part.height];
  const left = Math.round(to.left + (tile.left - part.left) * x);
  const top = Math.round(to.top + (tile.top - part.top) * y);
  return {
    left,
    top,
    width: Math.round(to.left + (tile.left + tile.width - part.left) * x) - left,
    height: Math.round(to.top + (tile.top + tile.height - part.top) * y) - top,
  };
}

function scaled({ left, top, width, height }: Rectangle, x: number, y: number): Rectangle {
  return { left: left * x, top: top * y, width: width * x, height: height * y };
}

function canvasOf(pixels: Pixels): OffscreenCanvas {
  const canvas = new OffscreenCanvas(pixels.width, pixels.height);
  const image = new ImageData(pixels.width, pixels.height);
  image.data.set(pixels.data);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}

function cut(pixels: Pixels, { left, top, width, height }: Rectangle): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    const from = 4 * ((top + y) * pixels.width + left);
    data.set(pixels.data.subarray(from, from + 4 * width), 4 * y * width);
  }
  return { width, height, data };
}
