import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { runOnWorkers } from '../../../src/datasets/worker-pool';
import { temporaryFolders } from '../../support/temporary-folder';

/** A thread that squares numbers, after as many milliseconds; texts make it fail, throw or end. */
const entry = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ job }) => {
  if (job === 'refuse') parentPort.postMessage({ failure: 'No.', expected: true, stack: '' });
  else if (job === 'bug') parentPort.postMessage({ failure: 'Oh.', expected: false, stack: 'at bug.ts' });
  else if (job === 'throw') throw new Error('thrown');
  else if (job === 'end') process.exit(3);
  else setTimeout(() => parentPort.postMessage({ result: job * job }), job);
});`;

describe('the worker pool', () => {
  const makeFolder = temporaryFolders();

  function worker(): string {
    const path = join(makeFolder(), 'worker.js');
    writeFileSync(path, entry);
    return path;
  }

  it('gives results in the order of the jobs, whichever ends first', async () => {
    const done: number[] = [];
    const onDone = (count: number): void => void done.push(count);
    const results = await runOnWorkers<number>(worker(), [40, 1, 20, 2, 3], { count: 3, onDone });
    assert.deepEqual(results, [1600, 1, 400, 4, 9]);
    assert.deepEqual(done, [1, 2, 3, 4, 5]);
  });

  it('does nothing without jobs', async () => {
    assert.deepEqual(await runOnWorkers(worker(), [], { count: 3 }), []);
  });

  for (const [job, expected] of [
    ['refuse', { name: 'LabError', message: 'No.' }],
    ['bug', { name: 'Error', message: 'Oh.', stack: 'at bug.ts' }],
    ['throw', { message: 'thrown' }],
    ['end', { message: /ended by itself with code 3/ }],
  ] as const) {
    it(`ends when a worker says or does: ${job}`, async () => {
      let done = 0;
      const jobs = [5, job, ...Array.from({ length: 50 }, () => 5)];
      const running = runOnWorkers(worker(), jobs, { count: 2, onDone: () => done++ });
      await assert.rejects(running, expected);
      assert.ok(done < 50, `${done} jobs were done after it`);
    });
  }

  it('stops at an abort, when the jobs under way have ended', async () => {
    const controller = new AbortController();
    const done: number[] = [];
    const onDone = (count: number): void => {
      done.push(count);
      controller.abort();
    };
    const running = runOnWorkers(worker(), [10, 10, 10, 10, 10, 10], {
      count: 2,
      onDone,
      signal: controller.signal,
    });
    await assert.rejects(running, { name: 'AbortError' });
    assert.ok(done.length <= 2);
  });
});
