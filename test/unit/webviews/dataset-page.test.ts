/** The dataset page without a screen: finding images, drawing a part of a long list, words. */
import assert from 'node:assert/strict';
import { presetStages } from '../../../src/protocol/degradation-presets';
import { degradationInWords } from '../../../src/protocol/degradation-words';
import type { DatasetPageImage } from '../../../src/protocol/pages';
import { filterImages, listWindow, moveInList } from '../../../src/webviews/dataset/images';
import * as words from '../../../src/webviews/dataset/words';

const image = (name: string, change: Partial<DatasetPageImage> = {}): DatasetPageImage => ({
  name,
  split: 'train',
  width: 400,
  height: 300,
  notes: [],
  hr: '',
  lr: '',
  ...change,
});
const images = [
  image('Red Car'),
  image('blue car', { split: 'validation' }),
  image('tree', { notes: ['grey to RGB'], width: 800, height: 600 }),
];

describe('finding images', () => {
  const names = (...filter: [Parameters<typeof filterImages>[1], string]) =>
    filterImages(images, ...filter).map(({ name }) => name);
  it('filters by split and notes', () => {
    assert.deepEqual(names('all', ''), ['Red Car', 'blue car', 'tree']);
    assert.deepEqual(names('validation', ''), ['blue car']);
    assert.deepEqual(names('noted', ''), ['tree']);
  });
  it('wants every word, in any case and order', () => {
    assert.deepEqual(names('all', 'CAR'), ['Red Car', 'blue car']);
    assert.deepEqual(names('all', ' car  red '), ['Red Car']);
    assert.deepEqual(names('train', 'blue'), []);
  });
});

describe('a long list', () => {
  it('draws the rows in sight and a few more', () => {
    const { first, end } = listWindow(10_000, 40, 4000, 400);
    assert.ok(first <= 100 && first >= 90);
    assert.ok(end >= 110 && end <= 120);
    assert.deepEqual(listWindow(3, 40, 0, 400), { first: 0, end: 3 });
    assert.deepEqual(listWindow(0, 40, 0, 400), { first: 0, end: 0 });
  });
  it('moves with the keyboard and stays in the list', () => {
    assert.equal(moveInList('ArrowDown', -1, 3, 10), 0);
    assert.equal(moveInList('ArrowDown', 2, 3, 10), 2);
    assert.equal(moveInList('PageUp', 2, 300, 10), 0);
    assert.equal(moveInList('End', 0, 300, 10), 299);
    assert.equal(moveInList('x', 0, 300, 10), null);
    assert.equal(moveInList('Home', 0, 0, 10), null);
  });
});

describe('a data set in words', () => {
  it('says splits, sizes, degradation and omissions', () => {
    assert.equal(words.splitWords(images), '2 for training, 1 for validation');
    assert.equal(words.sizeWords(images), '400×300 to 800×600');
    assert.equal(words.sizeWords(images.slice(0, 2)), '400×300');
    assert.equal(words.sizeWords([]), '');
    const degradation = { kernel: 'bicubic', convention: 'double', antialias: true } as const;
    assert.equal(degradationInWords(degradation), 'MATLAB’s bicubic, antialiased');
    const stages = presetStages('real-esrgan').slice(2, 4);
    assert.equal(
      degradationInWords({ ...degradation, antialias: false, stages }),
      'Gaussian noise or Poisson noise, JPEG, then MATLAB’s bicubic, without antialiasing',
    );
    assert.match(words.degradationDetails(degradation), /double precision/);
    assert.equal(words.omissionWords([{ root: 0, source: 'a', reason: 'b' }]), '1 file left out');
  });
});
