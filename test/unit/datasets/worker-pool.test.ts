import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { runOnWorkers } from '../../../src/datasets/worker-pool';
import { temporaryFolders } from '../../support/temporary-folder';

/** Squares numbers, after as many milliseconds; texts make it fail, throw, end, crash or never answer. */
const entry = `
const { existsSync, writeFileSync } = require('node:fs');
process.on('disconnect', () => process.exit());
process.on('message', ({ job }) => {
  const reply = (message) => process.send(message);
  if (job === 'refuse') reply({ failure: 'No.', expected: true, stack: '' });
  else if (job === 'bug') reply({ failure: 'Oh.', expected: false, stack: 'at bug.ts' });
  else if (job === 'throw') throw new Error('thrown');
  else if (job === 'end') process.exit(3);
  else if (job === 'crash') process.abort();
  else if (job === 'hang') while (true);
  else if (job.once !== undefined && !existsSync(job.once)) {
    writeFileSync(job.once, '');
    process.kill(process.pid, 'SIGKILL');
  } else if (job.once !== undefined) reply({ result: 1 });
  else setTimeout(() => reply({ result: job * job }), job);
});
process.send({ ready: true });`;

describe('the worker pool', () => {
  const makeFolder = temporaryFolders();

  function worker(content = entry): string {
    const path = join(makeFolder(), 'worker.js');
    writeFileSync(path, content);
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
    ['throw', { message: /ended with code 1: .*thrown/s }],
    ['end', { message: /ended with code 3/ }],
  ] as const) {
    it(`ends when a worker says or does: ${job}`, async () => {
      let done = 0;
      const jobs = [5, job, ...Array.from({ length: 500 }, () => 5)];
      const running = runOnWorkers(worker(), jobs, { count: 2, onDone: () => done++ });
      await assert.rejects(running, expected);
      assert.ok(done < 500, `${done} jobs were done after it`);
    });
  }

  it('goes on without a job that ends its worker or never ends', async () => {
    const lost: [index: number, reason: string][] = [];
    const results = await runOnWorkers<number>(worker(), [2, 'crash', 3, 'hang', 'end', 4], {
      count: 2,
      timeLimit: 3000,
      onLost: (reason, index) => {
        lost.push([index, reason]);
        return -1;
      },
    });
    assert.deepEqual(results, [4, -1, 9, -1, -1, 16]);
    const reasons = Object.fromEntries(lost);
    assert.match(reasons[1]!, /^The process that worked on it ended /);
    assert.match(reasons[3]!, /^It took longer than 3 seconds and was given up\.$/);
    assert.match(reasons[4]!, /ended with code 3\.$/);
  });

  it('tries a job again whose worker was ended by something else', async () => {
    const once = join(makeFolder(), 'killed');
    assert.deepEqual(await runOnWorkers<number>(worker(), [2, { once }, 3], { count: 1 }), [4, 1, 9]);
    assert.ok(existsSync(once));
  });

  it('fails if no worker can be started', async () => {
    const running = runOnWorkers(worker('throw new Error("no sharp")'), [1, 2], {
      count: 2,
      onLost: () => 0,
    });
    await assert.rejects(running, /could not be started.*no sharp/s);
  });

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
