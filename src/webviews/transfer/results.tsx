/** The three kinds of results, each as a chart and a table. */
import type { CurveResult, ProbeResult } from '../../protocol/transfer';
import type { TransferSnapshot } from '../../protocol/transfer-page';
import { Button } from '../kit/controls';
import { AccuracyChart } from './accuracy-chart';
import { saveText } from './state';
import { curveCsv, estimateWords, labelsWords, percent, probeCsv } from './words';

const poolingWords = { grid: '4×4 maxima', average: 'mean' };

export function ProbeSection({ probe }: { probe: ProbeResult }) {
  const { rows, best, chance, images } = probe;
  const stages = [...new Set(rows.map(({ stage }) => stage))];
  const series = (['grid', 'average'] as const).map((pooling) => ({
    name: poolingWords[pooling],
    points: stages.map(
      (stage) => rows.find((row) => row.stage === stage && row.pooling === pooling)?.accuracy ?? null,
    ),
  }));
  return (
    <section class="section" aria-label="Accuracy by stage">
      <SectionHeader title="Accuracy by stage" name="probe.csv" csv={() => probeCsv(probe)} />
      <p class="muted">
        {probe.network}. {images.train} images to train, {images.validation} to validate, {images.test} to
        test; 95 % intervals over the seeds.
      </p>
      <AccuracyChart
        title="Accuracy by stage"
        axis="stage, from the image on"
        places={stages}
        series={series}
        chance={chance}
      />
      <div class="transfer-scroll">
        <table class="transfer-table">
          <thead>
            <tr>
              {['Stage', 'Pooling', 'Features', 'Test', 'Validation'].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={`${row.stage} ${row.pooling}`} class={index === best ? 'transfer-best' : ''}>
                <th scope="row">
                  {row.stage}
                  {index === best && ' (best on validation)'}
                </th>
                <td>{poolingWords[row.pooling]}</td>
                <td>{row.features}</td>
                <td>{estimateWords(row.accuracy)}</td>
                <td>{estimateWords(row.validation)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function CurveSection({ curve }: { curve: CurveResult }) {
  const counts = [...new Set(curve.series.flatMap(({ points }) => points.map(({ labels }) => labels)))].sort(
    (a, b) => (a ?? Infinity) - (b ?? Infinity),
  );
  const series = curve.series.map(({ description, points }) => ({
    name: description,
    points: counts.map((labels) => points.find((point) => point.labels === labels)?.accuracy ?? null),
  }));
  return (
    <section class="section" aria-label="Accuracy by labels">
      <SectionHeader title="Accuracy by labels" name="curve.csv" csv={() => curveCsv(curve)} />
      {curve.sentences.length > 0 && (
        <ul class="transfer-verdicts" aria-label="Verdict">
          {curve.sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <AccuracyChart
        title="Accuracy by labels"
        axis="labels a class"
        places={counts.map(labelsWords)}
        series={series}
        chance={curve.chance}
      />
      <div class="transfer-scroll">
        <table class="transfer-table">
          <thead>
            <tr>
              <th scope="col">Labels a class</th>
              {counts.map((labels) => (
                <th key={labelsWords(labels)} scope="col">
                  {labelsWords(labels)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {series.map(({ name, points }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {points.map((point, index) => (
                  <td key={index}>{point === null ? '–' : estimateWords(point)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function EpochsSection({ now: { epochs, fineTuning } }: { now: TransferSnapshot }) {
  const point = (mean: number) => ({ mean, interval: null });
  const step = Math.max(1, Math.ceil(epochs.length / 40));
  const shown = epochs.filter((_, index) => index % step === 0 || index === epochs.length - 1);
  const last = epochs.at(-1)!;
  return (
    <section class="section" aria-label="Epochs">
      <h2>Epochs</h2>
      <p class="muted">
        {last.frozen === 0 ? 'All stages learn.' : `${last.frozen} stages are frozen.`} Loss{' '}
        {last.loss.toFixed(3)}, validation {last.validation.loss.toFixed(3)}.
        {fineTuning !== null &&
          ` Epoch ${fineTuning.bestEpoch} was kept: ${percent(fineTuning.test)} on the test part.`}
      </p>
      <AccuracyChart
        title="Accuracy by epoch"
        axis="epoch"
        places={shown.map(({ epoch }) => String(epoch))}
        series={[
          { name: 'training', points: shown.map(({ accuracy }) => point(accuracy)) },
          { name: 'validation', points: shown.map(({ validation }) => point(validation.accuracy)) },
        ]}
        chance={fineTuning?.chance ?? 0}
      />
    </section>
  );
}

function SectionHeader({ title, name, csv }: { title: string; name: string; csv: () => string }) {
  return (
    <div class="section-header">
      <h2>{title}</h2>
      <Button
        icon="save"
        title={`Save the figures as ${name}`}
        onPress={() => {
          saveText(name, csv());
        }}
      >
        Save as CSV
      </Button>
    </div>
  );
}
