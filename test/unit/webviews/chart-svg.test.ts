/** A chart as SVG: whole, in plain colours, with its marks and its gaps; and rows of several steps as CSV and on the screen. */
import assert from 'node:assert/strict';
import sharp from 'sharp';
import { csvColumns } from '../../../src/webviews/chart/csv-columns';
import { chartSvg } from '../../../src/webviews/chart/chart-svg';
import { stepWords, type Curve, type Mark } from '../../../src/webviews/chart/curve';
import { downsample } from '../../../src/webviews/chart/downsample';
import { apart, marksNear } from '../../../src/webviews/chart/mark-places';
import { runsOf, stepped, type Scene } from '../../../src/webviews/chart/scene';
import { colourRoles, type ColourRole, type Palette } from '../../../src/webviews/kit/colour-roles';

const palette: Palette = {
  ...(Object.fromEntries(Object.keys(colourRoles).map((role) => [role, 'rgb(200, 100, 50)'])) as Record<
    ColourRole,
    string
  >),
  background: 'rgb(255, 255, 255)',
  grid: 'color(srgb 0 0 1 / 0.25)',
  font: 'system-ui, "Segoe UI", sans-serif',
};
const curve: Curve = { id: 'a', label: 'loss <raw> & "weighted"', colour: 'sr', format: String };

const scene: Scene = {
  width: 300,
  height: 200,
  area: { left: 50, top: 10, width: 240, height: 160 },
  x: [{ at: 120, label: '1,000' }],
  y: [{ at: 80, label: '0.5' }],
  bands: [
    {
      colour: 'sr',
      outline: [
        [0, 10],
        [240, 10],
        [240, 50],
        [0, 50],
      ],
    },
  ],
  lines: [
    {
      colour: 'sr',
      runs: [
        [
          [0, 0],
          [10, 5.123456],
        ],
        [[20, 20]],
      ],
      dash: [6, 4],
      width: 1.5,
      opacity: 1,
      dots: false,
    },
    { colour: 'lr', runs: [[[30, 40]]], dash: [], width: 1.5, opacity: 1, dots: true },
  ],
  baselines: [{ colour: 'lr', at: 100, label: 'bicubic 28.40 dB' }],
  marks: [
    { kind: 'stage', at: 60, text: 'Adversarial stage.' },
    { kind: 'checkpoint', at: 90, text: 'Checkpoint.' },
    { kind: 'rate', at: 100, text: 'Learning rate lowered.' },
  ],
};

describe('a chart as SVG', () => {
  const svg = chartSvg('PSNR & SSIM', [curve], scene, palette);

  it('has title, legend, axes, curves, band, baseline and marks, with what is special in XML escaped', () => {
    for (const part of ['PSNR &#38; SSIM', 'loss &#60;raw&#62; &#38; &#34;weighted&#34;', '1,000', '0.5'])
      assert.ok(svg.includes(`>${part}<`), part);
    assert.ok(svg.includes('d="M0 0L10 5.12M20 20"'), 'gaps break the line');
    assert.match(svg, /<circle cx="30" cy="40"/);
    assert.match(svg, /fill-opacity="0.18"/);
    assert.match(svg, />bicubic 28\.40 dB</);
    assert.equal(svg.match(/<title>/g)?.length, 3);
  });

  it('has colours that every program understands', () => {
    assert.ok(svg.includes('stroke="#0000ff" stroke-opacity="0.25"'));
    assert.ok(svg.includes('#c86432'));
    assert.doesNotMatch(svg, /rgb\(|color\(|NaN|undefined/);
  });

  it('is drawn by another program, in the size that it names', async () => {
    const { data, info } = await sharp(Buffer.from(svg)).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height], [300, 200 + 28 + 18]);
    assert.deepEqual([...data.subarray(0, 3)], [255, 255, 255]);
    const at = ((28 + 18 + 10 + 30) * info.width + 50 + 200) * info.channels;
    assert.ok(data[at + 2]! < 250, 'the band is there');
  });
});

describe('lines of a picture', () => {
  it('break at gaps, or go on over them', () => {
    const points = [[0, 0], null, [2, 2], [3, 3], null] as const;
    assert.deepEqual(runsOf(points, false), [
      [[0, 0]],
      [
        [2, 2],
        [3, 3],
      ],
    ]);
    assert.equal(runsOf(points, true).length, 1);
  });

  it('of a schedule hold their value', () => {
    assert.deepEqual(
      stepped([
        [0, 1],
        [5, 2],
      ]),
      [
        [0, 1],
        [5, 1],
        [5, 2],
      ],
    );
  });
});

describe('marks', () => {
  const mark = (kind: Mark['kind'], step: number): Mark => ({
    kind,
    step,
    elapsed: step,
    text: `${kind} ${step}`,
  });

  it('of checkpoints are drawn apart, all others always', () => {
    const marks = [mark('checkpoint', 0), mark('checkpoint', 5), mark('stage', 6), mark('checkpoint', 13)];
    assert.deepEqual(
      apart(marks, ({ step }) => step, 12).map(({ step }) => step),
      [0, 6, 13],
    );
  });

  it('under the pointer are told nearest first, of checkpoints only one', () => {
    const marks = [mark('checkpoint', 1), mark('resumed', 4), mark('checkpoint', 6), mark('warning', 50)];
    assert.deepEqual(
      marksNear(marks, 'step', 5, 5).map(({ text }) => text),
      ['resumed 4', 'checkpoint 6'],
    );
  });
});

describe('rows of several steps', () => {
  const table = {
    steps: [4, 8, 12],
    elapsed: [1, 2, 3],
    column: (name: string) => (name === 'a' ? [1, 2, 3] : [0.1, 0.2, 0.3]),
    range: () => ({ low: [0, 2, Number.NaN], high: [9, 2, Number.NaN] }),
    counts: () => [4, 4, 4],
  };

  it('are drawn by their extremes', () => {
    const series = [{ values: table.column('a'), range: table.range() }, { values: [5, 6, 7] }];
    const points = downsample(table.steps, series, { min: 4, max: 12 }, 100);
    assert.deepEqual(points.x, [4, 4, 8, 12]);
    assert.deepEqual(points.ys, [
      [0, 9, 2, 3],
      [5, 5, 6, 7],
    ]);
  });

  it('say in the data how many steps they are, and their extremes and deviation', () => {
    const columns = csvColumns(table, [{ ...curve, label: 'D', deviation: 'd' }], stepWords);
    assert.deepEqual(
      columns.map(({ name }) => name),
      [
        'step',
        'steps in the row',
        'elapsed seconds',
        'D',
        'D, lowest',
        'D, highest',
        'D, standard deviation',
      ],
    );
    const single = { steps: table.steps, elapsed: table.elapsed, column: table.column };
    assert.deepEqual(
      csvColumns(single, [curve], stepWords).map(({ name }) => name),
      ['step', 'elapsed seconds', curve.label],
    );
  });
});
