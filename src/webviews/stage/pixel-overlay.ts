/** What is drawn over pixels that are large enough: from 16× on a grid and grey levels, then red, green and blue. */
import type { Pixels } from './difference';
import type { Point } from './viewport';

const GRID_FROM = 16;
/** CSS pixels in which one line of figures can be read, and in which three can. */
const GREY_FROM = 16;
const COLOURS_FROM = 32;

/** The pixels in sight: pixel p of the picture is drawn at `origin + p * scale`, in device pixels. */
export interface PixelArea {
  origin: Point;
  scale: Point;
  first: Point;
  /** One past the last pixel. */
  end: Point;
}

/**
 * @param pixels of the area; read only if values are drawn, null where they are not there
 * @param ratio device pixels a CSS pixel
 */
export function drawPixelOverlay(
  context: CanvasRenderingContext2D,
  area: PixelArea,
  pixels: () => Pixels | null,
  ratio: number,
  font: string,
): void {
  if (area.scale.x >= GRID_FROM) drawGrid(context, area);
  if (area.scale.x < GREY_FROM * ratio) return;
  const read = pixels();
  if (read) drawValues(context, area, read, ratio, font);
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

/** Red, green and blue under each other, or one grey level (BT.601); light on dark pixels and dark on light ones. */
function drawValues(
  context: CanvasRenderingContext2D,
  { origin, scale, first, end }: PixelArea,
  { data, width }: Pixels,
  ratio: number,
  font: string,
): void {
  const coloured = scale.x >= COLOURS_FROM * ratio;
  const size = Math.min(scale.y / (coloured ? 3.6 : 2), 13 * ratio);
  context.font = `${size}px ${font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (let y = first.y; y < end.y; y += 1) {
    for (let x = first.x; x < end.x; x += 1) {
      const at = 4 * ((y - first.y) * width + (x - first.x));
      const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
      const grey = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
      context.fillStyle = grey > 128 ? '#000' : '#fff';
      const middle = origin.x + (x + 0.5) * scale.x;
      const lines = coloured ? [red, green, blue] : [grey];
      lines.forEach((value, line) => {
        const down = (line - (lines.length - 1) / 2) * size * 1.1;
        context.fillText(String(value), middle, origin.y + (y + 0.5) * scale.y + down);
      });
    }
  }
}
