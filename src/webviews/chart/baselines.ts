/** Constant lines across a chart, such as bicubic's PSNR, each with its label on it. */
import type { Palette } from '../kit/theme';
import type { Baseline } from './curve';
import type { PlotArea } from './marks';

/**
 * @param position device-pixel y of a value
 * @param ratio device pixels a CSS pixel
 */
export function drawBaselines(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  baselines: readonly Baseline[],
  position: (value: number) => number,
  palette: Palette,
  ratio: number,
): void {
  context.save();
  for (const baseline of baselines) {
    const y = Math.round(position(baseline.value)) + 0.5;
    if (!(y >= area.top && y <= area.top + area.height)) continue;
    context.strokeStyle = palette[baseline.colour];
    context.lineWidth = 1.5 * ratio;
    context.beginPath();
    context.moveTo(area.left, y);
    context.lineTo(area.left + area.width, y);
    context.stroke();
    context.fillStyle = palette[baseline.colour];
    context.font = `${11 * ratio}px ${palette.font}`;
    context.textAlign = 'right';
    const above = y - area.top > 20 * ratio;
    context.textBaseline = above ? 'bottom' : 'top';
    context.fillText(baseline.label, area.left + area.width - 4 * ratio, y + (above ? -3 : 3) * ratio);
  }
  context.restore();
}
