/** How a run that waits or is suspended is described, in the views and on its page. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { describeState } from '../../../src/extension/views/descriptions';
import type { RunStatus } from '../../../src/protocol/pages';
import { ordinal } from '../../../src/protocol/quantities';
import { stateWord } from '../../../src/webviews/run/words';

const running: RunStatus = {
  state: 'running',
  message: '',
  phase: 'waiting',
  engine: '',
  device: '',
  step: 12,
  totalSteps: 100,
  secondsPerStep: null,
  secondsLeft: null,
};

describe('Run states', () => {
  it('waiting, with its place in the queue', () => {
    const status = { ...running, queue: { position: 2, trains: ['first'] } };
    assert.equal(describeState(status), 'waits, 2nd in line');
    assert.equal(stateWord(status), 'Waiting, 2nd in line');
    assert.equal(stateWord(running), 'Waiting');
  });

  it('suspended', () => {
    const status: RunStatus = { ...running, phase: 'training', suspended: true };
    assert.equal(describeState(status), 'suspended at step 12');
    assert.equal(stateWord(status), 'Suspended');
  });

  it('ordinals of English', () => {
    assert.deepEqual([1, 2, 3, 4, 11, 12, 13, 21, 102].map(ordinal), [
      ...['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd'],
    ]);
  });
});
