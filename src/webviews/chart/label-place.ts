/** Where the label of a horizontal line goes so that it hides as little of the curves as can be. Pure; device pixels. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Places along a box at which curves are looked up. */
const SAMPLES = 9;

/** y of a curve at `x`, between its points by straight lines; undefined beyond its ends. */
function heightAt(curve: readonly Point[], x: number): number | undefined {
  let [after, end] = [0, curve.length];
  while (after < end) {
    const middle = (after + end) >>> 1;
    if (curve[middle]!.x < x) after = middle + 1;
    else end = middle;
  }
  const [from, to] = [curve[after - 1], curve[after]];
  if (to === undefined) return undefined;
  if (to.x === x) return to.y;
  return from === undefined ? undefined : from.y + ((to.y - from.y) * (x - from.x)) / (to.x - from.x);
}

/** At how many of the places looked at a curve runs through the box. */
function hidden(box: Box, curves: readonly (readonly Point[])[]): number {
  let count = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const x = box.left + (box.width * sample) / (SAMPLES - 1);
    for (const curve of curves) {
      const y = heightAt(curve, x);
      if (y !== undefined && y >= box.top && y <= box.top + box.height) count++;
    }
  }
  return count;
}

/**
 * The box of a label of this size beside the line at `y`: above or below it, at the right or the left end of the area;
 * inside the area, and through as few curves as can be.
 */
export function placeLabel(
  area: Box,
  y: number,
  size: { readonly width: number; readonly height: number },
  gap: number,
  curves: readonly (readonly Point[])[],
): Box {
  const right = area.left + area.width - size.width - gap;
  const places = [right, area.left + gap].flatMap((left) =>
    [y - gap - size.height, y + gap].map((top) => ({ left, top, ...size })),
  );
  const inside = places.filter(
    ({ top, height }) => top >= area.top && top + height <= area.top + area.height,
  );
  const [best] = (inside.length > 0 ? inside : places)
    .map((box) => ({ box, count: hidden(box, curves) }))
    .sort((a, b) => a.count - b.count);
  return best!.box;
}
