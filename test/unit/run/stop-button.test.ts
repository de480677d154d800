/** Pressing stop once, twice by accident, and twice in earnest. */
import assert from 'node:assert/strict';
import { StopButton } from '../../../src/training/run/stop-button';

describe('run: stop button', () => {
  it('stops in good order at the first press and ends at once at a later one', () => {
    let time = 100;
    let ended = 0;
    const button = new StopButton(
      () => ended++,
      () => time,
    );
    assert.equal(button.signal.aborted, false);
    button.press();
    assert.equal(button.signal.aborted, true);
    time += 500;
    button.press();
    assert.equal(ended, 0, 'a signal and a command at the same moment are one press');
    time += 2000;
    button.press();
    assert.equal(ended, 1);
  });
});
