/** A chart without a mouse: the cursor goes from point to point, the zoom is about it. */
import { updateGroup, type ChartGroup } from './chart-group';
import type { Range } from './downsample';
import { nearestIndex } from './table';
import { zoomRange } from './zoom-range';

/** Does what `key` asks of the charts; false if it asks nothing. */
export function chartKey(key: string, group: ChartGroup, x: readonly number[], range: Range): boolean {
  const extent = group.extent.value[group.state.value.xAxis];
  const cursor = group.cursor.value;
  const index = cursor === null ? -1 : nearestIndex(x, cursor);
  const moveTo = (row: number) => {
    group.cursor.value = x[Math.max(0, Math.min(x.length - 1, row))] ?? null;
  };
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
      group.cursor.value = null;
      return true;
    default:
      return false;
  }
}
