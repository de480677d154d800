/** Views and regions from one number of pixels to another: a picture and its enlargement are one scene. Pure. */
import type { Region } from '../../protocol/preview';
import type { Rectangle, View } from '../stage/viewport';

/** The view that shows the same part at the same size when the scene has `factor` times as many pixels a side. */
export function rescaled(view: View | null, factor: number): View | null {
  return view && { scale: view.scale / factor, x: view.x * factor, y: view.y * factor };
}

/** A part of the scene in pixels of the file, whole pixels all around. */
export function inFilePixels({ left, top, width, height }: Rectangle, scale: number): Region {
  const [x, y] = [Math.floor(left / scale), Math.floor(top / scale)];
  return {
    left: x,
    top: y,
    width: Math.ceil((left + width) / scale) - x,
    height: Math.ceil((top + height) / scale) - y,
  };
}
