/** Accuracies over a few named places as plain geometry, in CSS pixels: what the page draws, and what a file of it has. Pure. */
import type { Estimate } from '../../protocol/transfer';
import type { Curve } from '../chart/curve';
import { runsOf, type Scene, type SceneLine } from '../chart/scene';
import { seriesColour } from './series';
import { percent } from './words';

export interface AccuracySeries {
  readonly name: string;
  /** One for each place; null where nothing was measured. */
  readonly points: readonly (Estimate | null)[];
}

export interface AccuracyFigure {
  readonly title: string;
  /** What the places are, under the axis. */
  readonly axis: string;
  readonly places: readonly string[];
  readonly series: readonly AccuracySeries[];
  /** Accuracy of whoever always answers the commonest class. */
  readonly chance: number;
}

export interface AccuracyScene extends Scene {
  /** Where a place lies, from the left of the area: its middle, or where a series has its point there. */
  readonly xOf: (place: number, series?: number) => number;
  /** Where an accuracy lies, from the top of the area. */
  readonly yOf: (accuracy: number) => number;
}

export const ACCURACY_HEIGHT = 280;
const MARGIN = { left: 52, right: 16, top: 12, bottom: 44 };
/** Of the first and the last place, to the ends of the area: their labels have room. */
const INSET = 28;
const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** Between the points that series have at one place, at most, and of the way to the next place: intervals must not hide each other. */
const ASIDE = { pixels: 6, share: 0.4 };

export function accuracyScene({ places, series, chance }: AccuracyFigure, width: number): AccuracyScene {
  const area = {
    left: MARGIN.left,
    top: MARGIN.top,
    width: width - MARGIN.left - MARGIN.right,
    height: ACCURACY_HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  const apart = places.length < 2 ? area.width : (area.width - 2 * INSET) / (places.length - 1);
  const first = places.length < 2 ? area.width / 2 : INSET;
  const withIntervals = series.some(({ points }) => points.some((point) => point?.interval));
  const aside = withIntervals ? Math.min(ASIDE.pixels, (ASIDE.share * apart) / series.length) : 0;
  const middle = (series.length - 1) / 2;
  const xOf = (place: number, index = middle): number => first + place * apart + (index - middle) * aside;
  const yOf = (accuracy: number): number => (1 - Math.min(1, Math.max(0, accuracy))) * area.height;
  const lines = series.flatMap(({ points }, index): SceneLine[] => {
    const colour = seriesColour(index);
    const plain = { colour, dash: [], opacity: 1, dots: false };
    const means = points.map((point, place) =>
      point === null ? null : ([xOf(place, index), yOf(point.mean)] as const),
    );
    const intervals = points.flatMap((point, place) =>
      point?.interval
        ? [point.interval.map((bound): readonly [number, number] => [xOf(place, index), yOf(bound)])]
        : [],
    );
    const runs = runsOf(means, true);
    return [
      { ...plain, runs: intervals, width: 1.5, opacity: 0.55 },
      { ...plain, runs, width: 1.8 },
      { ...plain, runs, width: 1.5, dots: true },
    ];
  });
  return {
    width,
    height: ACCURACY_HEIGHT,
    area,
    x: everySo(places, apart, xOf),
    y: TICKS.map((tick) => ({ at: yOf(tick), label: `${100 * tick} %` })),
    bands: [],
    lines,
    baselines: [{ colour: 'muted', at: yOf(chance), label: `commonest class: ${percent(chance)}` }],
    marks: [],
    xOf,
    yOf,
  };
}

/** Width of a label's letter, on the average, and what is left free between two labels. */
const LETTER = 6.5;
const GAP = 10;

/** Labels of the places, every second or third of them where there is no room for all. */
function everySo(places: readonly string[], apart: number, xOf: (place: number) => number): Scene['x'] {
  const widest = Math.max(0, ...places.map((place) => place.length)) * LETTER + GAP;
  const step = Math.max(1, Math.ceil(widest / apart));
  return places.flatMap((label, place) => (place % step === 0 ? [{ at: xOf(place), label }] : []));
}

/** The series as entries of a legend. */
export function accuracyCurves({ series }: AccuracyFigure): Curve[] {
  return series.map(({ name }, index) => ({
    id: name,
    label: name,
    colour: seriesColour(index),
    format: percent,
  }));
}
