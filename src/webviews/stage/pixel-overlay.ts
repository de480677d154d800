/** What is drawn over pixels that are large enough: from 16× on a grid, and their values once these can be read. */
import type { Pixels } from './difference';
import type { Point } from './viewport';

const GRID_FROM = 16;
/** CSS pixels in which three lines of figures can be read. */
const VALUES_FROM = 32;

/** The pixels in sight: pixel p of the picture is drawn at `origin + p * scale`, in device pixels. */
export interface PixelArea {
  origin: Point;
  scale: Point;
  first: Point;
  /** One past the last pixel. */
  end: Point;
}

/**
 * @param pixels of the picture; read only if values are drawn
 * @param ratio device pixels a CSS pixel
 */
export function drawPixelOverlay(
  context: CanvasRenderingContext2D,
  area: PixelArea,
  pixels: () => Pixels,
  ratio: number,
  font: string,
): void {
  if (area.scale.x >= GRID_FROM) drawGrid(context, area);
  if (area.scale.x >= VALUES_FROM * ratio) drawValues(context, area, pixels(), ratio, font);
}

function drawGrid(context: CanvasRenderingContext2D, { origin, scale, first, end }: PixelArea): void {
  context.strokeStyle = 'rgba(128, 128, 128, 0.45)';
  context.lineWidth = 1;
  context.beginPath();
  for (let x = first.x; x <= end.x; x += 1) {
    const at = Math.round(origin.x + x * scale.x) + 0.5;
    context.moveTo(at, origin.y + first.y * scale.y);
    context.lineTo(at, origin.y + end.y * scale.y);
  }
  for (let y = first.y; y <= end.y; y += 1) {
    const at = Math.round(origin.y + y * scale.y) + 0.5;
    context.moveTo(origin.x + first.x * scale.x, at);
    context.lineTo(origin.x + end.x * scale.x, at);
  }
  context.stroke();
}

/** Red, green and blue under each other, light on dark pixels and dark on light ones. */
function drawValues(
  context: CanvasRenderingContext2D,
  { origin, scale, first, end }: PixelArea,
  { data, width }: Pixels,
  ratio: number,
  font: string,
): void {
  const size = Math.min(scale.y / 3.6, 13 * ratio);
  context.font = `${size}px ${font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (let y = first.y; y < end.y; y += 1) {
    for (let x = first.x; x < end.x; x += 1) {
      const at = 4 * (y * width + x);
      const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
      context.fillStyle = 0.299 * red + 0.587 * green + 0.114 * blue > 128 ? '#000' : '#fff';
      const middle = origin.x + (x + 0.5) * scale.x;
      [red, green, blue].forEach((value, line) => {
        context.fillText(String(value), middle, origin.y + (y + 0.5) * scale.y + (line - 1) * size * 1.1);
      });
    }
  }
}
