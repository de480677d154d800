/** Histograms, spectrum and lists of problems, as data. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { DatasetPageImage } from '../../../src/protocol/dataset-page';
import { binOf, binsOf, countIn, histogramInWords, rangeOf } from '../../../src/webviews/chart/histogram';
import { problemsIn } from '../../../src/webviews/dataset/analysis';
import { ImageCollection } from '../../../src/webviews/dataset/image-collection';
import { extraCopies, presentGroups, rankedProblems } from '../../../src/webviews/dataset/problem-groups';
import { spectrumTable } from '../../../src/webviews/dataset/spectrum';

describe('a histogram', () => {
  const values = Float64Array.from([0, 1, 2, 3, 4, Number.NaN, 4]);
  const bins = binsOf(values, 4)!;

  it('counts every value once, the largest in the last bin', () => {
    assert.deepEqual(bins, { min: 0, max: 4, count: 4 });
    assert.deepEqual([...countIn(bins, values)], [1, 1, 1, 3]);
    assert.deepEqual([...countIn(bins, values, Uint32Array.from([0, 5, 6]))], [1, 0, 0, 1]);
    assert.equal(binOf(bins, 4), 3);
    assert.equal(binOf(bins, 4.1), -1);
    assert.equal(binOf(bins, Number.NaN), -1);
  });

  it('has one bin for one value, and none for none', () => {
    const one = binsOf(Float64Array.from([3, 3]), 40)!;
    assert.equal(one.count, 1);
    assert.deepEqual([...countIn(one, Float64Array.from([3, 3]))], [2]);
    assert.equal(binsOf(Float64Array.from([Number.NaN]), 40), null);
    assert.equal(binsOf(new Float64Array(0), 40), null);
  });

  it('gives the range that bins cover, whichever was chosen first', () => {
    assert.deepEqual(rangeOf(bins, 1, 2), { min: 1, max: 3 });
    assert.deepEqual(rangeOf(bins, 2, 1), { min: 1, max: 3 });
    assert.deepEqual(rangeOf(bins, 0, 3), { min: 0, max: 4 });
  });

  it('can be said', () => {
    assert.equal(
      histogramInWords('Size', bins, countIn(bins, values), String),
      'Size of 6 images, from 0 to 4. Half of them are below 3; most often it is 3 to 4.',
    );
  });
});

const image = (name: string, change: Partial<DatasetPageImage> = {}): DatasetPageImage => ({
  name,
  root: 0,
  source: name,
  split: 'train',
  width: 400,
  height: 300,
  sha256: '',
  notes: [],
  version: '',
  ...change,
});

describe('problems of an analysis', () => {
  const collection = new ImageCollection([
    image('large', { width: 800 }),
    image('small'),
    image('held', { split: 'validation', width: 40 }),
    image('dull'),
  ]);
  const within = { kind: 'crop' as const, images: ['small', 'large'], acrossSplits: false };
  const across = { kind: 'identical' as const, images: ['large', 'held', 'gone'], acrossSplits: true };
  const problems = [
    { name: 'dull', problem: 'flat' as const, value: 0.9 },
    { name: 'gone', problem: 'flat' as const, value: 0.8 },
    { name: 'small', problem: 'noisy' as const, value: 12 },
  ];

  it('are told only of images that are there, those in both splits first', () => {
    const groups = presentGroups(
      { duplicates: [within, across, { ...within, images: ['small', 'gone'] }] },
      collection,
    );
    assert.deepEqual(groups, [{ ...across, images: ['large', 'held'] }, within]);
    assert.deepEqual(rankedProblems({ problems }, collection), [
      { problem: 'flat', measure: 'flatness', images: [{ name: 'dull', value: 0.9 }] },
      { problem: 'noisy', measure: 'noise', images: [{ name: 'small', value: 12 }] },
    ]);
  });

  it('leave the image of validation where there is one, else the largest', () => {
    assert.deepEqual(extraCopies(within, collection), ['small']);
    assert.deepEqual(extraCopies({ ...across, images: ['large', 'held'] }, collection), ['large']);
  });

  it('are ranked with leaks between the splits first', () => {
    assert.deepEqual(problemsIn({ duplicates: [within, across], problems }).slice(0, 3), [
      { name: 'large', problem: 'duplicate' },
      { name: 'held', problem: 'duplicate' },
      { name: 'gone', problem: 'duplicate' },
    ]);
    assert.deepEqual(problemsIn(null), []);
  });
});

describe('a spectrum', () => {
  it('is drawn in decibels of HR’s strongest, by share of Nyquist; what is nothing is a gap', () => {
    const table = spectrumTable({
      spectrum: { images: 1, frequencies: [0.1, 0.5], hr: [100, 1], lr: [10, null], enlarged: [100, 1e-30] },
    });
    assert.deepEqual(table.steps, [20, 100]);
    assert.deepEqual(table.column('hr'), [0, -20]);
    assert.deepEqual(table.column('lr'), [-10, Number.NaN]);
    assert.deepEqual(table.column('enlarged'), [0, Number.NaN]);
  });
});
