/**
 * Where a picture lies in a pane. Everything is in device pixels, so that 1:1 is exact; from 1:1 on, scales are whole
 * numbers and the origin is on a whole pixel, so that every pixel of the picture is a square of the same size.
 */

export interface Extent {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** What a person looks at, whatever the size of the pane. `null` in its place means: all of it (fit). */
export interface View {
  /** Device pixels a scene pixel, as asked for; see `snapScale`. */
  scale: number;
  /** Scene point in the middle of the pane. */
  x: number;
  y: number;
}

/** A view in a pane of a certain size: scene point s is drawn at `left + s.x * scale`, `top + s.y * scale`. */
export interface Placement {
  scale: number;
  left: number;
  top: number;
}

export const MAX_SCALE = 96;

/** Whole numbers from 1 on; below, anything. */
export function snapScale(scale: number): number {
  return scale < 1 ? scale : Math.min(MAX_SCALE, Math.round(scale));
}

/** The largest exact scale at which all of the scene is in the pane. */
export function fitScale(scene: Extent, pane: Extent): number {
  const scale = Math.min(pane.width / scene.width, pane.height / scene.height);
  return scale < 1 ? Math.max(scale, 1e-3) : Math.min(MAX_SCALE, Math.floor(scale));
}

/** Origin of an axis: centred if the scene is smaller than the pane, else without a gap at either edge. */
function originOf(centre: number, scene: number, pane: number, scale: number): number {
  const size = scene * scale;
  const origin = size <= pane ? (pane - size) / 2 : clamp(pane / 2 - centre * scale, pane - size, 0);
  return Math.round(origin);
}

export function place(view: View | null, scene: Extent, pane: Extent): Placement {
  const scale = view === null ? fitScale(scene, pane) : snapScale(view.scale);
  const centre = view ?? { x: scene.width / 2, y: scene.height / 2 };
  return {
    scale,
    left: originOf(centre.x, scene.width, pane.width, scale),
    top: originOf(centre.y, scene.height, pane.height, scale),
  };
}

/** The scene point that is drawn at `point` of the pane. */
export function toScene(placement: Placement, point: Point): Point {
  return {
    x: (point.x - placement.left) / placement.scale,
    y: (point.y - placement.top) / placement.scale,
  };
}

/** The scene pixel at `point` of the pane; null outside of the scene. */
export function scenePixel(placement: Placement, scene: Extent, point: Point): Point | null {
  const at = toScene(placement, point);
  const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
  return x >= 0 && y >= 0 && x < scene.width && y < scene.height ? { x, y } : null;
}

/** The part of the scene that the pane shows, in scene pixels. */
export function sightOf(placement: Placement, scene: Extent, pane: Extent): Rectangle {
  const from = toScene(placement, { x: 0, y: 0 });
  const to = toScene(placement, { x: pane.width, y: pane.height });
  const [left, top] = [clamp(from.x, 0, scene.width), clamp(from.y, 0, scene.height)];
  return {
    left,
    top,
    width: clamp(to.x, 0, scene.width) - left,
    height: clamp(to.y, 0, scene.height) - top,
  };
}

/** Multiplies the scale; the scene point under `point` of the pane stays where it is. */
export function zoomAt(view: View | null, scene: Extent, pane: Extent, point: Point, factor: number): View {
  const before = place(view, scene, pane);
  const asked = (view?.scale ?? before.scale) * factor;
  const smallest = Math.min(1, fitScale(scene, pane));
  return scaleAt(view, scene, pane, point, clamp(asked, smallest, MAX_SCALE));
}

/** Sets the scale; the scene point under `point` of the pane stays where it is. */
export function scaleAt(view: View | null, scene: Extent, pane: Extent, point: Point, scale: number): View {
  const fixed = toScene(place(view, scene, pane), point);
  const snapped = snapScale(scale);
  return inSight(
    {
      scale,
      x: fixed.x + (pane.width / 2 - point.x) / snapped,
      y: fixed.y + (pane.height / 2 - point.y) / snapped,
    },
    scene,
    pane,
  );
}

/** Moves the picture by device pixels, as a hand would. */
export function panBy(view: View | null, scene: Extent, pane: Extent, dx: number, dy: number): View {
  const { scale, left, top } = place(view, scene, pane);
  const centre = { x: (pane.width / 2 - left) / scale, y: (pane.height / 2 - top) / scale };
  return inSight(
    { scale: view?.scale ?? scale, x: centre.x - dx / scale, y: centre.y - dy / scale },
    scene,
    pane,
  );
}

/** All of it, or 1:1 about `point` if all of it is in sight already. */
export function toggleFit(view: View | null, scene: Extent, pane: Extent, point: Point): View | null {
  return view === null ? scaleAt(view, scene, pane, point, 1) : null;
}

/** Whether there is more than the pane can show. */
export function overflows(placement: Placement, scene: Extent, pane: Extent): boolean {
  return scene.width * placement.scale > pane.width || scene.height * placement.scale > pane.height;
}

/** The same view with its centre where `place` will have it, so that panning back starts at once. */
function inSight(view: View, scene: Extent, pane: Extent): View {
  const scale = snapScale(view.scale);
  const half = { x: pane.width / 2 / scale, y: pane.height / 2 / scale };
  const centre = (value: number, size: number, margin: number) =>
    2 * margin >= size ? size / 2 : clamp(value, margin, size - margin);
  return {
    scale: view.scale,
    x: centre(view.x, scene.width, half.x),
    y: centre(view.y, scene.height, half.y),
  };
}

/** Rows and columns for `panes` pictures in which the scene is largest; ties go to fewer rows. */
export function arrange(panes: number, area: Extent, scene: Extent): { columns: number; rows: number } {
  let best = { columns: panes, rows: 1 };
  let bestScale = 0;
  for (let rows = 1; rows <= panes; rows += 1) {
    const columns = Math.ceil(panes / rows);
    if (columns * (rows - 1) >= panes) continue;
    const scale = Math.min(area.width / columns / scene.width, area.height / rows / scene.height);
    if (scale > bestScale * 1.001) {
      best = { columns, rows };
      bestScale = scale;
    }
  }
  return best;
}

export interface Rectangle extends Extent {
  left: number;
  top: number;
}

/** The panes of a grid in reading order, of equal size, on whole pixels, with a gap between them. */
export function paneRectangles(
  panes: number,
  grid: { columns: number; rows: number },
  area: Extent,
  gap: number,
): Rectangle[] {
  const width = Math.floor((area.width - gap * (grid.columns - 1)) / grid.columns);
  const height = Math.floor((area.height - gap * (grid.rows - 1)) / grid.rows);
  return Array.from({ length: panes }, (_, index) => ({
    left: (index % grid.columns) * (width + gap),
    top: Math.floor(index / grid.columns) * (height + gap),
    width,
    height,
  }));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
