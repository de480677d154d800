/** What holds for all charts of a page: x axis, smoothing, zoom. */
import { Button, Segmented, Slider } from '../kit/controls';
import { fixed } from '../kit/format';
import { updateGroup, type ChartGroup } from './chart-group';

export function ChartToolbar({ group }: { group: ChartGroup }) {
  const { xAxis, smoothing, zoom } = group.state.value;
  return (
    <div class="chart-toolbar" role="toolbar" aria-label="Curves">
      <Segmented
        label="X axis"
        choices={[
          { value: 'step', label: 'Step', title: 'Curves over steps' },
          { value: 'time', label: 'Time', title: 'Curves over the time since the start' },
        ]}
        value={xAxis}
        onChange={(axis) => {
          updateGroup(group, { xAxis: axis, zoom: null });
          group.cursor.value = null;
        }}
      />
      <label class="chart-smoothing">
        Smoothing
        <Slider
          label="Smoothing: weight of the exponential moving average"
          min={0}
          max={0.99}
          step={0.01}
          value={smoothing}
          valueText={fixed(smoothing, 2)}
          onInput={(weight) => {
            updateGroup(group, { smoothing: weight });
          }}
        />
        <span class="chart-smoothing-value">{smoothing === 0 ? 'off' : fixed(smoothing, 2)}</span>
      </label>
      <Button
        appearance="icon"
        icon="screen-full"
        title="Show all steps (double click on a chart)"
        disabled={zoom === null}
        onPress={() => {
          updateGroup(group, { zoom: null });
        }}
      />
    </div>
  );
}
