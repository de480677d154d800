import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Control, controlBytes } from '../../../src/training/engines/wasm/pool/control';

const PARTS = 3;

/** What two threads see of one memory. */
function twoThreads(): [Control, Control] {
  const memory = new SharedArrayBuffer(controlBytes(PARTS));
  return [new Control(memory, PARTS), new Control(memory, PARTS)];
}

describe('control of a pool', () => {
  it('gives each part of a call to one thread', () => {
    const [first, second] = twoThreads();
    assert.ok(first.begin(1, 0));
    assert.ok(!second.begin(1, 0));
    assert.ok(second.begin(0, 0));
    assert.ok(first.begin(1, 1), 'the next call, whose beginning is not for this to judge');
    assert.ok(!second.begin(1, 0), 'a call that is over');
  });

  it('waits for all parts', () => {
    const [first, second] = twoThreads();
    first.finish(0);
    second.finish(1);
    second.finish(2);
    first.waitForFinished(1);
    second.waitForFinished(1);
  });

  it('counts on where a number of 32 bits ends', () => {
    // As after 2³¹ calls, which nobody has the time to count up to here.
    const last = 2 ** 31 - 1;
    const memory = new SharedArrayBuffer(controlBytes(PARTS));
    new Int32Array(memory).fill(last);
    const late = new Control(memory, PARTS);
    assert.ok(late.begin(0, last));
    for (let part = 0; part < PARTS; part++) late.finish(part);
    late.waitForFinished(-(2 ** 31));
    assert.ok(late.begin(0, -(2 ** 31)));
  });

  it('lets one thread tell the end of a run', () => {
    const [first, second] = twoThreads();
    assert.deepEqual(
      [first.endRun(1), second.endRun(1), second.endRun(2), first.endRun(1)],
      [true, false, true, false],
    );
  });

  it('lets nobody wait for a pool that has ended or failed', () => {
    const [stopping, running] = twoThreads();
    stopping.stop();
    running.waitForRun(1);
    assert.ok(running.stopped && !running.failed);
    const [failing, waiting] = twoThreads();
    failing.fail();
    waiting.waitForFinished(5);
    waiting.waitForRun(5);
    assert.ok(waiting.failed);
  });
});
