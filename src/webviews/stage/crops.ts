/** Crops of the scene: rectangles in scene pixels that are marked, named and looked at again. Pure. */
import {
  MAX_SCALE,
  toScene,
  type Extent,
  type Placement,
  type Point,
  type Rectangle,
  type View,
} from './viewport';

export interface StageCrop extends Rectangle {
  readonly name: string;
}

/** What a page gives to its stage so that crops can be kept. */
export interface StageCrops {
  readonly kept: readonly StageCrop[];
  readonly keep: (crop: StageCrop) => void;
  readonly remove: (name: string) => void;
}

/** The part of the scene that the pane shows, in whole pixels. */
export function rectangleInSight(placement: Placement, scene: Extent, pane: Extent): Rectangle {
  const from = toScene(placement, { x: 0, y: 0 });
  const to = toScene(placement, { x: pane.width, y: pane.height });
  return clipped(from, to, scene);
}

/** The rectangle between two scene points, both of their pixels included; it has at least one pixel and stays in the scene. */
export function rectangleBetween(a: Point, b: Point, scene: Extent): Rectangle {
  const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
  return clipped({ x: left, y: top }, { x: right, y: bottom }, scene);
}

function clipped(from: Point, to: Point, scene: Extent): Rectangle {
  const left = Math.min(scene.width - 1, Math.max(0, Math.floor(from.x)));
  const top = Math.min(scene.height - 1, Math.max(0, Math.floor(from.y)));
  return {
    left,
    top,
    width: Math.min(scene.width, Math.max(left + 1, Math.ceil(to.x))) - left,
    height: Math.min(scene.height, Math.max(top + 1, Math.ceil(to.y))) - top,
  };
}

/** The view in which a rectangle fills a pane, as far as whole scales allow. */
export function viewOf(rectangle: Rectangle, pane: Extent): View {
  const fitting = Math.min(pane.width / rectangle.width, pane.height / rectangle.height);
  const scale = fitting < 1 ? fitting : Math.min(MAX_SCALE, Math.floor(fitting));
  return {
    scale,
    x: rectangle.left + rectangle.width / 2,
    y: rectangle.top + rectangle.height / 2,
  };
}

/** Where a rectangle of the scene is drawn in a pane, in device pixels, cut at the pane's border; null where none of it is. */
export function drawnRectangle(rectangle: Rectangle, placement: Placement, pane: Extent): Rectangle | null {
  const left = Math.max(0, placement.left + rectangle.left * placement.scale);
  const top = Math.max(0, placement.top + rectangle.top * placement.scale);
  const right = Math.min(pane.width, placement.left + (rectangle.left + rectangle.width) * placement.scale);
  const bottom = Math.min(pane.height, placement.top + (rectangle.top + rectangle.height) * placement.scale);
  return right <= left || bottom <= top ? null : { left, top, width: right - left, height: bottom - top };
}

/** `crop 1`, or with the first number that is free. */
export function freshName(kept: readonly { readonly name: string }[]): string {
  for (let number = 1; ; number += 1) {
    const name = `crop ${number}`;
    if (kept.every((crop) => crop.name !== name)) return name;
  }
}

/** The crop that a view shows, if it is exactly one's. */
export function cropInView(
  kept: readonly StageCrop[],
  view: View | null,
  pane: Extent,
): StageCrop | undefined {
  if (view === null) return undefined;
  return kept.find((crop) => {
    const own = viewOf(crop, pane);
    return own.scale === view.scale && own.x === view.x && own.y === view.y;
  });
}
