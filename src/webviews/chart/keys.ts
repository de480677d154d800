/**
 * A chart without a mouse: the cursor goes from point to point, the zoom is about it; with Shift it takes a stretch along,
 * which Enter zooms to.
 */
import { updateGroup, type ChartGroup } from './chart-group';
import type { Range } from './downsample';
import { lowerBound, nearestIndex } from './table';
import { zoomRange } from './zoom-range';

/** Of the rows in sight. */
const PAGE = 0.1;

/** Does what a key asks of the charts; false if it asks nothing. */
export function chartKey(
  { key, shiftKey }: { key: string; shiftKey: boolean },
  group: ChartGroup,
  x: readonly number[],
  range: Range,
): boolean {
  const extent = group.extent.value[group.state.value.xAxis];
  const cursor = group.cursor.value;
  const index = cursor === null ? -1 : nearestIndex(x, cursor);
  const moveTo = (row: number) => {
    const to = x[Math.max(0, Math.min(x.length - 1, row))] ?? null;
    const anchor = group.selection.value?.anchor ?? cursor;
    group.selection.value = shiftKey && to !== null && anchor !== null ? { anchor, end: to } : null;
    group.cursor.value = to;
  };
  const page = Math.max(1, Math.round(PAGE * (lowerBound(x, range.max) - lowerBound(x, range.min))));
  const zoomBy = (factor: number) => {
    const centre = cursor ?? (range.min + range.max) / 2;
    updateGroup(group, { zoom: zoomRange(range, extent, centre, factor) });
  };
  switch (key) {
    case 'ArrowLeft':
      moveTo(index === -1 ? x.length - 1 : index - 1);
      return true;
    case 'ArrowRight':
      moveTo(index === -1 ? 0 : index + 1);
      return true;
    case 'PageUp':
      moveTo(index === -1 ? x.length - 1 : index - page);
      return true;
    case 'PageDown':
      moveTo(index === -1 ? 0 : index + page);
      return true;
    case 'Enter': {
      const { anchor, end } = group.selection.value ?? { anchor: 0, end: 0 };
      if (anchor === end) return false;
      updateGroup(group, { zoom: { min: Math.min(anchor, end), max: Math.max(anchor, end) } });
      group.selection.value = null;
      return true;
    }
    case 'Home':
      moveTo(0);
      return true;
    case 'End':
      moveTo(x.length - 1);
      return true;
    case '+':
    case '=':
      zoomBy(2);
      return true;
    case '-':
      zoomBy(0.5);
      return true;
    case '0':
      updateGroup(group, { zoom: null });
      return true;
    case 'Escape':
      group.selection.value = null;
      group.cursor.value = null;
      return true;
    default:
      return false;
  }
}
