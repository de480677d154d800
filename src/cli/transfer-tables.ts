/** What a transfer measurement says, as text: tables of accuracies with intervals, the verdict, what was left out. */
import { countOf, formatDuration } from '../protocol/quantities';
import { alignedTable } from '../protocol/text-table';
import type {
  CurveResult,
  EpochLine,
  Estimate,
  FineTuningResult,
  ProbeResult,
  TransferData,
} from '../protocol/transfer';

const percent = (share: number): string => (100 * share).toFixed(1);

/** `87.3 ± 1.2` in percent; without the interval for one seed. */
export function formatEstimate({ mean, interval }: Estimate): string {
  return interval === null ? percent(mean) : `${percent(mean)} ± ${percent(interval[1] - mean)}`;
}

const seedWords = (seeds: number): string =>
  seeds === 1 ? 'one split, and so no intervals' : `${countOf(seeds, 'seed')}, 95 % intervals over them`;

const PROBLEMS_SHOWN = 5;

/** Which images, how many, and what was left out. */
export function describeData({ classes, images, problems, side }: TransferData): string {
  const shown = problems.slice(0, PROBLEMS_SHOWN).map(({ file, reason }) => `  ${file}: ${reason}`);
  const more = problems.length > PROBLEMS_SHOWN ? [`  … and ${problems.length - PROBLEMS_SHOWN} more`] : [];
  const left =
    problems.length === 0
      ? []
      : [`Left out, ${countOf(problems.length, 'entry').replace('entrys', 'entries')}:`];
  const counts = classes.map(({ name, images: count }) => `${name} (${count})`).join(', ');
  return [
    `${countOf(images.length, 'image')} of ${classes.length} classes at ${side}×${side}: ${counts}`,
    ...left,
    ...shown,
    ...more,
  ].join('\n');
}

export function describeProbe(result: ProbeResult): string {
  const { rows, best, chance, images } = result;
  const table = alignedTable([
    ['stage', 'pooling', 'features', 'test accuracy (%)', 'validation (%)'],
    ...rows.map((row, index) => [
      row.stage + (index === best ? ' *' : ''),
      row.pooling === 'grid' ? '4×4 maxima' : 'mean',
      String(row.features),
      formatEstimate(row.accuracy),
      formatEstimate(row.validation),
    ]),
  ]);
  const seeds = rows[0]!.seeds.length;
  const unconverged = rows.some((row) => row.seeds.some(({ converged }) => !converged));
  return [
    `Linear probe of ${result.network}`,
    `${images.train} images to train, ${images.validation} to validate, ${images.test} to test; ` +
      `${seedWords(seeds)}; the commonest class alone gives ${percent(chance)} %.`,
    '',
    table,
    '* best on validation',
    ...(unconverged
      ? ['Some fits stopped before their gradient was small enough: see `converged` in probe.json.']
      : []),
    `Took ${formatDuration(result.seconds)} on ${result.engine}.`,
  ].join('\n');
}

export function describeCurve({ series, sentences, chance, seconds, engine, complete }: CurveResult): string {
  const counts = series[0]?.points.map(({ labels }) => labels) ?? [];
  const seeds = series[0]?.points[0]?.seeds.length ?? 0;
  const table = alignedTable([
    ['labels a class', ...counts.map((labels) => (labels === null ? 'all' : String(labels)))],
    ...series.map(({ description, points }) => [
      description,
      ...counts.map((labels) => {
        const point = points.find((each) => each.labels === labels);
        return point === undefined ? '–' : formatEstimate(point.accuracy);
      }),
    ]),
  ]);
  return [
    `Test accuracy in %, ${seedWords(seeds)}; the commonest class alone gives ${percent(chance)} %.`,
    ...(complete ? [] : ['Not complete: run the same command again to go on.']),
    '',
    table,
    '',
    ...sentences,
    '',
    `Took ${formatDuration(seconds)} on ${engine}.`,
  ].join('\n');
}

/** A line of the record. */
export function describeEpoch({
  epoch,
  frozen,
  loss,
  accuracy,
  validation,
  best,
  seconds,
}: EpochLine): string {
  const learning = frozen === 0 ? 'all stages learn' : `${frozen} stages frozen`;
  return (
    `Epoch ${epoch}: loss ${loss.toFixed(3)}, training ${percent(accuracy)} %, validation ` +
    `${percent(validation.accuracy)} %${best ? ' (best)' : ''}, ${learning}, ${formatDuration(seconds)}`
  );
}

export function describeFineTuning(result: FineTuningResult): string {
  const { images, chance, epochs, bestEpoch, validation, test } = result;
  return [
    `Classifier from ${result.network}`,
    `${images.train} images to train, ${images.validation} to validate, ${images.test} to test; the commonest class ` +
      `alone gives ${percent(chance)} %.`,
    `Test accuracy ${percent(test)} % (validation ${percent(validation)} %), with epoch ${bestEpoch} of ${epochs}.`,
    `Took ${formatDuration(result.seconds)} on ${result.engine}.`,
  ].join('\n');
}
