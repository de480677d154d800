/** What happens to numbers between the table and the picture: down-sampling, smoothing, CSV, summary, zoom, legend. */
import assert from 'node:assert/strict';
import { decades } from '../../../src/webviews/chart/axes';
import { toggleCurve } from '../../../src/webviews/chart/chart-group';
import { toCsv } from '../../../src/webviews/chart/csv';
import { downsample } from '../../../src/webviews/chart/downsample';
import { zoomRange } from '../../../src/webviews/chart/zoom-range';
import { smooth } from '../../../src/webviews/chart/smooth';
import { summarise } from '../../../src/webviews/chart/summary';

describe('down-sampling', () => {
  const steps = Array.from({ length: 100_000 }, (_, index) => index + 1);

  it('keeps every extreme of 100,000 points in a few per pixel column', () => {
    const values = steps.map((step) => Math.sin(step / 5000));
    values[54_321] = 99;
    values[12_345] = -99;
    const points = downsample(steps, [{ values }], { min: 1, max: 100_000 }, 500);
    assert.ok(points.x.length <= 2 * 502, `${points.x.length} points`);
    const [y] = points.ys;
    assert.ok(y!.includes(99) && y!.includes(-99));
    const spike = points.x[y!.indexOf(99)]!;
    assert.ok(Math.abs(spike - 54_322) <= 200, 'the spike stays in its pixel column');
  });

  it('keeps x ascending and every curve as long as x', () => {
    const points = downsample(
      steps,
      [{ values: steps }, { values: steps.map(() => 1) }],
      { min: 5000, max: 90_000 },
      333,
    );
    assert.ok(points.x.every((x, index) => index === 0 || x > points.x[index - 1]!));
    assert.deepEqual(
      points.ys.map((y) => y.length),
      [points.x.length, points.x.length],
    );
  });

  it('keeps the order of highest and lowest within a column', () => {
    const x = Array.from({ length: 100 }, (_, index) => index);
    const falling = x.map((value) => -value);
    const [y] = downsample(x, [{ values: falling }], { min: 0, max: 99 }, 10).ys;
    assert.ok(y!.every((value, index) => index === 0 || value! < y![index - 1]!));
  });

  it('turns gaps into null, and whole columns of gaps as well', () => {
    const holes = steps.map((step) => (step > 40_000 && step < 60_000 ? Number.NaN : 1));
    const points = downsample(steps, [{ values: holes }], { min: 1, max: 100_000 }, 100);
    const middle = points.x.findIndex((x) => x > 50_000);
    assert.equal(points.ys[0]![middle], null);
    assert.deepEqual(downsample([1, 2], [{ values: [Number.NaN, 4] }], { min: 0, max: 3 }, 10).ys, [
      [null, 4],
    ]);
  });

  it('leaves few points as they are, with one neighbour on each side of the range', () => {
    const points = downsample(
      [1, 2, 3, 4, 5, 6],
      [{ values: [1, 2, 3, 4, 5, 6] }],
      { min: 2.5, max: 4.5 },
      100,
    );
    assert.deepEqual(points.x, [2, 3, 4, 5]);
    assert.deepEqual(downsample([], [{ values: [] }], { min: 0, max: 1 }, 100), { x: [], ys: [[]] });
  });
});

describe('smoothing', () => {
  it('changes nothing with weight 0 and nothing of a constant', () => {
    assert.deepEqual(smooth([1, 5, 2], 0), [1, 5, 2]);
    for (const value of smooth([3, 3, 3, 3], 0.9)) assert.ok(Math.abs(value - 3) < 1e-12);
  });

  it('is the debiased moving average', () => {
    const [first, second] = smooth([2, 4], 0.5);
    assert.equal(first, 2);
    assert.ok(Math.abs(second! - (0.5 * 2 + 4) / 1.5) < 1e-12);
  });

  it('skips gaps and infinities without being spoilt by them', () => {
    const values = smooth([1, Number.NaN, Number.POSITIVE_INFINITY, 1], 0.9);
    assert.ok(Number.isNaN(values[1]) && Number.isNaN(values[2]));
    assert.ok(Math.abs(values[3]! - 1) < 1e-12);
  });
});

describe('CSV', () => {
  it('writes every row, gaps empty, names quoted where they must be', () => {
    const csv = toCsv([
      { name: 'step', values: [1, 2] },
      { name: 'pixel, "raw"', values: [0.5, Number.NaN] },
    ]);
    assert.equal(csv, 'step,"pixel, ""raw"""\r\n1,0.5\r\n2,\r\n');
  });
});

describe('summary', () => {
  const curve = { label: 'SR', format: (value: number) => value.toFixed(1) };
  it('says last, lowest and highest', () => {
    const text = summarise(
      'PSNR',
      [10, 20, 30],
      [{ ...curve, values: [28, 30, 29] }],
      [{ label: 'bicubic', value: 28.5 }],
    );
    assert.equal(
      text,
      'PSNR over steps 10 to 30. SR: last 29.0 at step 30, lowest 28.0 at step 10, highest 30.0 at step 20. Baseline bicubic: 28.5.',
    );
  });
  it('says when there is nothing', () => {
    assert.equal(summarise('PSNR', [], []), 'PSNR: no values yet.');
    assert.match(summarise('D', [1], [{ ...curve, values: [Number.NaN] }]), /SR: no values yet/);
  });
});

describe('zoom over the x axis', () => {
  const all = { min: 0, max: 100 };
  it('narrows about the centre and gives all back', () => {
    assert.deepEqual(zoomRange(all, all, 50, 2), { min: 25, max: 75 });
    assert.deepEqual(zoomRange({ min: 40, max: 60 }, all, 40, 2), { min: 40, max: 50 });
    assert.equal(zoomRange({ min: 25, max: 75 }, all, 50, 0.5), null);
  });
  it('does not narrow for ever', () => {
    const narrow = { min: 50, max: 50.00001 };
    assert.deepEqual(zoomRange(narrow, all, 50, 2), narrow);
  });
});

describe('legend', () => {
  const curves = ['a', 'b', 'c'];
  it('hides and shows one curve', () => {
    assert.deepEqual(toggleCurve([], 'loss', curves, 'a', false), ['loss/a']);
    assert.deepEqual(toggleCurve(['loss/a', 'other/a'], 'loss', curves, 'a', false), ['other/a']);
  });
  it('shows one alone, and all again, leaving other charts as they are', () => {
    const alone = toggleCurve(['other/a'], 'loss', curves, 'b', true);
    assert.deepEqual(alone, ['other/a', 'loss/a', 'loss/c']);
    assert.deepEqual(toggleCurve(alone, 'loss', curves, 'b', true), ['other/a']);
  });
});

describe('lines of a logarithmic axis', () => {
  it('are the powers of ten over several decades, and all lines within one', () => {
    const lines = [0.001, 0.002, 0.005, 0.01, 0.02, 0.1, 1, 10];
    assert.deepEqual(decades(lines, { min: 1e-3, max: 10 }), [0.001, null, null, 0.01, null, 0.1, 1, 10]);
    assert.deepEqual(decades([0.2, 0.5, 1], { min: 0.1, max: 1 }), [0.2, 0.5, 1]);
  });
});
