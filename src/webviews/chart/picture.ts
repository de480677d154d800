/** A chart as a PNG picture: background, title, legend and curves, as they are on the page. */
import type { Palette } from '../kit/theme';
import type { Curve } from './curve';

export async function chartPicture(
  title: string,
  curves: readonly Curve[],
  canvas: HTMLCanvasElement,
  palette: Palette,
): Promise<Blob> {
  const ratio = devicePixelRatio;
  const legend = layOut(curves, canvas.width, ratio, palette);
  const head = Math.round(28 * ratio) + legend.height;
  const picture = new OffscreenCanvas(canvas.width, canvas.height + head);
  const context = picture.getContext('2d')!;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.textBaseline = 'top';
  context.fillStyle = palette.foreground;
  context.font = `600 ${13 * ratio}px ${palette.font}`;
  context.fillText(title, 8 * ratio, 6 * ratio);

  context.font = legendFont(ratio, palette);
  for (const { curve, x, row } of legend.entries) {
    const y = (28 + row * ROW) * ratio;
    context.strokeStyle = palette[curve.colour];
    context.lineWidth = 2 * ratio;
    context.setLineDash(curve.line === 'dashed' ? [4 * ratio, 3 * ratio] : []);
    context.beginPath();
    context.moveTo(x, y + 6 * ratio);
    context.lineTo(x + 14 * ratio, y + 6 * ratio);
    context.stroke();
    context.fillText(curve.label, x + 18 * ratio, y);
  }
  context.drawImage(canvas, 0, head);
  return picture.convertToBlob({ type: 'image/png' });
}

const ROW = 18;
const legendFont = (ratio: number, palette: Palette): string => `${11 * ratio}px ${palette.font}`;

/** Legend entries in rows that are not wider than the picture. */
function layOut(
  curves: readonly Curve[],
  width: number,
  ratio: number,
  palette: Palette,
): { entries: { curve: Curve; x: number; row: number }[]; height: number } {
  const context = new OffscreenCanvas(1, 1).getContext('2d')!;
  context.font = legendFont(ratio, palette);
  const margin = 8 * ratio;
  let x = margin;
  let row = 0;
  const entries = curves.map((curve) => {
    const size = context.measureText(curve.label).width + 34 * ratio;
    if (x > margin && x + size > width) {
      x = margin;
      row += 1;
    }
    const entry = { curve, x, row };
    x += size;
    return entry;
  });
  return { entries, height: Math.round((row + 1) * ROW * ratio) };
}

export async function toBase64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(binary);
}
