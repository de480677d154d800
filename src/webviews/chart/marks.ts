/** Marks on the x axis (stages, resumes, checkpoints, drops of the learning rate, warnings): drawn over the curves and told when pointed at. */
import type { Palette } from '../kit/theme';
import type { Mark } from './curve';
import { apart, LEAST_GAP } from './mark-places';

const DASHES: Record<Exclude<Mark['kind'], 'checkpoint'>, number[]> = {
  stage: [],
  resumed: [2, 3],
  rate: [7, 3, 2, 3],
  warning: [2, 3],
};

/** Device-pixel rectangle of the plotting area. */
export interface PlotArea {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * @param position device-pixel x of a mark; marks outside the area are not drawn
 * @param ratio device pixels a CSS pixel
 */
export function drawMarks(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  marks: readonly Mark[],
  position: (mark: Mark) => number,
  palette: Palette,
  ratio: number,
): void {
  context.save();
  context.lineWidth = ratio;
  for (const mark of apart(marks, position, LEAST_GAP * ratio)) {
    const x = Math.round(position(mark)) + 0.5;
    if (x < area.left || x > area.left + area.width) continue;
    const bottom = area.top + area.height;
    if (mark.kind === 'checkpoint') {
      context.fillStyle = palette.muted;
      triangle(context, x, bottom, 4 * ratio);
      continue;
    }
    context.strokeStyle = mark.kind === 'warning' ? palette.warning : palette.muted;
    context.setLineDash(DASHES[mark.kind].map((length) => length * ratio));
    context.beginPath();
    context.moveTo(x, area.top);
    context.lineTo(x, bottom);
    context.stroke();
    if (mark.kind === 'warning') {
      context.fillStyle = palette.warning;
      triangle(context, x, area.top + 7 * ratio, 5 * ratio);
    }
  }
  context.restore();
}

/** Pointing up, its base on `bottom`. */
function triangle(context: CanvasRenderingContext2D, x: number, bottom: number, size: number): void {
  context.beginPath();
  context.moveTo(x - size, bottom);
  context.lineTo(x + size, bottom);
  context.lineTo(x, bottom - 1.6 * size);
  context.fill();
}
