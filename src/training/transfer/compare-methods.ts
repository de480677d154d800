/** From the answers of all methods to a verdict: paired tests of every D against every baseline, and what they say in words. */
import {
  methodWords,
  type Comparison,
  type CurvePoint,
  type CurveResult,
  type CurveSeries,
  type TransferMethod,
} from '../../protocol/transfer';
import { holm, pairedTest, verdictOf, type PairedAnswers, type PairedTest } from './statistics/paired';

/** Those that are D’s; all others are baselines of theirs. */
const subjects: readonly TransferMethod[] = ['discriminator', 'finetune'];

/**
 * Fine-tuning is held against training from scratch and random weights; what a linear probe reads off D, against every other.
 * Baselines are those of the same run; the D’s of several runs are held against each other, each pair once.
 */
function areCompared(series: readonly CurveSeries[], subject: CurveSeries, baseline: CurveSeries): boolean {
  if (!subjects.includes(subject.method)) return false;
  if (subject.method === baseline.method) return series.indexOf(subject) < series.indexOf(baseline);
  if (subject.runs !== undefined && baseline.runs?.some((run) => subject.runs!.includes(run)) === false) {
    return false;
  }
  if (subject.method === 'finetune') return baseline.method === 'scratch' || baseline.method === 'random';
  return !subjects.includes(baseline.method);
}

/** Every comparison that the measured points allow. */
export function compareSeries(
  series: readonly CurveSeries[],
  tests: CurveResult['tests'],
  labels: readonly number[],
): Comparison[] {
  return series.flatMap((subject) =>
    series
      .filter((baseline) => areCompared(series, subject, baseline))
      .flatMap((baseline) => comparePair(subject, baseline, tests, labels)),
  );
}

function comparePair(
  subject: CurveSeries,
  baseline: CurveSeries,
  tests: CurveResult['tests'],
  labels: readonly number[],
): Comparison[] {
  const found = subject.points.flatMap((point) => {
    const other = baseline.points.find((each) => each.labels === point.labels);
    const answers = other === undefined ? [] : pairedAnswers(point, other, tests, labels);
    return answers.length === 0 ? [] : [{ labels: point.labels, test: pairedTest(answers) }];
  });
  const largest = ({ pSeeds, pImages }: PairedTest): number => Math.max(pSeeds ?? 1, pImages);
  const corrected = holm(found.map(({ test }) => largest(test)));
  return found.map(({ labels: count, test }, index) => {
    const p = test.pSeeds === null ? null : corrected[index]!;
    return {
      subject: subject.key,
      baseline: baseline.key,
      labels: count,
      ...test,
      p,
      verdict: verdictOf(test.difference, p),
    };
  });
}

/** The seeds that both have. */
function pairedAnswers(
  subject: CurvePoint,
  baseline: CurvePoint,
  tests: CurveResult['tests'],
  labels: readonly number[],
): PairedAnswers[] {
  return subject.seeds.flatMap(({ seed, predictions }) => {
    const other = baseline.seeds.find((each) => each.seed === seed);
    const images = tests.find((test) => test.seed === seed)?.images;
    if (other === undefined || images === undefined) return [];
    const right = (answers: readonly number[]): boolean[] =>
      images.map((image, i) => answers[i] === labels[image]);
    return [{ images, subject: right(predictions), baseline: right(other.predictions) }];
  });
}

const points = (difference: number): string => `${Math.abs(100 * difference).toFixed(1)} points`;

/** One sentence for each pair. */
export function describeComparisons(
  comparisons: readonly Comparison[],
  series: readonly CurveSeries[],
): string[] {
  const nameOf = (key: string): string => {
    const own = series.find((each) => each.key === key);
    return own === undefined ? key : own.description;
  };
  const pairs = new Map<string, Comparison[]>();
  for (const comparison of comparisons) {
    const key = `${comparison.subject}\n${comparison.baseline}`;
    pairs.set(key, [...(pairs.get(key) ?? []), comparison]);
  }
  return [...pairs.values()].map((own) => {
    const { subject, baseline } = own[0]!;
    return `${nameOf(subject)} against ${nameOf(baseline)}: ${wordsOf(own)}.`;
  });
}

function wordsOf(comparisons: readonly Comparison[]): string {
  if (comparisons.every(({ p }) => p === null)) {
    return 'one seed cannot tell; measure several';
  }
  const phrases = (['better', 'worse'] as const).flatMap((verdict) => {
    const own = comparisons.filter((each) => each.verdict === verdict);
    if (own.length === 0) return [];
    const differences = own.map(({ difference }) => Math.abs(difference));
    const [least, most] = [Math.min(...differences), Math.max(...differences)];
    const by =
      points(least) === points(most) ? points(most) : `${(100 * least).toFixed(1)} to ${points(most)}`;
    const where = own.length === comparisons.length ? 'throughout' : `with ${listed(own)}`;
    return [`${verdict} ${where} (by ${by})`];
  });
  const rest = comparisons.filter(({ verdict }) => verdict === 'not distinguishable');
  if (rest.length === comparisons.length) return 'not distinguishable, whatever the number of labels';
  if (rest.length > 0) phrases.push(`not distinguishable with ${listed(rest)}`);
  return phrases.join('; ');
}

/** `1, 2 and 5 labels a class and all labels` */
function listed(comparisons: readonly Comparison[]): string {
  const counts = comparisons.flatMap(({ labels }) => (labels === null ? [] : [String(labels)]));
  const few = counts.length < 2 ? counts.join('') : `${counts.slice(0, -1).join(', ')} and ${counts.at(-1)!}`;
  const some = few === '' ? [] : [few === '1' ? '1 label a class' : `${few} labels a class`];
  return [...some, ...(comparisons.some(({ labels }) => labels === null) ? ['all labels'] : [])].join(
    ' and ',
  );
}

/** `D, linear probe`; with the run’s name where a curve has D’s of several. */
export function describeMethod(method: TransferMethod, run?: string): string {
  return run === undefined ? methodWords[method] : `${methodWords[method]} (${run})`;
}
