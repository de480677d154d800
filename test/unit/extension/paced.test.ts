/** What is asked for is done at once, then at a pace. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Paced } from '../../../src/extension/lab/paced';

const REST_MS = 20;

describe('Paced', () => {
  let count = 0;
  const done = (): number => count;
  let paced: Paced;
  beforeEach(() => {
    count = 0;
    paced = new Paced(() => {
      count += 1;
    }, REST_MS);
  });
  afterEach(() => {
    paced.dispose();
  });

  it('acts at once when it has rested', async () => {
    paced.ask();
    assert.equal(done(), 1);
    await delay(3 * REST_MS);
    assert.equal(done(), 1, 'nobody asked again');
    paced.ask();
    assert.equal(done(), 2);
  });

  it('takes all that is asked during a rest for one, when the rest is over', async () => {
    for (let times = 0; times < 9; times++) paced.ask();
    assert.equal(done(), 1);
    while (done() < 2) await delay(1);
    paced.ask();
    assert.equal(done(), 2, 'it rests again');
    while (done() < 3) await delay(1);
    await delay(3 * REST_MS);
    assert.equal(done(), 3);
  });

  it('does nothing more when it is disposed', async () => {
    paced.ask();
    paced.ask();
    paced.dispose();
    await delay(3 * REST_MS);
    assert.equal(done(), 1);
  });
});
