/** Where the marks on the x axis are, which are near the pointer, and which are drawn. Pure. */
import type { Mark, XAxis } from './curve';

/** Between the triangles of checkpoints, in CSS pixels. */
export const LEAST_GAP = 12;

export const markX = (mark: Mark, axis: XAxis): number => (axis === 'step' ? mark.step : mark.elapsed);

/** Marks within `reach` of `x`, in the axis' unit, the nearest first; of checkpoints, which a long run has thousands of, one. */
export function marksNear(marks: readonly Mark[], axis: XAxis, x: number, reach: number): Mark[] {
  const distance = (mark: Mark): number => Math.abs(markX(mark, axis) - x);
  const near = marks.filter((mark) => distance(mark) <= reach).sort((a, b) => distance(a) - distance(b));
  const checkpoint = near.find(({ kind }) => kind === 'checkpoint');
  return near.filter((mark) => mark.kind !== 'checkpoint' || mark === checkpoint);
}

/** Without the checkpoints whose triangles would lie on each other: side by side they say no more. */
export function apart<T extends { readonly kind: Mark['kind'] }>(
  marks: readonly T[],
  position: (mark: T) => number,
  gap = LEAST_GAP,
): T[] {
  let last = -Infinity;
  return marks.filter((mark) => {
    if (mark.kind !== 'checkpoint') return true;
    const at = position(mark);
    if (at - last < gap) return false;
    last = at;
    return true;
  });
}
