/** The page of compared images without a screen: what lies where, what is asked for, the table, the map's colours. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Measurement } from '../../../src/protocol/compare-images';
import type { ListedImage } from '../../../src/protocol/compare-images-page';
import { similarityToWord } from '../../../src/protocol/similarity-map';
import { Answers, type Wish } from '../../../src/webviews/compare-images/answers';
import { compare, stagePictures, type Told } from '../../../src/webviews/compare-images/compared-picture';
import {
  asCsv,
  asMarkdown,
  bestOf,
  columnsOf,
  sortRows,
  type FigureRow,
} from '../../../src/webviews/compare-images/figures';
import { difference } from '../../../src/webviews/stage/difference';
import { panesOf, type StagePicture } from '../../../src/webviews/stage/panes';
import { rampOf, similarityPixels } from '../../../src/webviews/stage/similarity';
import { initialStageState, stageCommand } from '../../../src/webviews/stage/stage-state';

const image = (name: string): ListedImage => ({
  id: name,
  name,
  place: name,
  image: { path: `/pictures/${name}`, revision: 'file' },
});
const told = (width: number, height: number): Told => ({ uri: 'u', version: 1, size: { width, height } });
const sizeOf = (known: Told) => ('problem' in known ? null : known.size);

function pictures(reference: string | null = null, enlarge = false) {
  const known = new Map<string, Told>([
    ['a.png', told(400, 300)],
    ['b.png', told(397, 300)],
    ['small.png', told(100, 75)],
    ['gone.png', { problem: 'gone.png is gone.' }],
  ]);
  return compare(['a.png', 'b.png', 'small.png', 'gone.png', 'late.png'].map(image), known, sizeOf, {
    reference,
    enlarge,
  });
}

describe('Compared pictures', () => {
  it('lie over the first, or over the one that is chosen', () => {
    const [a, b, small] = pictures();
    assert.deepEqual([a?.isReference, a?.alignment, a?.sentence, a?.measured], [true, null, null, false]);
    assert.deepEqual([b?.alignment?.kind, b?.measured], ['cut', true]);
    assert.deepEqual([small?.alignment?.kind, small?.measured], ['smaller', false]);
    const [other, chosen] = pictures('b.png', true);
    assert.ok(chosen?.isReference);
    assert.match(other?.sentence ?? '', /a\.png is 3 px wider than b\.png/);
    assert.ok(pictures('no-such')[0]?.isReference);
  });

  it('are measured when LR is enlarged, and not where one is missing', () => {
    assert.deepEqual(
      pictures(null, true).map(({ measured }) => measured),
      [false, true, true, false, false],
    );
    assert.ok(pictures('gone.png').every(({ alignment }) => alignment === null));
  });

  it('are shown where they are there, with what they cover, their figures and maps', () => {
    const shown = stagePictures(pictures(), ({ measured }) => ({
      figures: measured ? { ok: measurement(28.4321) } : undefined,
      map: measured ? null : undefined,
      enlarged: undefined,
    }));
    assert.deepEqual(
      shown.map(({ id, role, detail, extent, similarity }) => [id, role, detail, extent, similarity]),
      [
        ['a.png', 'hr', 'reference', { width: 400, height: 300 }, undefined],
        ['b.png', 'sr', '28.43 dB', { width: 397, height: 300 }, null],
        ['small.png', 'sr', undefined, { width: 400, height: 300 }, undefined],
      ],
    );
  });
});

function measurement(psnr: number | 'infinite', msSsim: number | null = 0.9): Measurement {
  const common = { unit: '', digits: 4, best: 'highest', hint: '' } as const;
  return {
    measured: 'on Y',
    border: 4,
    alignment: null,
    figures: [
      { ...common, name: 'PSNR', unit: 'dB', digits: 2, value: psnr },
      { ...common, name: 'MS-SSIM', value: msSsim },
      { ...common, name: 'VGG distance', best: 'lowest', value: psnr === 'infinite' ? 0 : 1 / psnr },
    ],
  };
}

describe('The table of figures', () => {
  const [reference, ...others] = pictures(null, true);
  const figures = [measurement(28.4321), measurement('infinite', null), undefined, undefined];
  const rows = others.map((picture, index): FigureRow => {
    const known = figures[index];
    return { picture, figures: known && { ok: known } };
  });

  it('has a column for whatever was measured, with its best', () => {
    const columns = columnsOf(rows);
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['PSNR', 'MS-SSIM', 'VGG distance'],
    );
    assert.deepEqual(
      columns.map((column) => bestOf(rows, column)),
      [Infinity, null, 0],
    );
  });

  it('sorts, with equal pictures above all and those without figures last either way', () => {
    const order = (column: string, descending: boolean) =>
      sortRows(rows, { column, descending }).map(({ picture }) => picture.name);
    assert.deepEqual(order('PSNR', true), ['small.png', 'b.png', 'gone.png', 'late.png']);
    assert.deepEqual(order('PSNR', false), ['b.png', 'small.png', 'gone.png', 'late.png']);
    assert.deepEqual(order('name', true), ['small.png', 'late.png', 'gone.png', 'b.png']);
    assert.deepEqual(sortRows(rows, null), rows);
  });

  it('is copied with its protocol and what was done about sizes, or in full', () => {
    const markdown = asMarkdown(rows.slice(0, 2), reference);
    assert.match(markdown, /^Against a\.png: on Y; border of 4 pixels\./);
    assert.match(markdown, /\| b\.png +\| 397×300 +\| 28\.43 +\| 0\.9000 +\| 0\.0352 +\|/);
    assert.match(markdown, /\| small\.png +\| 100×75 +\| equal +\| +\|/);
    assert.match(markdown, /b\.png is 3 px narrower/);
    assert.match(markdown, /small\.png is 4 times smaller.*enlarged ×4/);
    assert.deepEqual(asCsv(rows.slice(0, 2), reference).split('\n'), [
      'picture,reference,width,height,psnr,ms-ssim,vgg distance',
      `/pictures/b.png,/pictures/a.png,397,300,28.4321,0.9,${1 / 28.4321}`,
      '/pictures/small.png,/pictures/a.png,100,75,inf,,0',
    ]);
  });
});

describe('Answers', () => {
  function asked() {
    const calls: { key: string; settle: (value: number | null) => void; fail: (error: Error) => void }[] = [];
    const wishes = (...keys: string[]): Map<string, Wish<number>> =>
      new Map(
        keys.map((key) => [
          key,
          () =>
            new Promise<number | null>((settle, fail) => {
              calls.push({ key, settle, fail });
            }),
        ]),
      );
    return { calls, wishes };
  }

  it('are asked for once, and kept while they are wanted', async () => {
    const { calls, wishes } = asked();
    const answers = new Answers<number>();
    answers.ask(wishes('a', 'b'));
    answers.ask(wishes('a', 'b'));
    assert.equal(calls.length, 2);
    calls[0]?.settle(1);
    calls[1]?.fail(new Error('Too small.'));
    await Promise.resolve();
    assert.deepEqual([answers.of('a'), answers.of('b')], [{ ok: 1 }, { err: 'Too small.' }]);
    answers.ask(wishes('a'));
    assert.equal(answers.of('b'), undefined);
    assert.equal(calls.length, 2);
  });

  it('that were dropped are asked for again where they are still wanted; late ones count', async () => {
    const { calls, wishes } = asked();
    const answers = new Answers<number>();
    answers.ask(wishes('old', 'both'));
    assert.equal(answers.hasStale(wishes('both', 'new')), true);
    answers.forget();
    answers.ask(wishes('both', 'new'));
    assert.deepEqual(
      calls.map(({ key }) => key),
      ['old', 'both', 'both', 'new'],
    );
    calls[0]?.settle(null);
    calls[1]?.settle(2);
    await Promise.resolve();
    assert.equal(answers.of('old'), undefined);
    assert.deepEqual(answers.of('both'), { ok: 2 });
    assert.equal(answers.hasStale(wishes('both', 'new')), false);
  });
});

describe('The stage with pictures of different extent', () => {
  const grey = (width: number, height: number, values: number[]) => ({
    width,
    height,
    data: Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, 255])),
  });

  it('takes differences pixel over pixel where both are', () => {
    const a = grey(3, 1, [10, 20, 30]);
    const b = grey(2, 1, [11, 22]);
    const covers = { a: { width: 3, height: 1 }, b: { width: 2, height: 1 } };
    const { width, height, data } = difference(a, b, 1, covers);
    assert.deepEqual([width, height, data[0], data[4]], [2, 1, 1, 2]);
  });

  it('takes differences of LR from what its pixels cover', () => {
    const hr = grey(5, 1, [10, 20, 30, 40, 50]);
    const lr = grey(2, 1, [10, 30]);
    const covers = { a: { width: 5, height: 1 }, b: { width: 4, height: 2 } };
    const { width, data } = difference(hr, lr, 1, covers);
    assert.deepEqual([width, ...data.filter((_, index) => index % 4 === 0)], [4, 0, 10, 0, 10]);
  });

  it('has a view of maps only where there are any', () => {
    const picture = (id: string, map?: string | null): StagePicture => ({
      id,
      label: id,
      role: id === 'a' ? 'hr' : 'sr',
      uri: id,
      ...(map !== undefined && { similarity: map }),
    });
    const state = { ...initialStageState, mode: 'similarity' } as const;
    const kinds = (list: StagePicture[]) => panesOf(list, state, false).map(({ kind }) => kind);
    assert.deepEqual(kinds([picture('a'), picture('b', null), picture('c')]), ['similarity', 'similarity']);
    assert.deepEqual(kinds([picture('a'), picture('b')]), ['picture', 'picture']);
    assert.deepEqual(stageCommand('i', initialStageState, []), {
      do: 'state',
      change: { mode: 'similarity', solo: null },
    });
  });
});

describe('Colours of a map', () => {
  const ramp = rampOf({ dissimilar: 'rgb(209, 134, 22)', background: 'color(srgb 1 1 1)' });

  it('go from the colour at 0 to the background at 1, ever lighter', () => {
    assert.deepEqual(
      [ramp[0], ramp.at(-1)],
      [
        [209, 134, 22],
        [255, 255, 255],
      ],
    );
    for (const [step, colour] of ramp.entries())
      assert.ok(step === 0 || colour[2] >= ramp[step - 1]![2], String(step));
  });

  it('are those of the index, and none where there is none', () => {
    const pixel = (index: number) => {
      const word = similarityToWord(index);
      return [word >> 8, word & 255, 255, 255];
    };
    const data = Uint8ClampedArray.from([...pixel(1), ...pixel(0), ...pixel(-0.5), 0, 0, 0, 255]);
    const { data: coloured } = similarityPixels({ width: 4, height: 1, data }, ramp);
    assert.deepEqual([...coloured], [255, 255, 255, 255, 209, 134, 22, 255, 209, 134, 22, 255, 0, 0, 0, 0]);
  });
});
