/**
 * What can happen to a folder and a machine under a real trainer: a full disk, a folder deleted, renamed or made read-only, a
 * clock set back. Each time nothing is corrupt, the run says in words what happened, and it resumes to the very same end.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
  statSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bundlePath } from '../../../src/folders/installation';
import { hasCode } from '../../../src/folders/lab-error';
import { readLease } from '../../../src/folders/lease-file';
import { readRunStatus } from '../../../src/folders/run-reader';
import { listCheckpoints, readNewestCheckpoint } from '../../../src/training/run/checkpoints';
import { launchTrainer } from '../../../src/training/run/launcher';
import { setEnvironment } from '../../support/environment';
import { giveTo, ordinaryUser } from '../../support/ordinary-user';
import { enlargeDisk, fillDisk, onSmallDisk } from '../../support/small-disk';
import { hasEnded, lab, stepsDone, trainerRuns, until } from '../../support/trainer-processes';
import { metricsOf } from '../../support/train-here';
import { clockPreload } from '../../support/wall-clock';

/** Every line and every checkpoint is whole. */
async function assertWhole(run: string): Promise<void> {
  metricsOf(run);
  assert.deepEqual((await readNewestCheckpoint(run)).damaged, []);
}

/** Nothing in the folder is half there: every line, every checkpoint, no leftovers of writing. */
async function assertSound(run: string): Promise<void> {
  await assertWhole(run);
  const names = readdirSync(run, { recursive: true, encoding: 'utf8' });
  assert.deepEqual(
    names.filter((name) => name.endsWith('.partial')),
    [],
  );
}

/** Removes a folder to which its trainer adds meanwhile: it may take more than one go. */
function isRemoved(run: string): boolean {
  try {
    rmSync(run, { recursive: true });
    return true;
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY')) throw error;
    return false;
  }
}

interface FullDisk {
  what: string;
  overrides: readonly string[];
  /** KiB that are left for the run. */
  left: (run: string) => number;
  message: RegExp;
}

/** KiB that the smallest of a run's pictures takes. */
function smallestSample(run: string): number {
  const samples = join(run, 'samples');
  const files = readdirSync(samples, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.startsWith('step-') && name.endsWith('.png'))
    .map((name) => statSync(join(samples, name)).size);
  return Math.min(...files) / 1024;
}

const STEPS = 1000;

/**
 * Suspends the trainer of a run of `STEPS` steps where it has a checkpoint, and half of the steps to the next one are still to
 * come; so it writes nothing while the disk is being filled, and lines and pictures before the next checkpoint.
 */
async function suspendAfterCheckpoint(run: string, every: number): Promise<number> {
  await until(async () => (await listCheckpoints(run)).some((step) => step > 0));
  const { pid } = (await readLease(run))!;
  for (;;) {
    process.kill(pid, 'SIGSTOP');
    const done = stepsDone(run);
    assert.ok(done + every < STEPS, `It has made ${done} steps already.`);
    if (done % every > 0 && done % every < every / 2) return pid;
    process.kill(pid, 'SIGCONT');
    await delay(5);
  }
}

describe('run: misfortunes', function () {
  this.timeout(180_000);
  const runs = trainerRuns();
  const environment = setEnvironment();

  async function resumeToTheEnd(run: string): Promise<void> {
    await launchTrainer(run);
    await until(() => hasEnded(run));
  }

  const fullDisks: readonly FullDisk[] = [
    {
      what: 'a line of the record',
      overrides: ['checkpoints.every=200', 'validation.every=1000'],
      left: () => 0,
      message: /metrics\.jsonl\. The disk is full/,
    },
    {
      what: 'a checkpoint',
      overrides: ['checkpoints.every=20', 'validation.every=1000'],
      left: () => 32,
      message: /the checkpoint \S*step-\d+\. The disk is full/,
    },
    {
      what: 'a sample',
      // Without the bicubic skip the pictures are rough, and many times as large as ten lines of the record.
      overrides: [
        'checkpoints.every=200',
        'validation={"every":10,"images":1,"crop":104}',
        'generator.globalSkip=none',
      ],
      // Room for the lines until the next picture, and for half of that at most.
      left: (run) => {
        const smallest = smallestSample(run);
        assert.ok(smallest > 16, `A picture takes ${smallest} KiB.`);
        return 8;
      },
      message: /samples\/step-\d+\S*\. The disk is full/,
    },
  ];
  for (const { what, overrides, left, message } of fullDisks) {
    it(`the disk is full while ${what} is written`, async function () {
      await onSmallDisk(
        this,
        runs.temporary(),
        async (disk) => {
          const run = await runs.newRun(STEPS, overrides, disk);
          await launchTrainer(run);
          const pid = await suspendAfterCheckpoint(run, Number(/every=(\d+)/.exec(overrides[0]!)![1]));
          fillDisk(disk, left(run));
          process.kill(pid, 'SIGCONT');
          await until(() => hasEnded(run));
          const status = await readRunStatus(run);
          assert.equal(status.state, 'failed', status.message);
          assert.match(status.message, message);
          await assertSound(run);
          enlargeDisk(disk, 16384);
          await resumeToTheEnd(run);
          await runs.assertSameAsUndisturbed(run, STEPS, overrides);
        },
        8192,
      );
    });
  }

  it('a folder that is deleted is not made again, and who watched is told', async () => {
    const run = await runs.newRun(1_000_000);
    const watched = await lab(['train', run], async () => {
      await until(() => stepsDone(run) >= 12);
      await until(() => isRemoved(run));
    });
    assert.equal(watched.code, 1);
    assert.match(watched.stderr, /(gone|deleted)/);
    assert.equal(existsSync(run), false);
  });

  it('a folder that is renamed says so where it is now, and is resumed there', async function () {
    if (process.platform === 'win32') this.skip();
    const run = await runs.newRun(200);
    await launchTrainer(run);
    await until(() => stepsDone(run) >= 15);
    const moved = join(run, '..', 'renamed');
    renameSync(run, moved);
    runs.watch(moved);
    await until(() => hasEnded(moved));
    assert.equal(existsSync(run), false);
    const { state, message } = await readRunStatus(moved);
    assert.equal(state, 'failed');
    assert.match(message, /moved or renamed while it was being trained.*Resume/);
    // What was half written at that moment is cleared away only now.
    await resumeToTheEnd(moved);
    await assertSound(moved);
    await runs.assertSameAsUndisturbed(moved, 200);
  });

  it('a folder that is made read-only says so, and is resumed when it can be written again', async function () {
    if (process.platform === 'win32') this.skip();
    const run = await runs.newRun(100);
    for (const each of [join(run, '..'), join(runs.dataset(), '..')]) chmodSync(each, 0o755);
    for (const each of [run, runs.dataset()]) giveTo(ordinaryUser, each);
    const train = (): Promise<unknown[]> =>
      once(
        spawn(process.execPath, [bundlePath('trainer.js'), run], { uid: ordinaryUser, stdio: 'ignore' }),
        'close',
      );
    const first = train();
    await until(async () => (await listCheckpoints(run)).includes(10));
    const folders = [run, ...['checkpoints', 'samples', 'samples/reference'].map((name) => join(run, name))];
    for (const each of folders) chmodSync(each, 0o555);
    assert.deepEqual(await first, [1, null]);
    const { state, message } = await readRunStatus(run);
    assert.equal(state, 'failed', message);
    assert.match(message, /You may not write there/);
    // What was being written at that moment cannot be removed from such a folder either: whoever resumes does that.
    await assertWhole(run);
    for (const each of folders) chmodSync(each, 0o755);
    for (const each of folders.filter((folder) => !folder.endsWith('samples')))
      writeFileSync(join(each, '.picture.png.0123456789ab.partial'), '');
    assert.deepEqual(await train(), [0, null]);
    await assertSound(run);
    await runs.assertSameAsUndisturbed(run, 100);
  });

  it('a clock that is set back under a trainer changes nothing', async function () {
    if (process.platform === 'win32') this.skip();
    environment({ NODE_OPTIONS: clockPreload(runs.temporary()) });
    const run = await runs.newRun(100);
    const { pid } = await launchTrainer(run);
    await until(() => stepsDone(run) >= 5);
    process.kill(pid, 'SIGUSR2');
    const before = (await readLease(run))!.heartbeat;
    await until(async () => (await readLease(run))!.heartbeat < before);
    assert.equal((await readRunStatus(run)).state, 'running');
    await assert.rejects(launchTrainer(run), { message: /being trained by process/ });
    await until(() => hasEnded(run));
    const times = metricsOf(run).map(({ time }) => time);
    assert.ok(times.at(-1)! < times[0]!);
    await runs.assertSameAsUndisturbed(run, 100);
  });

  it('a lock that a dead trainer left, from a time that is yet to come, holds nobody up', async () => {
    const run = await runs.newRun(5);
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    const lock = join(run, '.lease.json.lock');
    writeFileSync(lock, JSON.stringify({ pid: dead.pid, processStarted: 'before', host: hostname() }));
    utimesSync(lock, new Date(), new Date(Date.now() + 3_600_000));
    await resumeToTheEnd(run);
    assert.equal((await readRunStatus(run)).state, 'finished');
  });
});
