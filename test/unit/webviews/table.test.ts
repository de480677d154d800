import assert from 'node:assert/strict';
import { lowerBound, nearestIndex, nearestNumber, Table } from '../../../src/webviews/chart/table';

describe('table of a run', () => {
  it('keeps rows in the order of steps, with gaps where nothing was said', () => {
    const table = new Table(['a', 'b']);
    table.append(1, 0.5, { a: 10 });
    table.append(3, 1.5, { a: null, b: 30 });
    assert.deepEqual(table.steps, [1, 3]);
    assert.deepEqual(table.elapsed, [0.5, 1.5]);
    assert.deepEqual(table.column('a'), [10, Number.NaN]);
    assert.deepEqual(table.column('b'), [Number.NaN, 30]);
  });

  it('replaces what a resumed run does again', () => {
    const table = new Table(['a']);
    for (const step of [1, 2, 3, 4]) table.append(step, step, { a: step });
    table.append(3, 10, { a: 33 });
    assert.deepEqual(table.steps, [1, 2, 3]);
    assert.deepEqual(table.column('a'), [1, 2, 33]);
  });

  it('adds to the last row what a second line of its step says', () => {
    const table = new Table(['crop', 'whole']);
    table.append(100, 1, { crop: 28 });
    table.append(100, 2, { whole: 29 });
    assert.equal(table.length, 1);
    assert.deepEqual([table.column('crop')[0], table.column('whole')[0]], [28, 29]);
  });

  it('does not know other columns', () => {
    assert.throws(() => new Table(['a']).column('b'), /No column b/);
  });

  it('tells the number nearest to a row, but none beyond the first and the last', () => {
    const values = [Number.NaN, 1, Number.NaN, Number.NaN, 4, Number.NaN];
    assert.deepEqual(
      values.map((_, row) => nearestNumber(values, row)),
      [Number.NaN, 1, 1, 4, 4, Number.NaN],
    );
    assert.ok(Number.isNaN(nearestNumber([], 0)));
  });

  it('finds places in sorted numbers', () => {
    const sorted = [1, 3, 5, 9];
    assert.deepEqual(
      [0, 1, 4, 9, 10].map((value) => lowerBound(sorted, value)),
      [0, 0, 2, 3, 4],
    );
    assert.deepEqual(
      [-5, 1.9, 2, 6.9, 7.1, 99].map((value) => nearestIndex(sorted, value)),
      [0, 0, 0, 2, 3, 3],
    );
    assert.equal(nearestIndex([], 1), -1);
  });
});
