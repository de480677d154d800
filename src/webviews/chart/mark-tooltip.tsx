/** What a mark on the x axis means, told when the pointer is at it, or when the keyboard's cursor is. */
import type { ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import type { ChartGroup } from './chart-group';
import type { Mark } from './curve';
import { marksNear } from './mark-places';
import type { Plot } from './plot';

const REACH = 5;

export function MarkTooltip(props: {
  marks: readonly Mark[];
  group: ChartGroup;
  hovered: ReadonlySignal<boolean>;
  plot: RefObject<Plot | null>;
}) {
  const { marks, group, hovered, plot } = props;
  const cursor = group.cursor.value;
  if (cursor === null || !hovered.value || !plot.current) return null;
  const near = marksNear(marks, group.state.value.xAxis, cursor, REACH * plot.current.unitsPerPixel);
  if (near.length === 0) return null;
  return (
    <div class="chart-tooltip" role="status">
      {near.slice(0, 4).map((mark) => (
        <div key={`${mark.kind}${mark.step}${mark.text}`}>{mark.text}</div>
      ))}
    </div>
  );
}
