/** The three kinds of results, each as a chart and a table. */
import { countOf } from '../../protocol/quantities';
import type { CurveResult, ProbeResult, TransferData } from '../../protocol/transfer';
import type { TransferSnapshot } from '../../protocol/transfer-page';
import { chartSvg } from '../chart/chart-svg';
import { palette } from '../kit/theme';
import { AccuracyChart } from './accuracy-chart';
import { accuracyCurves, accuracyScene, type AccuracyFigure } from './accuracy-scene';
import { Section } from './section';
import {
  curveRows,
  curveTable,
  epochRows,
  labelsWords,
  percent,
  poolingWords,
  probeRows,
  probeTable,
} from './words';

/** Width of a chart that is saved, whatever the page's is. */
const SAVED_WIDTH = 720;

function accuracySvg(name: string, figure: AccuracyFigure): string {
  const title = `${name}: ${figure.title.toLowerCase()} (${figure.axis})`;
  return chartSvg(title, accuracyCurves(figure), accuracyScene(figure, SAVED_WIDTH), palette.peek());
}

/** The first row is the header, the first column names the rows. */
function ResultTable({ rows, best }: { rows: readonly (readonly string[])[]; best?: number }) {
  const [header = [], ...body] = rows;
  return (
    <div class="transfer-scroll">
      <table class="transfer-table">
        <thead>
          <tr>
            {header.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map(([name, ...cells], index) => (
            <tr key={index} class={index === best ? 'transfer-best' : ''}>
              <th scope="row">{name}</th>
              {cells.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ProbeSection({ now, probe }: { now: TransferSnapshot; probe: ProbeResult }) {
  const { rows, best, chance, images } = probe;
  const stages = [...new Set(rows.map(({ stage }) => stage))];
  const figure: AccuracyFigure = {
    title: 'Accuracy by stage',
    axis: 'stage, from the image on',
    places: stages,
    series: (['grid', 'average'] as const).map((pooling) => ({
      name: poolingWords[pooling],
      points: stages.map(
        (stage) => rows.find((row) => row.stage === stage && row.pooling === pooling)?.accuracy ?? null,
      ),
    })),
    chance,
  };
  return (
    <Section
      title={figure.title}
      figure={{
        name: 'probe',
        rows: () => probeRows(probe),
        report: () => probeTable(probe),
        svg: () => accuracySvg(now.configuration.name, figure),
      }}
    >
      <p class="muted">
        {capitalised(probe.network)}. {images.train} images to train, {images.validation} to validate,{' '}
        {images.test} to test;{' '}
        {rows[0]?.accuracy.interval
          ? '95\u00a0% intervals over the seeds.'
          : 'one split, and so no intervals.'}
      </p>
      <AccuracyChart {...figure} />
      <ResultTable rows={probeTable(probe)} best={best} />
    </Section>
  );
}

export function CurveSection({ now, curve }: { now: TransferSnapshot; curve: CurveResult }) {
  const counts = [...new Set(curve.series.flatMap(({ points }) => points.map(({ labels }) => labels)))].sort(
    (a, b) => (a ?? Infinity) - (b ?? Infinity),
  );
  const figure: AccuracyFigure = {
    title: 'Accuracy by labels',
    axis: 'labels a class',
    places: counts.map(labelsWords),
    series: curve.series.map(({ description, points }) => ({
      name: description,
      points: counts.map((labels) => points.find((point) => point.labels === labels)?.accuracy ?? null),
    })),
    chance: curve.chance,
  };
  return (
    <Section
      title={figure.title}
      figure={{
        name: 'curve',
        rows: () => curveRows(curve),
        report: () => curveTable(curve, counts),
        svg: () => accuracySvg(now.configuration.name, figure),
      }}
    >
      {curve.sentences.length > 0 && (
        <ul class="transfer-verdicts" aria-label="Verdict">
          {curve.sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <AccuracyChart {...figure} />
      <ResultTable rows={curveTable(curve, counts)} />
    </Section>
  );
}

export function EpochsSection({ now }: { now: TransferSnapshot }) {
  const { epochs, fineTuning, data } = now;
  const point = (mean: number) => ({ mean, interval: null });
  const step = Math.max(1, Math.ceil(epochs.length / 40));
  const shown = epochs.filter((_, index) => index % step === 0 || index === epochs.length - 1);
  const last = epochs.at(-1)!;
  const figure: AccuracyFigure = {
    title: 'Accuracy by epoch',
    axis: 'epoch',
    places: shown.map(({ epoch }) => String(epoch)),
    series: [
      { name: 'training', points: shown.map(({ accuracy }) => point(accuracy)) },
      { name: 'validation', points: shown.map(({ validation }) => point(validation.accuracy)) },
    ],
    chance: fineTuning?.chance ?? chanceOf(data),
  };
  return (
    <Section
      title={figure.title}
      figure={{
        name: 'epochs',
        rows: () => epochRows(epochs),
        svg: () => accuracySvg(now.configuration.name, figure),
      }}
    >
      <p class="muted">
        {frozenWords(last.frozen)} Loss {last.loss.toFixed(3)}, validation {last.validation.loss.toFixed(3)}.
        {fineTuning !== null &&
          ` Epoch ${fineTuning.bestEpoch} was kept: ${percent(fineTuning.test)} on the test part.`}
      </p>
      <AccuracyChart {...figure} />
    </Section>
  );
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function frozenWords(frozen: number): string {
  return frozen === 0
    ? 'All stages learn.'
    : `${countOf(frozen, 'stage')} ${frozen === 1 ? 'is' : 'are'} frozen.`;
}

/** Share of the largest class; that of the test part is told when it was measured. */
function chanceOf(data: TransferData | null): number {
  if (data === null || data.images.length === 0) return 0;
  return Math.max(...data.classes.map(({ images }) => images)) / data.images.length;
}
