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
  const head = Math.round(46 * ratio);
  const picture = new OffscreenCanvas(canvas.width, canvas.height + head);
  const context = picture.getContext('2d')!;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, picture.width, picture.height);
  context.textBaseline = 'top';
  context.fillStyle = palette.foreground;
  context.font = `600 ${13 * ratio}px ${palette.font}`;
  context.fillText(title, 8 * ratio, 6 * ratio);

  context.font = `${11 * ratio}px ${palette.font}`;
  let x = 8 * ratio;
  for (const curve of curves) {
    context.strokeStyle = palette[curve.colour];
    context.lineWidth = 2 * ratio;
    context.setLineDash(curve.line === 'dashed' ? [4 * ratio, 3 * ratio] : []);
    context.beginPath();
    context.moveTo(x, 34 * ratio);
    context.lineTo(x + 14 * ratio, 34 * ratio);
    context.stroke();
    context.fillText(curve.label, x + 18 * ratio, 28 * ratio);
    x += context.measureText(curve.label).width + 34 * ratio;
  }
  context.drawImage(canvas, 0, head);
  return picture.convertToBlob({ type: 'image/png' });
}

export async function toBase64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(binary);
}
