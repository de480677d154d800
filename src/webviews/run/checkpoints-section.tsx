/** How good the run’s checkpoints are: scores over the steps, one evaluation at a time. Nothing where none was made. */
import { computed, signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { missingSteps, type CheckpointCurve } from '../../protocol/checkpoint-evaluation';
import { Chart } from '../chart/chart';
import { chartGroup, type ChartGroupState } from '../chart/chart-group';
import { Button } from '../kit/controls';
import { checkpointCharts, evaluationWords } from './checkpoint-curves';
import { saver } from './curves-section';
import { evaluateCheckpoints, run as shownRun, type Run } from './run-page-state';

/** Name of the evaluation that is shown; null is the newest. */
const chosen = signal<string | null>(null);

const lookOfCharts = signal<ChartGroupState>({
  xAxis: 'step',
  zoom: null,
  smoothing: 0,
  hidden: [],
  logarithmic: {},
});

const extent = computed(() => {
  const steps = shownOf(shownRun.value?.evaluations ?? [])?.checkpoints.map(({ step }) => step) ?? [];
  const range = { min: Math.min(...steps, Infinity), max: Math.max(...steps, -Infinity) };
  const sane = range.max > range.min ? range : { min: 0, max: Math.max(1, range.max) };
  return { step: sane, time: sane };
});

const group = chartGroup(
  {
    get value() {
      return lookOfCharts.value;
    },
    set(state) {
      lookOfCharts.value = state;
    },
  },
  extent,
);

function shownOf(evaluations: readonly CheckpointCurve[]): CheckpointCurve | undefined {
  return evaluations.find(({ name }) => name === chosen.value) ?? evaluations.at(-1);
}

export function CheckpointsSection({ run }: { run: Run }) {
  const { evaluations, configuration } = run;
  const shown = shownOf(evaluations);
  const charts = useMemo(() => (shown === undefined ? [] : checkpointCharts(shown)), [shown]);
  const save = useMemo(() => saver(configuration.name), [configuration.name]);
  if (shown === undefined) return null;
  return (
    <section class="section" aria-label="Checkpoints">
      <div class="section-header">
        <h2>Checkpoints</h2>
        {evaluations.length > 1 && (
          <select
            aria-label="Evaluation"
            value={shown.name}
            onChange={(event) => {
              chosen.value = event.currentTarget.value;
            }}
          >
            {evaluations.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
        <Button
          icon="debug-restart"
          title="Scores the checkpoints that have no scores on these pictures yet"
          onPress={() => void evaluateCheckpoints(shown.name)}
        >
          {missingSteps(shown).length > 0 ? 'Continue' : 'Update'}
        </Button>
      </div>
      <p class="muted">{evaluationWords(shown)}</p>
      {shown.problems.length > 0 && (
        <ul class="muted">
          {shown.problems.map(({ file, problem }) => (
            <li key={file}>{problem}</li>
          ))}
        </ul>
      )}
      <div class="chart-grid">
        {charts.map(({ id, ...chart }) => (
          <Chart
            key={id}
            id={id}
            {...chart}
            revision={shown.checkpoints.length}
            group={group}
            empty="No checkpoint is scored yet"
            save={save}
          />
        ))}
      </div>
    </section>
  );
}
