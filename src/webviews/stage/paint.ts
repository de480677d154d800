/**
 * Draws panes on the stage's canvas, in device pixels. Enlarged pictures are smoothed only on demand; shrunk ones always are.
 */
import type { Palette } from '../kit/theme';
import { commonCover, difference, type Covers } from './difference';
import { canvasLayer, layerOf, tiledDifference, type KnownDifferences, type Layer } from './layers';
import type { PaneContent, StagePicture } from './panes';
import { wholeOf, type DrawnPictures } from './thumbnail';
import { drawPixelOverlay } from './pixel-overlay';
import { rampOf, similarityPixels } from './similarity';
import { TiledPicture } from './tiled-picture';
import { toScene, type Extent, type Placement, type Point, type Rectangle } from './viewport';

export interface Painting {
  context: CanvasRenderingContext2D;
  scene: Extent;
  palette: Palette;
  /** Device pixels a CSS pixel. */
  ratio: number;
  gain: number;
  split: number;
  /** Whether enlarged pixels are interpolated. */
  smooth: boolean;
  loaded: DrawnPictures;
}

export class StagePainter {
  /** Differences of the pictures in sight, by their addresses and gain; and maps, by theirs and the colours. */
  private differences = new Map<string, Layer>();
  private tileDifferences: KnownDifferences = new Map();
  private usedTileDifferences: KnownDifferences = new Map();

  /** @param lens where the magnifier is, in device pixels of a pane; null without one */
  paint(
    painting: Painting,
    panes: readonly PaneContent[],
    rectangles: readonly Rectangle[],
    placement: Placement,
    lens: Point | null,
  ): void {
    const { context } = painting;
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    const used = new Map<string, Layer>();
    this.usedTileDifferences = new Map();
    panes.forEach((pane, index) => {
      const rectangle = rectangles[index]!;
      const divider = rectangle.width * painting.split;
      this.paintPane(painting, pane, rectangle, rectangle, placement, divider, used);
      if (lens) this.paintLens(painting, pane, rectangle, placement, lens, used);
    });
    this.differences = used;
    this.tileDifferences = this.usedTileDifferences;
  }

  private paintLens(
    painting: Painting,
    pane: PaneContent,
    rectangle: Rectangle,
    placement: Placement,
    lens: Point,
    used: Map<string, Layer>,
  ): void {
    const { context, ratio, palette } = painting;
    const radius = Math.round(80 * ratio);
    const scale = Math.max(8, Math.round(placement.scale) * 4);
    const at = toScene(placement, lens);
    const clip = {
      left: rectangle.left + Math.round(lens.x) - radius,
      top: rectangle.top + Math.round(lens.y) - radius,
      width: 2 * radius,
      height: 2 * radius,
    };
    const enlarged = {
      scale,
      left: Math.round(lens.x - at.x * scale),
      top: Math.round(lens.y - at.y * scale),
    };
    const visible = intersect(clip, rectangle);
    context.fillStyle = palette.background;
    context.fillRect(visible.left, visible.top, visible.width, visible.height);
    const divider = lens.x + (rectangle.width * painting.split - lens.x) * (scale / placement.scale);
    this.paintPane(painting, pane, rectangle, visible, enlarged, divider, used);
    context.strokeStyle = palette.focus;
    context.lineWidth = 2 * ratio;
    context.strokeRect(visible.left, visible.top, visible.width, visible.height);
  }

  /** @param divider x at which the two pictures of a split pane meet, in device pixels of the pane */
  private paintPane(
    painting: Painting,
    pane: PaneContent,
    rectangle: Rectangle,
    clip: Rectangle,
    placement: Placement,
    divider: number,
    used: Map<string, Layer>,
  ): void {
    const layer = (picture: StagePicture) => layerOf(picture, painting.loaded, painting.palette.background);
    const draw = (drawn: Layer | null, area: Rectangle, cover = painting.scene) => {
      if (drawn) drawLayer(painting, drawn, cover, rectangle, area, placement);
    };
    switch (pane.kind) {
      case 'picture':
        draw(layer(pane.picture), clip, pane.picture.extent);
        break;
      case 'difference':
        draw(this.differenceLayer(painting, pane, used), clip, commonCover(coversOf(painting, pane)));
        break;
      case 'similarity': {
        const map = this.similarityLayer(painting, pane.picture, used);
        // A map is as large as what was compared, in pixels of the scene.
        if (map) draw(map, clip, map);
        break;
      }
      case 'split': {
        const middle = rectangle.left + Math.round(divider);
        draw(layer(pane.left), cut(clip, clip.left, middle), pane.left.extent);
        draw(layer(pane.right), cut(clip, middle, clip.left + clip.width), pane.right.extent);
      }
    }
  }

  private similarityLayer(
    { loaded, palette }: Painting,
    { similarity }: StagePicture,
    used: Map<string, Layer>,
  ): Layer | null {
    const map = wholeOf(loaded, similarity ?? '');
    if (!map) return null;
    const key = `${map.uri} ${palette.background} ${palette.dissimilar}`;
    const known = this.differences.get(key) ?? used.get(key);
    // Its colours are no values of the picture, so none are written into its pixels.
    const layer = known ?? {
      ...canvasLayer(similarityPixels(map.pixels(), rampOf(palette))),
      read: () => null,
    };
    used.set(key, layer);
    return layer;
  }

  private differenceLayer(
    painting: Painting,
    pane: Extract<PaneContent, { kind: 'difference' }>,
    used: Map<string, Layer>,
  ): Layer | null {
    if (pane.picture.tiles || pane.reference.tiles) return this.tileDifferenceLayer(painting, pane);
    const picture = wholeOf(painting.loaded, pane.picture.uri);
    const reference = wholeOf(painting.loaded, pane.reference.uri);
    if (!picture || !reference) return null;
    const covers = coversOf(painting, pane);
    const key = `${painting.gain} ${picture.uri} ${reference.uri} ${JSON.stringify(covers)}`;
    const known = this.differences.get(key) ?? used.get(key);
    const layer =
      known ?? canvasLayer(difference(picture.pixels(), reference.pixels(), painting.gain, covers));
    used.set(key, layer);
    return layer;
  }

  /** |a − b| is |b − a|, so the one in tiles leads. */
  private tileDifferenceLayer(
    { loaded, palette, gain }: Painting,
    { picture, reference }: Extract<PaneContent, { kind: 'difference' }>,
  ): Layer | null {
    const [first, second] = picture.tiles ? [picture, reference] : [reference, picture];
    const other = layerOf(second, loaded, palette.background);
    if (!(first.tiles instanceof TiledPicture) || !other) return null;
    const key = `${second.uri} ${second.tiles?.id ?? ''}`;
    return tiledDifference(first.tiles, other, key, gain, this.tileDifferences, this.usedTileDifferences);
  }
}

function coversOf(
  { scene }: Painting,
  { picture, reference }: Extract<PaneContent, { kind: 'difference' }>,
): Covers {
  return { a: picture.extent ?? scene, b: reference.extent ?? scene };
}

/** @param cover what the layer covers of the scene, from its upper left corner */
function drawLayer(
  painting: Painting,
  layer: Layer,
  cover: Extent,
  rectangle: Rectangle,
  clip: Rectangle,
  placement: Placement,
): void {
  if (clip.width <= 0 || clip.height <= 0) return;
  const { context } = painting;
  const scale = {
    x: (cover.width / layer.width) * placement.scale,
    y: (cover.height / layer.height) * placement.scale,
  };
  const left = rectangle.left + placement.left;
  const top = rectangle.top + placement.top;
  // Only the pixels in sight: at 96× the whole picture would be larger than any canvas.
  const first = {
    x: Math.max(0, Math.floor((clip.left - left) / scale.x)),
    y: Math.max(0, Math.floor((clip.top - top) / scale.y)),
  };
  const end = {
    x: Math.min(layer.width, Math.ceil((clip.left + clip.width - left) / scale.x)),
    y: Math.min(layer.height, Math.ceil((clip.top + clip.height - top) / scale.y)),
  };
  if (end.x <= first.x || end.y <= first.y) return;

  context.save();
  context.beginPath();
  context.rect(clip.left, clip.top, clip.width, clip.height);
  context.clip();
  context.imageSmoothingEnabled = scale.x < 1 || painting.smooth;
  context.imageSmoothingQuality = 'high';
  const part = { left: first.x, top: first.y, width: end.x - first.x, height: end.y - first.y };
  layer.draw(context, {
    part,
    to: {
      left: left + first.x * scale.x,
      top: top + first.y * scale.y,
      width: part.width * scale.x,
      height: part.height * scale.y,
    },
  });
  const area = { origin: { x: left, y: top }, scale, first, end };
  drawPixelOverlay(context, area, () => layer.read(part), painting.ratio, painting.palette.font);
  context.restore();
}

function intersect(a: Rectangle, b: Rectangle): Rectangle {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  return {
    left,
    top,
    width: Math.max(0, Math.min(a.left + a.width, b.left + b.width) - left),
    height: Math.max(0, Math.min(a.top + a.height, b.top + b.height) - top),
  };
}

/** The part of `area` between two x. */
function cut(area: Rectangle, from: number, to: number): Rectangle {
  const left = Math.max(area.left, from);
  return { ...area, left, width: Math.min(area.left + area.width, to) - left };
}
