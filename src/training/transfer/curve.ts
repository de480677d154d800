/**
 * Few-label curves: accuracy over labels a class, for every method and seed. All methods of a seed have the same split, the
 * same labelled images and the same test images. A curve is written down cell by cell, and goes on from what is there.
 */
import { countOf } from '../../protocol/quantities';
import type { CurvePoint, CurveResult, CurveSeries } from '../../protocol/transfer';
import { compareSeries, describeComparisons } from './compare-methods';
import { fewLabels, splitImages } from './data/split';
import { methodsOf, type Answer, type Method, type MethodSurroundings } from './methods';
import { chanceOf } from './probe';
import { accuracyOf, type PartRows } from './regression/choose';
import { estimate } from './statistics/student';

export interface CurveOptions extends MethodSurroundings {
  /** What was measured before with the same configuration. */
  readonly before?: CurveResult | undefined;
  /** Told the curve as it is now, after every cell. */
  readonly onCell?: (curve: CurveResult) => Promise<void>;
}

/** Training rows with a label, for each number of labels that the data allow; null is all of them. */
interface LabelledRows {
  readonly labels: number | null;
  readonly parts: PartRows;
}

interface SeedOfCurve {
  readonly seed: number;
  readonly rows: readonly LabelledRows[];
  readonly test: readonly number[];
}

/** Measures what is missing. Throws a `LabError` where a method lacks what it needs. */
export async function measureCurve(options: CurveOptions): Promise<CurveResult> {
  const { images, configuration, engine, before, onCell, signal, onProgress } = options;
  const start = performance.now() - 1000 * (before?.seconds ?? 0);
  const truth = images.images.map(({ label }) => label);
  const seeds = configuration.seeds.map((seed): SeedOfCurve => {
    const parts = splitImages(images, seed);
    const counts = [...new Set(configuration.labels)].sort((a, b) => a - b);
    const some = counts.flatMap((labels) => {
      const train = fewLabels(images, parts.train, labels, seed);
      return train === undefined ? [] : [{ labels, parts: { ...parts, train } }];
    });
    return { seed, rows: [...some, { labels: null, parts }], test: parts.test };
  });
  const tests = seeds.map(({ seed, test }) => ({ seed, images: [...test] }));
  const methods = await methodsOf(options);
  const cells = new Map<string, CurvePoint['seeds'][number]>();
  for (const series of before?.series ?? []) {
    for (const point of series.points) {
      for (const cell of point.seeds) cells.set(keyOf(series.key, point.labels, cell.seed), cell);
    }
  }
  const total = methods.length * seeds.reduce((sum, { rows }) => sum + rows.length, 0);
  const resultNow = (): CurveResult => {
    const series = methods.map((method) => seriesOf(method, seeds, cells));
    const comparisons = compareSeries(series, tests, truth);
    return {
      format: 1,
      complete: cells.size === total,
      engine: `${engine.description.name} (${engine.description.device})`,
      chance: chanceOf(images),
      tests,
      series,
      comparisons,
      sentences: describeComparisons(comparisons, series),
      seconds: (performance.now() - start) / 1000,
    };
  };

  for (const method of methods) {
    for (const { seed, rows, test } of seeds) {
      const missing = rows.filter(({ labels }) => !cells.has(keyOf(method.key, labels, seed)));
      if (missing.length === 0) continue;
      const learn = await method.learner(seed);
      for (const { labels, parts } of missing) {
        signal?.throwIfAborted();
        const words = labels === null ? 'all labels' : `${countOf(labels, 'label')} a class`;
        onProgress?.(cells.size, total, 'cells', `${method.description}: ${words}, seed ${seed}`);
        const cell = cellOf(seed, await learn(parts), test, truth);
        cells.set(keyOf(method.key, labels, seed), cell);
        await onCell?.(resultNow());
      }
    }
  }
  return resultNow();
}

const keyOf = (method: string, labels: number | null, seed: number): string =>
  `${method}\n${labels ?? 'all'}\n${seed}`;

function cellOf(
  seed: number,
  { validation, predictions, training }: Answer,
  test: readonly number[],
  truth: readonly number[],
): CurvePoint['seeds'][number] {
  const accuracy = accuracyOf(
    predictions,
    test.map((row) => truth[row]!),
  );
  return { seed, accuracy, validation, predictions: [...predictions], ...(training && { training }) };
}

function seriesOf(
  { key, method, description, runs }: Method,
  seeds: readonly SeedOfCurve[],
  cells: ReadonlyMap<string, CurvePoint['seeds'][number]>,
): CurveSeries {
  const counts = [...new Set(seeds.flatMap(({ rows }) => rows.map(({ labels }) => labels)))];
  const points = counts.flatMap((labels): CurvePoint[] => {
    const own = seeds.flatMap(({ seed }) => cells.get(keyOf(key, labels, seed)) ?? []);
    if (own.length === 0) return [];
    const rows = seeds.flatMap((each) => each.rows.filter((row) => row.labels === labels));
    return [
      {
        labels,
        images: rows[0]!.parts.train.length,
        accuracy: estimate((areOne(own, rows) ? own.slice(0, 1) : own).map(({ accuracy }) => accuracy)),
        seeds: own,
      },
    ];
  });
  return { key, method, description, ...(runs && { runs: [...runs] }), points };
}

/** Whether seeds are one measurement, told several times: the data set's own split, and a method without chance in it. */
function areOne(cells: CurvePoint['seeds'], rows: readonly LabelledRows[]): boolean {
  const same = (each: readonly unknown[]): boolean =>
    new Set(each.map((one) => JSON.stringify(one))).size === 1;
  return same(rows.map(({ parts }) => parts)) && same(cells.map(({ predictions }) => predictions));
}
