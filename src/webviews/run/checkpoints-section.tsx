/** How good the run’s checkpoints are: scores over the steps, one evaluation at a time. Nothing where none was made. */
import { computed, signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { missingSteps } from '../../protocol/checkpoint-curve';
import { Chart } from '../chart/chart';
import { chartGroup, type ChartGroupState } from '../chart/chart-group';
import { Button } from '../kit/controls';
import {
  checkpointCharts,
  evaluationWords,
  shownEvaluation,
  type EvaluationChoice,
} from './checkpoint-curves';
import { saver } from './curves-section';
import { evaluateCheckpoints, run as shownRun, type Run } from './run-page-state';

const chosen = signal<EvaluationChoice | null>(null);

const lookOfCharts = signal<ChartGroupState>({
  xAxis: 'step',
  zoom: null,
  smoothing: 0,
  hidden: [],
  logarithmic: {},
});

const extent = computed(() => {
  const shown = shownEvaluation(shownRun.value?.evaluations ?? [], chosen.value);
  const steps = shown?.checkpoints.map(({ step }) => step) ?? [];
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

export function CheckpointsSection({ run }: { run: Run }) {
  const { evaluations, configuration } = run;
  const shown = shownEvaluation(evaluations, chosen.value);
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
              chosen.value = {
                name: event.currentTarget.value,
                newest: evaluations.at(-1)?.name ?? shown.name,
              };
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
