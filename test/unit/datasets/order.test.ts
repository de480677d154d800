import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { createByteEstimate, largestFirst } from '../../../src/datasets/build/order';
import { temporaryFolders } from '../../support/temporary-folder';

describe('the order of work', () => {
  const makeFolder = temporaryFolders();

  it('begins with the largest file, keeps equal ones in their order, and takes one that is gone for empty', async () => {
    const folder = makeFolder();
    const sizes = [10, 500, 10, 2000];
    sizes.forEach((size, index) => {
      writeFileSync(join(folder, String(index)), Buffer.alloc(size));
    });
    const sources = await largestFirst([0, 1, 2, 3, 7], (index) => join(folder, String(index)));
    assert.deepEqual(
      sources.map(({ index, bytes }) => [index, bytes]),
      [
        [3, 2000],
        [1, 500],
        [0, 10],
        [2, 10],
        [7, 0],
      ],
    );
  });

  it('counts sources, and reckons the time that is left from their bytes', async () => {
    const sources = [
      { index: 1, bytes: 900 },
      { index: 0, bytes: 90 },
      { index: 2, bytes: 10 },
    ];
    const estimate = createByteEstimate(sources, 'images', 'Making the data set');
    await new Promise((resolve) => setTimeout(resolve, 30));
    const [first, second, third] = sources.map(estimate);
    assert.deepEqual([first!.done, first!.total, first!.unit], [1, 3, 'images']);
    assert.ok(first!.secondsLeft! > 0 && first!.secondsLeft! < 1);
    assert.ok(second!.secondsLeft! < first!.secondsLeft!);
    assert.equal(third!.secondsLeft, 0);
  });
});
