/**
 * Draws panes on the stage's canvas, in device pixels. Enlarged pictures are never smoothed; shrunk ones always are.
 */
import type { Palette } from '../kit/theme';
import { difference, type Pixels } from './difference';
import type { PaneContent, StagePicture } from './panes';
import type { Picture } from './pictures';
import { drawPixelOverlay } from './pixel-overlay';
import { toScene, type Extent, type Placement, type Point, type Rectangle } from './viewport';

/** What is drawn: a decoded picture, or one that was computed from two. */
interface Layer extends Extent {
  source: CanvasImageSource;
  pixels: () => Pixels;
}

export interface Painting {
  context: CanvasRenderingContext2D;
  scene: Extent;
  palette: Palette;
  /** Device pixels a CSS pixel. */
  ratio: number;
  gain: number;
  split: number;
  loaded: ReadonlyMap<string, Picture>;
}

export class StagePainter {
  /** Differences of the pictures in sight, by their addresses and gain. */
  private differences = new Map<string, Layer>();

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
    panes.forEach((pane, index) => {
      const rectangle = rectangles[index]!;
      const divider = rectangle.width * painting.split;
      this.paintPane(painting, pane, rectangle, rectangle, placement, divider, used);
      if (lens) this.paintLens(painting, pane, rectangle, placement, lens, used);
    });
    this.differences = used;
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
    const layer = (picture: StagePicture) => pictureLayer(painting.loaded.get(picture.uri));
    const draw = (drawn: Layer | null, area: Rectangle) => {
      if (drawn) drawLayer(painting, drawn, rectangle, area, placement);
    };
    if (pane.kind === 'picture') draw(layer(pane.picture), clip);
    else if (pane.kind === 'difference') draw(this.differenceLayer(painting, pane, used), clip);
    else {
      const middle = rectangle.left + Math.round(divider);
      draw(layer(pane.left), cut(clip, clip.left, middle));
      draw(layer(pane.right), cut(clip, middle, clip.left + clip.width));
    }
  }

  private differenceLayer(
    painting: Painting,
    pane: Extract<PaneContent, { kind: 'difference' }>,
    used: Map<string, Layer>,
  ): Layer | null {
    const picture = painting.loaded.get(pane.picture.uri);
    const reference = painting.loaded.get(pane.reference.uri);
    if (!picture || !reference) return null;
    const key = `${painting.gain} ${picture.uri} ${reference.uri}`;
    const known = this.differences.get(key) ?? used.get(key);
    const layer = known ?? computedLayer(difference(picture.pixels(), reference.pixels(), painting.gain));
    used.set(key, layer);
    return layer;
  }
}

function pictureLayer(picture: Picture | undefined): Layer | null {
  if (!picture) return null;
  const { width, height, bitmap } = picture;
  return { width, height, source: bitmap, pixels: () => picture.pixels() };
}

function computedLayer(pixels: ReturnType<typeof difference>): Layer {
  const canvas = new OffscreenCanvas(pixels.width, pixels.height);
  const image = new ImageData(pixels.width, pixels.height);
  image.data.set(pixels.data);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return { width: pixels.width, height: pixels.height, source: canvas, pixels: () => pixels };
}

function drawLayer(
  painting: Painting,
  layer: Layer,
  rectangle: Rectangle,
  clip: Rectangle,
  placement: Placement,
): void {
  if (clip.width <= 0 || clip.height <= 0) return;
  const { context, scene } = painting;
  const scale = {
    x: (scene.width / layer.width) * placement.scale,
    y: (scene.height / layer.height) * placement.scale,
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
  context.imageSmoothingEnabled = scale.x < 1;
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    layer.source,
    first.x,
    first.y,
    end.x - first.x,
    end.y - first.y,
    left + first.x * scale.x,
    top + first.y * scale.y,
    (end.x - first.x) * scale.x,
    (end.y - first.y) * scale.y,
  );
  const area = { origin: { x: left, y: top }, scale, first, end };
  drawPixelOverlay(context, area, layer.pixels, painting.ratio, painting.palette.font);
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
