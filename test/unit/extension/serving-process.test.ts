/** How long a process lives that serves: as long as it is used, and a while longer where another use is likely. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  ServingProcess,
  type LifeEnd,
  type ServingLife,
} from '../../../src/extension/process/serving-process';
import { bundlePath } from '../../../src/folders/installation';

describe('ServingProcess', function () {
  this.timeout(60_000);

  function serving(lingerMs: number): { process: ServingProcess; ended: Promise<[ServingLife, LifeEnd]> } {
    let tell: (end: [ServingLife, LifeEnd]) => void = () => undefined;
    const ended = new Promise<[ServingLife, LifeEnd]>((resolve) => {
      tell = resolve;
    });
    const process = new ServingProcess({
      script: bundlePath('cli.js'),
      args: ['preview', '--serve'],
      lingerMs,
      log: { info: () => undefined, warn: () => undefined },
      receive: () => undefined,
      ended: (life, end) => {
        tell([life, end]);
      },
    });
    return { process, ended };
  }

  const request = { do: 'stop', id: 1 };

  it('ends with its last user', async () => {
    const { process, ended } = serving(0);
    const [first, second] = [process.use(), process.use()];
    const life = process.send(request);
    first.dispose();
    assert.ok(process.running);
    second.dispose();
    assert.ok(!process.running);
    assert.deepEqual(await ended, [life, { wished: true }]);
  });

  it('lingers where it is told to, for who comes next', async () => {
    const { process, ended } = serving(3_600_000);
    const first = process.use();
    const life = process.send(request);
    first.dispose();
    const second = process.use();
    assert.equal(process.send(request), life);
    second.dispose();
    assert.ok(process.running);
    process.stop();
    assert.deepEqual(await ended, [life, { wished: true }]);
  });

  it('ends when nobody has come', async () => {
    const { process, ended } = serving(1);
    const use = process.use();
    const life = process.send(request);
    use.dispose();
    assert.deepEqual(await ended, [life, { wished: true }]);
    assert.ok(!process.running);
  });
});
