/** What the transfer page draws and saves, as plain geometry and text. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { markdownTable } from '../../../src/protocol/text-table';
import type { CurveResult, ProbeResult, TransferData } from '../../../src/protocol/transfer';
import { chartSvg } from '../../../src/webviews/chart/chart-svg';
import { colourRoles, type Palette } from '../../../src/webviews/kit/colour-roles';
import {
  accuracyCurves,
  accuracyScene,
  type AccuracyFigure,
} from '../../../src/webviews/transfer/accuracy-scene';
import { confusionSvg } from '../../../src/webviews/transfer/confusion-svg';
import { imageByKey, mapCurves, mapPoints, mapScene } from '../../../src/webviews/transfer/map-scene';
import {
  classCounts,
  confusionRows,
  curveAnswer,
  mapRows,
  probeRows,
  probeTable,
} from '../../../src/webviews/transfer/words';

const palette = {
  ...Object.fromEntries(Object.keys(colourRoles).map((role) => [role, 'rgb(1, 2, 3)'])),
  font: 'sans-serif',
} as Palette;

const figure: AccuracyFigure = {
  title: 'Accuracy by stage',
  axis: 'stage',
  places: ['conv1', 'conv2', 'all stages'],
  series: [
    {
      name: '4×4 maxima <best>',
      points: [{ mean: 0.5, interval: [0.25, 1.4] }, null, { mean: 1, interval: null }],
    },
  ],
  chance: 0.1,
};

const data: TransferData = {
  format: 1,
  side: 24,
  classes: [
    { name: 'a', images: 2 },
    { name: 'b', images: 1 },
  ],
  images: [
    { file: 'a/1.png', label: 0 },
    { file: 'a/2.png', label: 0 },
    { file: 'b/1.png', label: 1 },
  ],
  problems: [],
};
const map: ProbeResult['map'] = [
  { image: 0, x: -1, y: 5 },
  { image: 1, x: 3, y: -5 },
  { image: 2, x: 1, y: 0 },
];

describe('transfer page', () => {
  it('places accuracies, keeps intervals within the area, and goes on over what was not measured', () => {
    const scene = accuracyScene(figure, 400);
    const { area, xOf, yOf } = scene;
    assert.deepEqual([yOf(1), yOf(0), yOf(1.4)], [0, area.height, 0]);
    assert.ok(xOf(0) > 0 && xOf(2) < area.width);
    assert.equal(xOf(1), area.width / 2);
    const [intervals, line, dots] = scene.lines;
    assert.deepEqual(intervals!.runs, [
      [
        [xOf(0), yOf(0.25)],
        [xOf(0), 0],
      ],
    ]);
    const means = [
      [xOf(0), yOf(0.5)],
      [xOf(2), 0],
    ];
    assert.deepEqual(line!.runs, [means]);
    assert.deepEqual([dots!.runs, dots!.dots], [[means], true]);
    assert.match(scene.baselines[0]!.label, /10\.0 %/);
  });

  it('puts the intervals of several series beside each other, and no line without any aside', () => {
    const [first, second] = [0.4, 0.6].map((mean) => ({ mean, interval: [0.3, 0.7] as [number, number] }));
    const series = [
      { name: 'a', points: [first!, first!] },
      { name: 'b', points: [second!, second!] },
    ];
    const places = ['1', 'all'];
    const { xOf, lines } = accuracyScene({ ...figure, places, series }, 400);
    const at = [lines[0]!, lines[3]!].map(({ runs }) => runs[1]![0]![0]);
    assert.deepEqual(at, [xOf(1, 0), xOf(1, 1)]);
    assert.ok(at[0]! < xOf(1) && xOf(1) < at[1]!);
    const bare = series.map(({ name, points }) => ({
      name,
      points: points.map(({ mean }) => ({ mean, interval: null })),
    }));
    const plain = accuracyScene({ ...figure, places, series: bare }, 400);
    assert.equal(plain.xOf(1, 0), plain.xOf(1, 1));
  });

  it('leaves out labels of places for which there is no room', () => {
    const places = Array.from({ length: 40 }, (_, epoch) => String(epoch + 1));
    const wide = accuracyScene({ ...figure, places, series: [] }, 1200);
    const narrow = accuracyScene({ ...figure, places, series: [] }, 300);
    assert.equal(wide.x.length, 40);
    assert.ok(narrow.x.length < 20 && narrow.x.length > 2);
    assert.equal(narrow.x[0]!.label, '1');
  });

  it('saves curves and maps as SVG, with what names hold escaped', () => {
    const svg = chartSvg('Curve', accuracyCurves(figure), accuracyScene(figure, 400), palette);
    assert.match(svg, /^<svg xmlns/);
    assert.match(svg, /4×4 maxima &#60;best&#62;/);
    assert.equal(svg.match(/<circle/g)?.length, 2);
    const points = mapPoints(map, data);
    const picture = chartSvg('Map', mapCurves(points, data), mapScene(points), palette);
    assert.equal(picture.match(/<circle/g)?.length, 3);
  });

  it('saves the confusion matrix as SVG, CSV and Markdown', () => {
    const matrix = [
      [3, 1],
      [0, 0],
    ];
    const svg = confusionSvg('probe', ['a', 'b & c'], matrix, palette);
    assert.match(svg, /b &#38; c/);
    assert.match(svg, /fill-opacity="0\.338"/);
    assert.match(svg, /fill-opacity="0\.225"/);
    assert.doesNotMatch(svg, /NaN/);
    assert.equal(
      markdownTable(confusionRows(['a', 'b'], matrix)),
      '| label | a   | b   |\n| ----- | --- | --- |\n| a     | 3   | 1   |\n| b     | 0   | 0   |',
    );
  });

  it('tells the figures of a probe for programs and for people', () => {
    const accuracy = { mean: 0.5, interval: [0.25, 0.75] as [number, number] };
    const row = {
      stage: 'conv1',
      pooling: 'grid' as const,
      features: 128,
      accuracy,
      validation: accuracy,
      seeds: [],
    };
    const probe = {
      ...{
        format: 1 as const,
        network: 'D',
        engine: '',
        chance: 0.1,
        confusion: [],
        mistakes: [],
        seconds: 1,
      },
      ...{ images: { train: 1, validation: 1, test: 1 }, rows: [row], best: 0, map },
    };
    assert.deepEqual(probeRows(probe)[1], [
      'conv1',
      'grid',
      '128',
      '0.50000',
      '0.25000',
      '0.75000',
      '0.50000',
    ]);
    assert.deepEqual(probeTable(probe)[1], [
      'conv1 (best on validation)',
      '4×4 maxima',
      '128',
      '50.0 % ± 25.0',
      '50.0 % ± 25.0',
    ]);
    assert.deepEqual(mapRows(data, map)[3], ['b/1.png', 'b', '1.00000', '0.00000']);
  });

  it('says first what D comes to with all labels, as far as it is known', () => {
    const estimate = { mean: 0.764, interval: [0.732, 0.796] as [number, number] };
    const point = { labels: null, images: 360, accuracy: estimate, seeds: [] };
    const d = { key: 'discriminator', method: 'discriminator' as const, description: 'D, linear probe' };
    const curve: CurveResult = {
      ...{ format: 1, complete: true, engine: '', chance: 0.1, tests: [], comparisons: [] },
      ...{ sentences: [], seconds: 1, series: [{ ...d, points: [point] }] },
    };
    assert.equal(curveAnswer(curve, false), 'With all labels: D, linear probe 76.4 % ± 3.2.');
    const early = { ...curve, complete: false, series: [{ ...d, points: [] }] };
    assert.equal(curveAnswer(early, true), 'Measuring …');
    assert.equal(curveAnswer({ ...early, series: curve.series }, false).slice(0, 13), 'Not complete.');
    assert.equal(classCounts(data), 'a\u00a0(2), b\u00a0(1)');
  });

  it('reaches every image of the map by arrow keys, along the axis that they point', () => {
    const points = mapPoints(map, data);
    const walk = (key: string, from: number | null = null): (number | undefined)[] => {
      const next = imageByKey(points, from, key);
      return next === undefined ? [] : [next, ...walk(key, next)];
    };
    assert.deepEqual(walk('ArrowRight'), [0, 2, 1]);
    assert.deepEqual(walk('ArrowLeft'), [1, 2, 0]);
    assert.deepEqual(walk('ArrowDown'), [1, 2, 0]);
    assert.deepEqual(walk('ArrowUp'), [0, 2, 1]);
    assert.deepEqual([imageByKey(points, 2, 'Home'), imageByKey(points, 2, 'End')], [0, 1]);
    assert.equal(imageByKey(points, 2, 'Enter'), undefined);
    assert.equal(imageByKey([], null, 'ArrowRight'), undefined);
  });
});
