/** The dataset page without a screen: finding images among many, the part of a long grid that is drawn, words. */
import assert from 'node:assert/strict';
import { presetStages } from '../../../src/protocol/degradation-presets';
import { degradationInWords } from '../../../src/protocol/degradation-words';
import type { DatasetPageImage, DatasetPortion } from '../../../src/protocol/dataset-page';
import {
  columnsIn,
  gridWindow,
  moveInGrid,
  rowsOf,
  scrollTo,
} from '../../../src/webviews/dataset/grid-layout';
import {
  everyImage,
  ImageCollection,
  type ImageFilter,
  type ImageProblem,
  type SortKey,
} from '../../../src/webviews/dataset/image-collection';
import { ImageListing, type Listing } from '../../../src/webviews/dataset/image-listing';
import { pairOf, pictureAddress } from '../../../src/webviews/dataset/pictures-of';
import * as words from '../../../src/webviews/dataset/words';

const image = (name: string, change: Partial<DatasetPageImage> = {}): DatasetPageImage => ({
  name,
  root: 0,
  source: `${name}.jpg`,
  split: 'train',
  width: 400,
  height: 300,
  sha256: 'a'.repeat(64),
  notes: [],
  version: '1',
  ...change,
});
const measures = (sharpness: number) => ({ sharpness, noise: 1, blockiness: 0, flatness: 0 });
const images = [
  image('Red Car', { measures: measures(0.3) }),
  image('blue car', { split: 'validation', measures: measures(0.1) }),
  image('tree', { notes: ['grey to RGB'], width: 800, height: 600 }),
  image('apple', { measures: measures(0.2) }),
];
const problems: ImageProblem[] = [
  { name: 'apple', problem: 'duplicate' },
  { name: 'blue car', problem: 'blurred' },
  { name: 'apple', problem: 'blurred' },
  { name: 'not there', problem: 'flat' },
];

describe('finding images', () => {
  const all = new ImageCollection(images, problems);
  const found = (change: Partial<ImageFilter>, key: SortKey = 'listed', descending = false) =>
    [...all.find({ ...everyImage, ...change }, { key, descending })].map((index) => images[index]!.name);

  it('filters by split, notes and problems', () => {
    assert.deepEqual(found({}), ['Red Car', 'blue car', 'tree', 'apple']);
    assert.deepEqual(found({ split: 'validation' }), ['blue car']);
    assert.deepEqual(found({ problem: 'noted' }), ['tree']);
    assert.deepEqual(found({ problem: 'blurred' }), ['blue car', 'apple']);
    assert.deepEqual(found({ problem: 'duplicate' }), ['apple']);
    assert.deepEqual(found({ problem: 'any' }), ['blue car', 'apple']);
    assert.deepEqual(found({ problem: 'flat' }), []);
  });

  it('wants every word, in any case and order', () => {
    assert.deepEqual(found({ search: 'CAR' }), ['Red Car', 'blue car']);
    assert.deepEqual(found({ search: ' car  red ' }), ['Red Car']);
    assert.deepEqual(found({ split: 'train', search: 'blue' }), []);
  });

  it('takes ranges with both ends, and leaves out what was not measured', () => {
    const ranges = { ...everyImage.ranges, sharpness: { min: 0.1, max: 0.2 } };
    assert.deepEqual(found({ ranges }), ['blue car', 'apple']);
    assert.deepEqual(found({ ranges: { ...ranges, sharpness: { min: 0, max: 1 } } }), [
      'Red Car',
      'blue car',
      'apple',
    ]);
  });

  it('sorts either way, and what has no value comes last', () => {
    assert.deepEqual(found({}, 'name'), ['apple', 'blue car', 'Red Car', 'tree']);
    assert.deepEqual(found({}, 'name', true), ['tree', 'Red Car', 'blue car', 'apple']);
    assert.deepEqual(found({}, 'sharpness'), ['blue car', 'apple', 'Red Car', 'tree']);
    assert.deepEqual(found({}, 'sharpness', true), ['Red Car', 'apple', 'blue car', 'tree']);
    assert.deepEqual(found({}, 'size', true)[0], 'tree');
    assert.deepEqual(found({}, 'split')[0], 'blue car');
    assert.deepEqual(found({}, 'problem'), ['apple', 'blue car', 'Red Car', 'tree']);
    assert.deepEqual(found({}, 'listed', true)[0], 'apple');
  });

  it('says what is wrong with an image, and how many have it', () => {
    assert.deepEqual(all.problemsOf(3), ['duplicate', 'blurred']);
    assert.deepEqual(all.problemsOf(0), []);
    assert.equal(all.count('blurred'), 2);
    assert.equal(all.indexOf('tree'), 2);
    assert.equal(all.indexOf('bush'), -1);
  });

  it('gives the same answers for 100,000 images as for a few', () => {
    const many = Array.from({ length: 100_000 }, (_, index) =>
      image(`picture ${(index * 7919) % 100_000}`, {
        split: index % 10 === 0 ? 'validation' : 'train',
        measures: measures(((index * 31) % 1000) / 2000),
      }),
    );
    const large = new ImageCollection(many);
    const sharp = large.find({ ...everyImage, split: 'validation' }, { key: 'sharpness', descending: false });
    assert.equal(sharp.length, 10_000);
    const values = [...sharp].map((index) => many[index]!.measures!.sharpness);
    assert.ok(values.every((value, at) => at === 0 || values[at - 1]! <= value));
    const byName = large.find({ ...everyImage, search: '99999' }, { key: 'name', descending: false });
    assert.deepEqual(
      [...byName].map((index) => many[index]!.name),
      ['picture 99999'],
    );
  });
});

describe('images that come in portions', () => {
  const portion = (reading: number, ...names: string[]): DatasetPortion => ({
    reading,
    images: names.map((name) => image(name)),
    omitted: [],
  });
  const listen = () => {
    const shown: Listing[] = [];
    return { listing: new ImageListing((now) => shown.push(now)), shown };
  };

  it('are shown while they come the first time, in ever larger steps', () => {
    const { listing, shown } = listen();
    for (let at = 0; at < 100; at++) listing.add(portion(1, String(at)));
    listing.complete(1);
    assert.ok(shown.length < 10, `${shown.length} times`);
    assert.equal(shown[0]?.complete, false);
    assert.equal(shown.at(-1)?.images.length, 100);
    assert.equal(shown.at(-1)?.complete, true);
  });

  it('replace those of an earlier reading when they are complete, and not before', () => {
    const { listing, shown } = listen();
    listing.add(portion(1, 'a', 'b'));
    listing.complete(1);
    listing.add(portion(2, 'c'));
    assert.deepEqual(
      shown.at(-1)?.images.map(({ name }) => name),
      ['a', 'b'],
    );
    listing.add(portion(1, 'late'));
    listing.complete(2);
    assert.deepEqual(
      shown.at(-1)?.images.map(({ name }) => name),
      ['c'],
    );
  });

  it('may be none', () => {
    const { listing, shown } = listen();
    listing.complete(1);
    assert.deepEqual(shown, [{ images: [], omitted: [], complete: true }]);
  });
});

describe('a long grid', () => {
  const shape = { count: 10_000, columns: 4, rowHeight: 100 };

  it('draws the rows in sight and a few more', () => {
    const { first, end } = gridWindow(shape, 5000, 400);
    assert.ok(first <= 200 && first >= 180, String(first));
    assert.ok(end >= 216 && end <= 232, String(end));
    assert.deepEqual(gridWindow({ ...shape, count: 3 }, 0, 400), { first: 0, end: 3 });
    assert.deepEqual(gridWindow({ ...shape, count: 0 }, 0, 400), { first: 0, end: 0 });
    assert.equal(rowsOf({ ...shape, count: 9 }), 3);
    assert.equal(columnsIn(350, 116), 3);
    assert.equal(columnsIn(50, 116), 1);
  });

  it('scrolls as far as it must', () => {
    assert.equal(scrollTo(shape, 0, 350, 400), 0);
    assert.equal(scrollTo(shape, 16, 350, 400), 350);
    assert.equal(scrollTo(shape, 41, 350, 400), 700);
  });

  it('moves with the keyboard in two dimensions, and stays in the grid', () => {
    const small = { count: 10, columns: 4, rowHeight: 100 };
    const move = (key: string, from: number) => moveInGrid(key, from, small, 2);
    assert.equal(move('ArrowRight', 3), 4);
    assert.equal(move('ArrowLeft', 0), 0);
    assert.equal(move('ArrowDown', 1), 5);
    assert.equal(move('ArrowDown', 7), 9, 'the last row is short');
    assert.equal(move('ArrowDown', 8), 8);
    assert.equal(move('ArrowUp', 2), 2);
    assert.equal(move('ArrowUp', 6), 2);
    assert.equal(move('PageDown', 0), 8);
    assert.equal(move('PageDown', 5), 9);
    assert.equal(move('PageUp', 9), 1);
    assert.equal(move('Home', 7), 0);
    assert.equal(move('End', 0), 9);
    assert.equal(move('ArrowDown', -1), 0);
    assert.equal(move('x', 0), null);
    assert.equal(moveInGrid('Home', 0, { ...small, count: 0 }, 2), null);
  });
});

describe('pictures of an image', () => {
  const header = { hr: 'https://host/hr/', lr: 'https://host/lr/' };
  it('have addresses that are safe, and change with their bytes', () => {
    assert.equal(
      pictureAddress(header, { name: 'a b/c#1', version: '12' }, 'lr'),
      'https://host/lr/a%20b/c%231.png?v=12',
    );
  });
  it('are LR and HR, with their sizes', () => {
    const whole = {
      ...header,
      folder: '/a',
      name: 'a',
      roots: ['/b'],
      scale: 4 as const,
      degradation: { kernel: 'bicubic', convention: 'double', antialias: true } as const,
      adopted: false,
      subImages: null,
      contents: null,
      leftOut: [],
    };
    assert.deepEqual(
      pairOf(whole, image('x')).map(({ id, label }) => [id, label]),
      [
        ['lr', 'LR 100×75, enlarged'],
        ['hr', 'HR 400×300'],
      ],
    );
  });
});

describe('a data set in words', () => {
  it('says splits, sizes, degradation and omissions', () => {
    assert.equal(words.splitWords({ train: 2000, validation: 1 }), '2,000 for training, 1 for validation');
    const contents = { sha256: '', train: 1, validation: 0, omitted: 0, hrPixels: 1 };
    assert.equal(
      words.sizeWords({ ...contents, widthRange: [400, 800], heightRange: [300, 300] }),
      '400–800 × 300',
    );
    assert.equal(words.sizeWords(contents), '');
    assert.equal(words.sizeWords(null), '');
    const degradation = { kernel: 'bicubic', convention: 'double', antialias: true } as const;
    assert.equal(degradationInWords(degradation), 'MATLAB’s bicubic, antialiased');
    const stages = presetStages('real-esrgan').slice(2, 4);
    assert.equal(
      degradationInWords({ ...degradation, antialias: false, stages }),
      'Gaussian noise or Poisson noise, JPEG, then MATLAB’s bicubic, without antialiasing',
    );
    assert.match(words.degradationDetails(degradation), /double precision/);
    assert.equal(words.omissionWords(1), '1 file left out');
  });
  it('says an image and its figures with their units', () => {
    assert.equal(
      words.imageWords(image('x', { split: 'validation', notes: ['grey'] }), ['flat']),
      'x, 400 by 300, validation, flat, 1 note',
    );
    assert.equal(words.measureWords('size', 12_000_000), '12 MP');
    assert.equal(words.measureWords('flatness', 0.25), '25 %');
    assert.equal(words.rangeWords('noise', { min: 1, max: 3 }), 'Noise 1.0 of 255 to 3.0 of 255');
  });
});
