/** The legend of a chart: names the curves, tells their values under the cursor (or the last ones), switches them. */
import { significant } from '../kit/format';
import { toggleCurve, updateGroup, type ChartGroup } from './chart-group';
import type { Curve } from './curve';
import { nearestIndex, nearestNumber, type ChartTable } from './table';

interface LegendProps {
  id: string;
  curves: readonly Curve[];
  table: ChartTable;
  revision: number;
  group: ChartGroup;
  smoothed: readonly (readonly number[])[] | null;
}

export function Legend({ id, curves, table, group, smoothed }: LegendProps) {
  const { hidden, xAxis } = group.state.value;
  const cursor = group.cursor.value;
  const x = xAxis === 'step' ? table.steps : table.elapsed;
  const row = cursor === null ? null : nearestIndex(x, cursor);

  return (
    <ul class="legend">
      {curves.map((curve, index) => {
        const values = smoothed?.[index] ?? table.column(curve.id);
        const value =
          row === null
            ? lastNumber(values)
            : curve.bridged === true
              ? nearestNumber(values, row)
              : values[row];
        const shown = !hidden.includes(`${id}/${curve.id}`);
        return (
          <li key={curve.id}>
            <button
              type="button"
              class="legend-entry"
              aria-pressed={shown}
              title={`${shown ? 'Hide' : 'Show'} ${curve.label}; with Alt show it alone`}
              onClick={(event) => {
                const ids = curves.map((other) => other.id);
                updateGroup(group, { hidden: toggleCurve(hidden, id, ids, curve.id, event.altKey) });
              }}
            >
              <span class={`legend-key legend-${curve.line ?? 'solid'} role-${curve.colour}`} />
              <span class="legend-label">{curve.label}</span>
              <span class="legend-value">
                {value === undefined || Number.isNaN(value) ? significant(null) : curve.format(value)}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function lastNumber(values: readonly number[]): number | undefined {
  for (let row = values.length - 1; row >= 0; row -= 1) {
    if (!Number.isNaN(values[row])) return values[row];
  }
  return undefined;
}
