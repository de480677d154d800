/** How the images are distributed: histograms that filter the grid, and the spectrum of HR against what LR holds of it. */
import { computed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { DatasetAnalysis } from '../../protocol/dataset-analysis';
import { Chart } from '../chart/chart';
import type { SaveFile } from '../chart/chart-actions';
import { chartGroup } from '../chart/chart-group';
import { Histogram } from '../chart/histogram-view';
import { cellOf } from '../kit/cell';
import { Button } from '../kit/controls';
import {
  analysis,
  attempt,
  changeFilter,
  collection,
  found,
  host,
  page,
  perform,
  problem,
  work,
} from './dataset-page-state';
import { measureKeys } from './image-collection';
import { SPECTRUM_RANGE, spectrumCurves, spectrumTable } from './spectrum';
import { measureHints, measureLabels, measureNumber, measureUnits } from './words';

const group = chartGroup(
  cellOf(page, 'charts'),
  computed(() => ({ step: SPECTRUM_RANGE, time: SPECTRUM_RANGE })),
);

export function Distribution({ name }: { name: string }) {
  const { ranges } = page.value.filter;
  return (
    <section id="distribution" class="section" aria-label="Distribution">
      <div class="section-header">
        <h2>Distribution</h2>
        <p class="muted">Drag over bars to show only those images above.</p>
      </div>
      <div class="histogram-grid">
        {measureKeys.map((key) => (
          <Histogram
            key={key}
            title={measureLabels[key]}
            unit={measureUnits[key]}
            hint={measureHints[key]}
            values={collection.value.column(key)}
            shown={found.value}
            range={ranges[key]}
            format={(value) => measureNumber(key, value)}
            empty="Not measured yet"
            onRange={(range) => {
              changeFilter({ ranges: { ...page.peek().filter.ranges, [key]: range } });
            }}
          />
        ))}
      </div>
      <Spectrum result={analysis.value?.result ?? null} name={name} />
    </section>
  );
}

function Spectrum({ result, name }: { result: DatasetAnalysis | null; name: string }) {
  const table = useMemo(() => (result ? spectrumTable(result) : null), [result]);
  const save = useMemo(() => saver(name), [name]);
  if (table === null) {
    return (
      <div class="not-analysed">
        <p class="muted">
          The radial spectrum of HR against its LR shows what shrinking has taken away, and whether it folded
          back as aliasing. It comes with the analysis.
        </p>
        <Button
          icon="graph"
          disabled={work.value !== null}
          onPress={() => {
            perform('analyse');
          }}
        >
          Analyse
        </Button>
      </div>
    );
  }
  return (
    <Chart
      id="spectrum"
      title="Radial spectrum"
      note="Mean power over all directions, in dB of HR’s strongest, by frequency in per cent of HR’s Nyquist frequency."
      axis={{ name: 'frequency', plural: 'frequencies', unit: ' %' }}
      table={table}
      revision={0}
      curves={spectrumCurves}
      group={group}
      empty="No spectrum"
      save={save}
    />
  );
}

function saver(dataset: string): SaveFile {
  const named = (name: string) => `${dataset}-${name}`;
  return {
    text: (name, text) => {
      void attempt(host.request('saveText', { name: named(name), text }, { timeout: null }));
    },
    picture: (name, base64) => {
      void attempt(host.request('savePicture', { name: named(name), base64 }, { timeout: null }));
    },
    failed: (what, error) => {
      problem.value = `Could not ${what}: ${error instanceof Error ? error.message : String(error)}`;
    },
  };
}
