/** Labelled data sets, good and bad: what is read, what is left out and why, how it is split. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePng } from '../../../src/datasets/images';
import { parseCsv } from '../../../src/training/transfer/data/csv';
import { makeDegradationTask } from '../../../src/training/transfer/data/degradation-task';
import { fitToSquare } from '../../../src/training/transfer/data/fit-image';
import { readLabelledImages, type LabelledImages } from '../../../src/training/transfer/data/labelled-images';
import { fewLabels, splitImages } from '../../../src/training/transfer/data/split';
import { drawPicture } from '../../support/micro-run';
import { makeImage } from '../../support/pictures';
import { temporaryFolders } from '../../support/temporary-folder';

const options = { side: 16, smallest: 4 };

/** `classes` folders of `count` pictures each. */
async function makeClasses(
  folder: string,
  classes: readonly string[],
  count: number,
  firstSeed = 0,
): Promise<void> {
  let seed = firstSeed;
  for (const name of classes) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < count; i++) await writePng(join(folder, name, `${i}.png`), makeImage(20, 24, ++seed));
  }
}

describe('labelled images', () => {
  const temporary = temporaryFolders();

  it('are read from class folders; everything that does not fit is listed with its reason', async () => {
    const folder = temporary();
    await makeClasses(folder, ['cat', 'dog'], 4);
    mkdirSync(join(folder, 'empty'));
    await writePng(join(folder, 'stray.png'), makeImage(20, 20, 90));
    await writePng(join(folder, 'dog', 'tiny.png'), makeImage(3, 20, 91));
    writeFileSync(join(folder, 'dog', 'broken.png'), 'not an image');
    copyFileSync(join(folder, 'cat', '0.png'), join(folder, 'dog', 'copy.png'));
    const { classes, images, pixels, problems } = await readLabelledImages(folder, options);
    assert.deepEqual(classes, ['cat', 'dog']);
    assert.equal(images.length, 8);
    assert.equal(pixels.length, 8 * 16 * 16 * 3);
    const reasons = Object.fromEntries(problems.map(({ file, reason }) => [file, reason]));
    assert.match(reasons['stray.png']!, /no label/);
    assert.match(reasons['empty']!, /holds no image/);
    assert.match(reasons['dog/tiny.png']!, /too small for the network: 3×20/);
    assert.match(reasons['dog/broken.png']!, /damaged|not an image|format/i);
    assert.match(reasons['dog/copy.png']!, /copy of cat\/0\.png, which has another label/);
    assert.equal(problems.length, 5);
  });

  it('are read from a table, whose own split counts', async () => {
    const folder = temporary();
    await makeClasses(folder, ['a', 'b'], 4);
    const line = (name: string, i: number, split: string): string => `"${name}/${i}.png",${name},${split}`;
    const lines = ['a', 'b'].flatMap((name) =>
      [0, 1, 2].map((i) => line(name, i, ['train', 'val', 'test'][i]!)),
    );
    const extra = ['gone.png,a,train', 'a/0.png,b,train', ',a,train', 'b/1.png,,train', 'a/3.png,a,never'];
    writeFileSync(join(folder, 'labels.csv'), ['path,label,split', ...lines, ...extra].join('\r\n'));
    const data = await readLabelledImages(join(folder, 'labels.csv'), options);
    assert.equal(data.images.length, 6);
    const parts = splitImages(data, 5);
    assert.deepEqual(parts, { train: [0, 3], validation: [1, 4], test: [2, 5] });
    const reasons = data.problems.map(({ file, reason }) => `${file}: ${reason}`).join('\n');
    assert.match(reasons, /gone\.png: .*does not exist/);
    assert.match(reasons, /a\/0\.png: .*twice/);
    assert.match(reasons, /\(label “a”\): .*has a label but no path/);
    assert.match(reasons, /has a path but no label/);
    assert.match(reasons, /its split is “never”/i);
    assert.match(reasons, /b\/3\.png: It has no label/);
  });

  it('of one class, of a class with one image, or none at all are refused in words', async () => {
    const one = temporary();
    await makeClasses(one, ['only'], 5);
    await assert.rejects(readLabelledImages(one, options), {
      name: 'LabError',
      message: /one class only \(only\)/,
    });
    await makeClasses(one, ['single'], 1, 50);
    await assert.rejects(readLabelledImages(one, options), {
      name: 'LabError',
      message: /class single .* has one usable image; it needs 3/,
    });
    // Why there are too few is said, too.
    await assert.rejects(readLabelledImages(one, { ...options, smallest: 64 }), {
      name: 'LabError',
      message: /no labelled image .* 6 items were left out, the first of them only\/0\.png: It is too small/,
    });
    await assert.rejects(readLabelledImages(temporary(), options), {
      name: 'LabError',
      message: /no labelled image/,
    });
    await assert.rejects(readLabelledImages(join(one, 'missing'), options), {
      name: 'LabError',
      message: /does not exist/,
    });
    const table = join(one, 'odd.csv');
    writeFileSync(table, 'file,class\nx.png,a\n');
    await assert.rejects(readLabelledImages(table, options), {
      name: 'LabError',
      message: /no columns “path”/,
    });
  });

  it('are limited evenly', async () => {
    const folder = temporary();
    await makeClasses(folder, ['a', 'b'], 9);
    const { images } = await readLabelledImages(folder, { ...options, limit: 3 });
    assert.deepEqual(
      images.map(({ file }) => file),
      ['a/2.png', 'a/5.png', 'a/8.png', 'b/2.png', 'b/5.png', 'b/8.png'],
    );
  });

  it('of any size become squares of the centre', () => {
    const { width, height, data } = fitToSquare(makeImage(40, 20), 20);
    assert.deepEqual([width, height], [20, 20]);
    assert.deepEqual(data.subarray(0, 3), makeImage(40, 20).data.subarray(30, 33));
    assert.equal(fitToSquare(makeImage(7, 5), 20).width, 20);
  });

  it('CSV: quotes, semicolons, byte order marks, and a quote that never ends', () => {
    assert.deepEqual(parseCsv('\uFEFFpath;label\n"a ""b"";c";  x \n\n', 'f'), [
      ['path', 'label'],
      ['a "b";c', 'x'],
    ]);
    assert.throws(() => parseCsv('path,label\n"a,b', 'f.csv'), { name: 'LabError', message: /never closed/ });
  });
});

/** Labels without pixels, for splits. */
function labelled(counts: readonly number[], groupOf?: (row: number) => number): LabelledImages {
  const images = counts
    .flatMap((count, label) => new Array<number>(count).fill(label))
    .map((label, row) => ({ file: `${row}`, label, group: groupOf?.(row) ?? row }));
  return { side: 1, classes: counts.map(String), images, pixels: new Uint8Array(), problems: [] };
}

describe('splits of labelled images', () => {
  it('are stratified, complete, drawn by the seed, and the same every time', () => {
    const data = labelled([10, 30, 3]);
    const parts = splitImages(data, 1);
    const all = [...parts.train, ...parts.validation, ...parts.test].sort((a, b) => a - b);
    assert.deepEqual(
      all,
      data.images.map((_, row) => row),
    );
    const counts = (rows: readonly number[]): number[] =>
      [0, 1, 2].map((label) => rows.filter((row) => data.images[row]!.label === label).length);
    assert.deepEqual(counts(parts.test), [2, 6, 1]);
    assert.deepEqual(counts(parts.validation), [2, 6, 1]);
    assert.deepEqual(splitImages(data, 1), parts);
    assert.notDeepEqual(splitImages(data, 2), parts);
  });

  it('keep groups together', () => {
    const data = labelled([20, 20], (row) => row % 10);
    const parts = splitImages(data, 3);
    const groups = (rows: readonly number[]): Set<number> => new Set(rows.map((row) => row % 10));
    assert.equal(groups(parts.train).size + groups(parts.validation).size + groups(parts.test).size, 10);
    assert.equal(parts.test.length, 8);
  });

  it('keep few labels nested, and say where there are not enough', () => {
    const data = labelled([20, 20]);
    const { train } = splitImages(data, 0);
    const [two, five] = [fewLabels(data, train, 2, 0)!, fewLabels(data, train, 5, 0)!];
    assert.equal(two.length, 4);
    assert.equal(five.length, 10);
    assert.ok(two.every((row) => five.includes(row)));
    assert.notDeepEqual(fewLabels(data, train, 2, 1), two);
    assert.equal(fewLabels(data, train, 13, 0), undefined);
  });
});

describe('degradation recognition', () => {
  const temporary = temporaryFolders();

  it('makes crops of known degradation, the same for a seed, with every photograph in one part', async () => {
    const folder = temporary();
    for (let seed = 0; seed < 6; seed++)
      await writePng(join(folder, `${seed}.png`), drawPicture(330, 260, seed));
    await writePng(join(folder, 'small.png'), drawPicture(40, 40, 1));
    const settings = { side: 24, crops: 16, seed: 0 };
    const task = await makeDegradationTask(folder, settings);
    assert.equal(task.classes.length, 8);
    assert.equal(task.images.length, 6 * 16);
    for (const label of task.classes.keys()) {
      assert.equal(task.images.filter((image) => image.label === label).length, 12);
    }
    assert.match(task.problems[0]!.reason, /too small/);
    assert.deepEqual((await makeDegradationTask(folder, settings)).pixels, task.pixels);
    const parts = splitImages(task, 0);
    const groups = (rows: readonly number[]): number[] => rows.map((row) => task.images[row]!.group);
    assert.ok(groups(parts.test).every((group) => !groups(parts.train).includes(group)));
  });

  it('needs three photographs', async () => {
    const folder = temporary();
    await writePng(join(folder, 'a.png'), drawPicture(200, 200, 1));
    await assert.rejects(makeDegradationTask(folder, { side: 24, crops: 4, seed: 0 }), {
      name: 'LabError',
      message: /too few photographs/,
    });
  });
});
