/** Constant lines across a chart, such as bicubic's PSNR, each with its label beside it where the curves are not. */
import type { Palette } from '../kit/theme';
import type { Baseline } from './curve';
import { placeLabel, type Point } from './label-place';
import type { PlotArea } from './marks';

export interface BaselineDrawing {
  /** Device-pixel y of a value. */
  readonly position: (value: number) => number;
  readonly palette: Palette;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

/** @param curves what is drawn, in device pixels, so that labels keep off it */
export function drawBaselines(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  baselines: readonly Baseline[],
  curves: readonly (readonly Point[])[],
  { position, palette, ratio }: BaselineDrawing,
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
    context.textAlign = 'left';
    context.textBaseline = 'top';
    const size = { width: context.measureText(baseline.label).width, height: 13 * ratio };
    const { left, top } = placeLabel(area, y, size, 3 * ratio, curves);
    context.fillText(baseline.label, left, top + ratio);
  }
  context.restore();
}
