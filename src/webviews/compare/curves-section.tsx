/** Curves of all shown runs over each other, a colour a run, over steps or over time; one cursor and one zoom for all charts. */
import { useMemo } from 'preact/hooks';
import { Chart } from '../chart/chart';
import { ChartToolbar } from '../chart/chart-toolbar';
import type { AxisWords, XAxis } from '../chart/curve';
import { count } from '../kit/format';
import { Choices } from './choices';
import type { ReadRun } from './compared-run';
import { group, page, saveFile, shownRuns, update } from './compare-page-state';
import { baselinesOf, curvesOf, marksOf, seriesOf, stepsPerPoint, unionTable } from './curves';
import { quantities, type Quantity } from './quantities';

/** Of more, raw curves behind the smoothed ones would be all that is seen. */
const FEW_RUNS = 3;

const axisWords: Record<XAxis, AxisWords> = {
  step: { name: 'step', plural: 'steps', unit: '' },
  time: { name: 'seconds since the start', plural: 'seconds since the start', unit: ' s' },
};

export function CurvesSection() {
  const { charts } = page.value;
  const runs = shownRuns.value;
  const shown = quantities.filter((quantity) => isShown(quantity, charts));
  const width = stepsPerPoint(runs);
  return (
    <section class="section" aria-label="Curves">
      <div class="section-header">
        <h2>Curves</h2>
        <div class="compare-toolbar">
          <Choices
            label="Charts"
            icon="graph"
            entries={quantities.map((quantity) => ({
              id: quantity.id,
              label: quantity.title,
              checked: isShown(quantity, charts),
            }))}
            onChange={(id, checked) => {
              update({ charts: { ...page.peek().charts, [id]: checked } });
            }}
            onReset={
              Object.keys(charts).length === 0
                ? undefined
                : () => {
                    update({ charts: {} });
                  }
            }
          />
          <ChartToolbar group={group} />
        </div>
      </div>
      {width > 1 && (
        <p class="muted footnote">
          Long runs are drawn in up to {count(2000)} points; a point is the mean of up to {count(width)}{' '}
          steps.
        </p>
      )}
      <div class="chart-grid">
        {shown.map((quantity) => (
          <QuantityChart key={quantity.id} quantity={quantity} runs={runs} />
        ))}
      </div>
    </section>
  );
}

function isShown({ id, shownAtFirst }: Quantity, chosen: Record<string, boolean>): boolean {
  return chosen[id] ?? shownAtFirst;
}

/** What a chart draws of runs changes only with these; every second brings a new status. */
const versions = new WeakMap<object, number>();
let lastVersion = 0;

function versionOf(part: object): number {
  const known = versions.get(part);
  if (known !== undefined) return known;
  lastVersion += 1;
  versions.set(part, lastVersion);
  return lastVersion;
}

function dataKey(runs: readonly ReadRun[], { source }: Quantity): string {
  return runs
    .map(({ slot, name, content }) => {
      const part = source === 'steps' ? content.curves : content.validations;
      return [slot, name, versionOf(part), content.curves.steps.length].join(' ');
    })
    .join('\n');
}

function QuantityChart({ quantity, runs }: { quantity: Quantity; runs: readonly ReadRun[] }) {
  const { xAxis } = group.state.value;
  const key = dataKey(runs, quantity);
  const data = useMemo(
    () => ({
      table: unionTable(runs.map((run) => seriesOf(run, quantity, xAxis))),
      curves: curvesOf(runs, quantity),
      baselines: baselinesOf(runs, quantity),
      marks: marksOf(runs, xAxis),
    }),
    [key, quantity, xAxis],
  );
  const { id, title, note, logarithmic, fromZero, yRange, empty } = quantity;
  return (
    <Chart
      id={id}
      title={title}
      note={note}
      {...data}
      revision={0}
      group={group}
      logarithmic={logarithmic ?? false}
      {...(yRange === undefined ? {} : { yRange })}
      fromZero={fromZero ?? false}
      axis={axisWords[xAxis]}
      rawBehind={runs.length <= FEW_RUNS}
      empty={empty}
      save={saveFile}
    />
  );
}
