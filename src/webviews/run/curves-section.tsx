/** All curves of the run, sharing one cursor and one zoom. */
import { useMemo } from 'preact/hooks';
import { Chart } from '../chart/chart';
import type { SaveFile } from '../chart/chart-actions';
import { ChartToolbar } from '../chart/chart-toolbar';
import { feedShare } from './advice';
import { chartDefinitions, type ChartDefinition } from './curves';
import { group, host, problem, type Run } from './run-page-state';
import { percent } from '../kit/format';

function tell(what: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const instead = what.startsWith('copy') ? ' Save it to a file instead.' : '';
  problem.value = `Could not ${what}: ${reason}${instead}`;
}

/** Saving asks where to, and a person may think about it for as long as they like. */
export function saver(run: string): SaveFile {
  const named = (name: string) => `${run}-${name}`;
  const report = (what: string, saved: Promise<void>) => {
    saved.catch((error: unknown) => {
      tell(what, error);
    });
  };
  return {
    text: (name, text) => {
      report('save the data', host.request('saveText', { name: named(name), text }, { timeout: null }));
    },
    picture: (name, base64) => {
      const request = host.request('savePicture', { name: named(name), base64 }, { timeout: null });
      report('save the picture', request);
    },
    failed: tell,
  };
}

export function CurvesSection({ run }: { run: Run }) {
  const { record, revision, configuration } = run;
  const definitions = useMemo(() => chartDefinitions(configuration), [configuration]);
  const marks = useMemo(() => record.marks(), [record, revision]);
  const save = useMemo(() => saver(configuration.name), [configuration.name]);
  return (
    <section class="section" aria-label="Curves">
      <div class="section-header">
        <h2>Curves</h2>
        <ChartToolbar group={group} />
      </div>
      <div class="chart-grid">
        {definitions.map((definition) => (
          <RunChart
            key={definition.id}
            definition={definition}
            run={run}
            revision={revision}
            marks={marks}
            save={save}
          />
        ))}
      </div>
    </section>
  );
}

function RunChart(props: {
  definition: ChartDefinition;
  run: Run;
  revision: number;
  marks: ReturnType<Run['record']['marks']>;
  save: SaveFile;
}) {
  const { definition, run, revision, marks, save } = props;
  const { baseline, table, note, ...rest } = definition;
  const baselines = useMemo(() => {
    const line = baseline?.(run.record);
    return line ? [line] : [];
  }, [baseline, run.record, revision]);
  const share = definition.id === 'seconds-per-step' ? feedShare(run.record) : null;
  return (
    <Chart
      {...rest}
      note={share === null ? note : `Waiting for data: ${percent(share)} of the last steps’ time.`}
      table={run.record[table]}
      revision={revision}
      baselines={baselines}
      marks={marks}
      group={group}
      save={save}
    />
  );
}
