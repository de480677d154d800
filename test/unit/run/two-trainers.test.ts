/**
 * Two trainers never write one folder: not when one is suspended for so long that it looks dead, not from another machine (a
 * process with a host name of its own stands for one), not when clocks differ.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from 'mocha';
import { bundlePath } from '../../../src/folders/installation';
import { readLease } from '../../../src/folders/lease-file';
import { readRunStatus } from '../../../src/folders/run-reader';
import { LEASE_FILE, type Lease } from '../../../src/protocol/lease';
import { launchTrainer } from '../../../src/training/run/launcher';
import { DOUBT_MS } from '../../../src/training/run/lease';
import { setEnvironment } from '../../support/environment';
import { hasEnded, lab, runProcess, stepsDone, trainerRuns, until } from '../../support/trainer-processes';
import { clockPreload } from '../../support/wall-clock';

const HOUR_MS = 3_600_000;

/** Starts the trainer under another host name; skips the running test where that cannot be. `ended` has its log. */
function trainElsewhere(test: Context, run: string): { ended: Promise<string> } {
  if (process.platform !== 'linux' || spawnSync('unshare', ['--uts', 'true']).status !== 0) {
    if (test.test)
      test.test.title += ' (skipped: only the superuser of Linux can give a process a host name)';
    return test.skip();
  }
  const script = 'hostname elsewhere && exec "$0" "$@"';
  const command = ['--uts', 'sh', '-c', script, process.execPath, bundlePath('trainer.js'), run];
  return { ended: runProcess('unshare', command).then(({ stdout }) => stdout) };
}

async function rewriteLease(run: string, change: Partial<Lease>): Promise<void> {
  writeFileSync(join(run, LEASE_FILE), JSON.stringify({ ...(await readLease(run))!, ...change }));
}

const trains = (run: string) => async (): Promise<boolean> => (await readLease(run))?.phase === 'training';

describe('run: two trainers', function () {
  this.timeout(120_000);
  const { newRun, temporary, assertSameAsUndisturbed } = trainerRuns();
  const environment = setEnvironment();

  it('the second is refused, and so is one that nobody asked for', async () => {
    const run = await newRun(1_000_000);
    const first = await launchTrainer(run);
    await assert.rejects(launchTrainer(run), { name: 'LabError', message: /being trained by process/ });
    const second = await runProcess(process.execPath, [bundlePath('trainer.js'), run]);
    assert.equal(second.code, 1);
    assert.match(second.stdout, /being trained by process/);
    assert.equal((await readLease(run))!.pid, first.pid);
  });

  it('one that is suspended, for however long, still holds the folder, is told of, and goes on', async function () {
    if (process.platform === 'win32') this.skip();
    const run = await newRun(60);
    const { pid } = await launchTrainer(run);
    await until(() => stepsDone(run) >= 5);
    process.kill(pid, 'SIGSTOP');
    // As after an hour.
    await delay(200);
    await rewriteLease(run, { heartbeat: Date.now() - HOUR_MS });
    const before = stepsDone(run);
    const { state, message } = await readRunStatus(run);
    assert.equal(state, 'running');
    assert.match(message, /Suspended at step \d+.*kill -CONT/);
    await assert.rejects(launchTrainer(run), { name: 'LabError', message: /being trained by process/ });
    const second = await runProcess(process.execPath, [bundlePath('trainer.js'), run]);
    assert.equal(second.code, 1);
    assert.equal(stepsDone(run), before);
    process.kill(pid, 'SIGCONT');
    await until(() => hasEnded(run));
    await assertSameAsUndisturbed(run, 60);
  });

  it('one that is suspended is stopped with a checkpoint when it is asked to', async function () {
    if (process.platform === 'win32') this.skip();
    const run = await newRun(1_000_000);
    const { pid } = await launchTrainer(run);
    await until(() => stepsDone(run) >= 5);
    process.kill(pid, 'SIGSTOP');
    const stopped = await lab(['stop', run]);
    assert.equal(stopped.code, 0, stopped.stderr);
    assert.match(stopped.stdout, /Stopped at step \d+, with a checkpoint/);
  });

  it('one of another machine is seen, and not disturbed, also where the clocks differ by an hour', async function () {
    environment({ NODE_OPTIONS: clockPreload(temporary()) });
    const run = await newRun(1_000_000);
    const elsewhere = trainElsewhere(this, run);
    await until(trains(run));
    environment({ NODE_OPTIONS: undefined });
    const assertRefused = async (): Promise<void> => {
      const { state, message } = await readRunStatus(run);
      assert.deepEqual([state, message], ['elsewhere', 'Trains on the machine elsewhere.']);
      await assert.rejects(launchTrainer(run), { message: /being trained by the machine elsewhere already/ });
    };
    await assertRefused();
    const { pid, heartbeat } = (await readLease(run))!;
    process.kill(pid, 'SIGUSR2');
    await until(async () => (await readLease(run))!.heartbeat < heartbeat);
    await assertRefused();
    process.kill(pid, 'SIGTERM');
    await elsewhere.ended;
    assert.equal((await readRunStatus(run)).state, 'stopped');
  });

  /** Suspends the trainer while it writes a checkpoint. */
  async function suspendWhileItSaves(run: string, pid: number): Promise<void> {
    const checkpoints = join(run, 'checkpoints');
    for (;;) {
      process.kill(pid, 'SIGSTOP');
      if (readdirSync(checkpoints).some((name) => name.endsWith('.partial'))) return;
      process.kill(pid, 'SIGCONT');
      await delay(1);
    }
  }

  for (const [moment, overrides] of [
    ['', []],
    [', suspended while it wrote a checkpoint,', ['checkpoints.every=1']],
  ] as const) {
    it(`one of another machine that wakes up after its folder was taken over${moment} writes nothing more into it`, async function () {
      const run = await newRun(300, overrides);
      const elsewhere = trainElsewhere(this, run);
      await until(() => stepsDone(run) >= 15);
      const { pid } = (await readLease(run))!;
      if (moment === '') process.kill(pid, 'SIGSTOP');
      else await suspendWhileItSaves(run, pid);
      const suspended = performance.now();
      await rewriteLease(run, { heartbeat: Date.now() - HOUR_MS });
      const here = await launchTrainer(run);
      // The shortest suspension after which a trainer has doubts; the real one is longer than the half minute for which its lease holds.
      await delay(DOUBT_MS - (performance.now() - suspended));
      assert.notEqual(here.pid, pid);
      process.kill(pid, 'SIGCONT');
      assert.match(await elsewhere.ended, /Another trainer \(process \d+ on .*\) has taken over/);
      await until(() => hasEnded(run));
      await assertSameAsUndisturbed(run, 300, overrides);
    });
  }
});
