/** Memory that runs out, by real causes: it is told as such, with what to change, and the run keeps its last checkpoint. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bundlePath } from '../../../src/folders/installation';
import { readLease } from '../../../src/folders/lease-file';
import { readRunConfiguration, writeRunConfiguration } from '../../../src/folders/marker-files';
import { memoryState, wasKilledForMemory } from '../../../src/folders/memory-state';
import { isOutOfMemory } from '../../../src/folders/out-of-memory';
import { readRunStatus } from '../../../src/folders/run-reader';
import { LEASE_FILE, LOG_FILE, type Lease } from '../../../src/protocol/lease';
import { listCheckpoints } from '../../../src/training/run/checkpoints';
import { launchTrainer } from '../../../src/training/run/launcher';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { realTensorFlow } from '../engines-native/support/real-tensorflow';
import { temporaryFolders } from '../../support/temporary-folder';
import { trainHere } from '../../support/train-here';

const GIB = 2 ** 30;

/** With 64 channels, a step of several times what WebAssembly can address. */
const huge = { batch: 1024, patch: 96 };

/** Enough for TensorFlow to start, and to validate the micro run; a fraction of what the huge step takes. */
const ADDRESS_SPACE_KB = 8_000_000;

/** Runs the trainer to its end as the launcher would, with other flags of Node. */
async function trainWithFlags(run: string, flags: readonly string[]): Promise<void> {
  const log = openSync(join(run, LOG_FILE), 'a');
  const child = spawn(process.execPath, [...flags, bundlePath('trainer.js'), run], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await once(child, 'exit');
}

/** A module that fills V8's heap as soon as a file exists. */
function fillHeapOnce(file: string): string {
  return `
    const { existsSync } = require('node:fs');
    const hoard = [];
    setInterval(() => {
      while (existsSync(${JSON.stringify(file)})) hoard.push(new Array(1e5).fill(0).map(String));
    }, 1);
  `;
}

describe('run: out of memory', function () {
  this.timeout(120_000);
  const temporary = temporaryFolders();
  const dataset = sharedMicroDataset();

  it('on the embedded engine fails with the settings to lower, and goes on from the last checkpoint', async () => {
    const folder = temporary();
    await makeMicroRun(folder, dataset(), ['generator.channels=64']);
    const run = join(folder, 'run');
    await trainHere(run, (message, stop) => {
      if (message === 'Checkpoint at step 6.') stop();
    });
    const [last] = (await listCheckpoints(run)).slice(-1);
    const configuration = await readRunConfiguration(run);
    await writeRunConfiguration(run, {
      ...configuration,
      data: { ...configuration.data, ...huge, batch: 1024 },
    });

    await assert.rejects(launchTrainer(run), {
      name: 'LabError',
      message: new RegExp(
        `^Out of memory while training\\. The embedded engine would need \\d+ MB.*\`data\\.batch\` \\(now 1024\\).*checkpoint at step ${last}\\.$`,
      ),
    });
    const status = await readRunStatus(run);
    assert.equal(status.state, 'failed');
    assert.equal(status.cause, 'memory');
    assert.equal((await listCheckpoints(run)).at(-1), last);

    await writeRunConfiguration(run, configuration);
    assert.equal((await trainHere(run)).phase, 'finished');
  });

  it('on the native engine, in an address space with a limit, is told and goes on from the last checkpoint', async function () {
    if (process.platform !== 'linux') this.skip();
    const library = await realTensorFlow(this);
    const folder = temporary();
    await makeMicroRun(folder, dataset(), [
      'engine=native',
      'generator.channels=64',
      'validation.every=100000',
    ]);
    const run = join(folder, 'run');
    const configuration = await readRunConfiguration(run);
    await writeRunConfiguration(run, { ...configuration, data: { ...configuration.data, ...huge } });
    const log = openSync(join(run, LOG_FILE), 'a');
    const trainer = `ulimit -v ${ADDRESS_SPACE_KB}; exec "$0" "$@"`;
    const child = spawn('sh', ['-c', trainer, process.execPath, bundlePath('trainer.js'), run], {
      stdio: ['ignore', log, log],
      env: { ...process.env, SRGAN_LAB_TENSORFLOW: library },
    });
    closeSync(log);
    await once(child, 'exit');
    const status = await readRunStatus(run);
    assert.ok(['failed', 'crashed'].includes(status.state), status.state);
    assert.equal(status.cause, 'memory', readFileSync(join(run, LOG_FILE), 'utf8'));
    assert.match(status.message, /^Out of memory.*`data\.batch` \(now 1024\)/);
  });

  it('of V8’s heap is read from the end of the log', async () => {
    const folder = temporary();
    await makeMicroRun(folder, dataset());
    const run = join(folder, 'run');
    const glutton = join(folder, 'glutton.cjs');
    writeFileSync(glutton, fillHeapOnce(join(run, LEASE_FILE)));
    await trainWithFlags(run, ['--max-old-space-size=80', '--require', glutton]);
    assert.match(readFileSync(join(run, LOG_FILE), 'utf8'), /heap out of memory/);
    const status = await readRunStatus(run);
    assert.equal(status.state, 'crashed');
    assert.equal(status.cause, 'memory');
    assert.match(
      status.message,
      /^Out of memory: the trainer was killed at step \d+\. .*`data\.batch` \(now 2\)/,
    );
  });

  it('killed by the system, a trainer is told from its last heartbeat', async () => {
    const folder = temporary();
    await makeMicroRun(folder, dataset(), ['stages.0.steps=100000']);
    const run = join(folder, 'run');
    const { pid } = await launchTrainer(run);
    process.kill(pid, 'SIGKILL');
    while ((await readRunStatus(run)).state === 'running') await delay(10);
    assert.equal((await readRunStatus(run)).cause, undefined, 'killed by a person');

    // What the kernel would have counted, had it been its doing.
    const lease = (await readLease(run))!;
    assert.ok(lease.memory!.used > 0 && lease.memory!.available > 0);
    const memory = { used: 3 * GIB, available: GIB / 4, kills: lease.memory!.kills === null ? null : -1 };
    writeFileSync(join(run, LEASE_FILE), JSON.stringify({ ...lease, memory } satisfies Lease));
    assert.equal((await readRunStatus(run)).cause, 'memory');
  });

  it('is taken for the cause only where memory was short and the system killed somebody', () => {
    const last = { used: 3 * GIB, available: GIB, kills: 4 };
    assert.equal(wasKilledForMemory(last, 5), true);
    assert.equal(wasKilledForMemory(last, 4), false, 'nobody was killed');
    assert.equal(wasKilledForMemory({ ...last, available: 20 * GIB }, 5), false, 'there was enough');
    assert.equal(wasKilledForMemory(undefined, 5), false);
    const uncounted = { used: 3 * GIB, kills: null };
    assert.equal(wasKilledForMemory({ ...uncounted, available: 0 }, null), true);
    assert.equal(wasKilledForMemory({ ...uncounted, available: 1e15 }, null), false);
    assert.ok(memoryState().used > 0);
  });

  it('is known by the words of who gave up', () => {
    const tooLong = (): unknown => {
      try {
        return new ArrayBuffer(2 ** 53 - 1);
      } catch (error) {
        return error;
      }
    };
    assert.equal(isOutOfMemory(tooLong()), true);
    const tensorFlow = new Error(
      'TensorFlow could not execute step: OOM when allocating tensor with shape[1,2] and type float on /device:GPU:0',
    );
    assert.equal(isOutOfMemory(tensorFlow), true);
    assert.equal(isOutOfMemory(new Error('outer', { cause: tensorFlow })), true);
    assert.equal(isOutOfMemory(new Error('the room is locked')), false);
    assert.equal(isOutOfMemory('a word'), false);
  });
});
