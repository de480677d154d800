/** Real trainer processes: killed, stopped, refused; and the commands that people use on them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sendControlCommand } from '../../../src/folders/control';
import { hasCode, messageOf } from '../../../src/folders/lab-error';
import { readLease } from '../../../src/folders/lease-file';
import { readRunConfiguration } from '../../../src/folders/marker-files';
import { readRunStatus } from '../../../src/folders/run-reader';
import type { RunStatus } from '../../../src/protocol/pages';
import { randomStream } from '../../../src/random/random-stream';
import { listCheckpoints } from '../../../src/training/run/checkpoints';
import { launchTrainer } from '../../../src/training/run/launcher';
import { metricsOf } from '../../support/train-here';
import { hasEnded, lab, stepsDone, trainerRuns, until } from '../../support/trainer-processes';

/** How often the test of random moments kills; `SRGAN_LAB_TEST_KILLS=100` for the full count. */
const kills = Number(process.env['SRGAN_LAB_TEST_KILLS'] ?? 5);

describe('run: processes', function () {
  this.timeout(120_000);
  const { temporary, dataset, newRun, watch, assertSameAsUndisturbed } = trainerRuns();

  it('killed at any moment, a trainer is seen as crashed and resumes to the very same end', async () => {
    const killed = await newRun(60);
    for (const step of [1, 25, 47]) {
      const { pid } = await launchTrainer(killed);
      await until(() => stepsDone(killed) >= step);
      process.kill(pid, 'SIGKILL');
      await until(() => hasEnded(killed));
      assert.equal((await readRunStatus(killed)).state, 'crashed');
    }
    await launchTrainer(killed);
    await until(() => hasEnded(killed));
    await assertSameAsUndisturbed(killed, 60);
  });

  it('killed at random moments, while it starts, trains, saves or samples, still comes to the same end', async function () {
    this.timeout((120 + kills * 30) * 1000);
    const random = randomStream(0, 'kills', 0);
    const steps = 1000;
    const states = { crashed: 0, finished: 0 };
    let run = await newRun(steps);
    // A run that comes to its end before enough were killed is followed by another.
    while (states.crashed < kills) {
      // How long a start takes depends on the machine: a quarter of the moments are counted from its begin.
      const from = random.uniform() < 0.25 ? 'launch' : 'training';
      const state = await killOnce(run, from, random.uniform() * 2000);
      assert.ok(state === 'crashed' || state === 'finished', state);
      states[state] += 1;
      if (state === 'crashed') continue;
      await assertSameAsUndisturbed(run, steps);
      run = await newRun(steps);
    }
    await launchTrainer(run);
    await until(() => hasEnded(run));
    await assertSameAsUndisturbed(run, steps);
    this.test!.title += ` (${states.crashed} kills, ${states.finished + 1} runs)`;
  });

  for (const signal of ['stop', 'SIGTERM', 'SIGINT'] as const) {
    it(`${signal} saves a checkpoint and ends the trainer`, async () => {
      const run = await newRun(1_000_000);
      const { pid, socket } = await launchTrainer(run);
      await until(() => stepsDone(run) >= 3);
      assert.deepEqual(await sendControlCommand(socket, { command: 'ping' }), { ok: true });
      if (signal === 'stop') await sendControlCommand(socket, { command: 'stop' });
      else process.kill(pid, signal);
      await until(() => hasEnded(run));
      const { state, step } = await readRunStatus(run);
      assert.equal(state, 'stopped');
      assert.equal((await listCheckpoints(run)).at(-1), step);
      assert.equal(metricsOf(run).at(-1)!.step, step);
      await until(() => !existsSync(socket));
    });
  }

  it('a second stop ends it in the middle of a step', async () => {
    // A step takes seconds.
    const heavy = ['generator.blocks=16', 'generator.channels=64', 'data.batch=48', 'data.patch=96'];
    const run = await newRun(1_000_000, [...heavy, 'engineSettings.embedded.threads=1']);
    const { socket } = await launchTrainer(run);
    // Before that it validates, which a stop ends at once.
    await until(async () => (await readRunStatus(run)).phase === 'training');
    await sendControlCommand(socket, { command: 'stop' });
    // Longer than a double press.
    await delay(2200);
    assert.equal(await hasEnded(run), false, 'the step under way should take longer than that');
    await sendControlCommand(socket, { command: 'stop' });
    await until(() => hasEnded(run));
    const { state, message } = await readRunStatus(run);
    assert.equal(state, 'stopped');
    assert.match(message, /Ended at once at step 0\. Resume goes on from the last checkpoint/);
  });

  it('resumed with another number of threads, it comes to the same end', async () => {
    const run = await newRun(60, ['engineSettings.embedded.threads=1']);
    const { socket } = await launchTrainer(run);
    await until(() => stepsDone(run) >= 15);
    await sendControlCommand(socket, { command: 'stop' });
    await until(() => hasEnded(run));
    const resumed = await lab(['resume', run, '--threads', '3', '--detach']);
    assert.equal(resumed.code, 0, resumed.stderr);
    await until(() => hasEnded(run));
    assert.equal((await readRunConfiguration(run)).engineSettings?.embedded.threads, 3);
    await assertSameAsUndisturbed(run, 60, ['engineSettings.embedded.threads=2']);
  });

  it('a trainer that cannot start says why, to the launcher and in its log', async () => {
    const run = await newRun(5);
    rmSync(join(run, '..', 'run', 'log.txt'), { force: true });
    await assert.rejects(launchTrainer(run, { trainer: join(run, 'no-such-trainer.js') }), {
      name: 'LabError',
      message: /ended with exit code 1 before it could train.*\n.*/,
    });
    assert.match(readFileSync(join(run, 'log.txt'), 'utf8'), /no-such-trainer/);
  });

  it('train shows a run to its end, and its model enlarges pictures', async () => {
    const run = await newRun(5);
    const trained = await lab(['train', run, '--json', '--progress', 'json']);
    assert.equal(trained.code, 0, trained.stderr);
    const result = JSON.parse(trained.stdout) as Record<string, unknown>;
    assert.deepEqual({ ...result, message: '' }, { folder: run, phase: 'finished', message: '', step: 8 });
    const reports = trained.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.ok(reports.some(({ unit, total }) => unit === 'steps' && total === 8));

    const again = await lab(['train', run]);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /has been trained already.*resume/);
    const finished = await lab(['resume', run]);
    assert.equal(finished.code, 1);
    assert.match(finished.stderr, /has finished all its 8 steps/);
    const watched = await lab(['watch', run]);
    assert.equal(watched.code, 0);
    assert.match(watched.stdout, /adversarial stage, 1 whole image: PSNR/);

    const out = join(temporary(), 'out');
    const picture = join(dataset(), 'lr', 'picture-0.png');
    const missing = join(dataset(), 'lr', 'none.jpg');
    const upscaled = await lab(['upscale', run, picture, missing, '--out', out, '--json']);
    assert.equal(upscaled.code, 1);
    const { files } = JSON.parse(upscaled.stdout) as { files: unknown[] };
    assert.deepEqual(files, [
      { input: picture, output: join(out, 'picture-0.png'), width: 120, height: 104 },
    ]);
    assert.match(upscaled.stderr, /none\.jpg does not exist/);
    const taken = await lab(['upscale', run, picture, '--out', out]);
    assert.match(taken.stderr, /exists already.*--overwrite/);
    assert.equal((await lab(['upscale', run, picture, '--out', out, '--overwrite'])).code, 0);
  });

  it('Ctrl-C stops the run that train shows, with a checkpoint and exit code 130', async () => {
    const run = await newRun(1_000_000);
    const interrupted = await lab(['train', run], async (child) => {
      await until(() => stepsDone(run) >= 2);
      child.kill('SIGINT');
    });
    assert.equal(interrupted.code, 130, interrupted.stderr);
    assert.match(interrupted.stdout, /Stopped at step \d+, with a checkpoint/);
    assert.equal((await readRunStatus(run)).state, 'stopped');
  });

  it('a detached run is watched without being touched, and stopped by name', async () => {
    const run = await newRun(1_000_000);
    const detached = await lab(['train', run, '--detach', '--json']);
    assert.equal(detached.code, 0, detached.stderr);
    assert.equal((JSON.parse(detached.stdout) as { phase: string }).phase, 'running');
    const watched = await lab(['watch', run], async (child) => {
      await once(child.stderr!, 'data');
      await until(() => stepsDone(run) >= 3);
      child.kill('SIGINT');
    });
    assert.equal(watched.code, 130);
    assert.match(watched.stdout, /The run goes on/);
    assert.equal((await readRunStatus(run)).state, 'running');

    const stopped = await lab(['stop', run, '--json']);
    assert.equal(stopped.code, 0);
    assert.equal((JSON.parse(stopped.stdout) as { phase: string }).phase, 'stopped');
    assert.equal((await readRunStatus(run)).state, 'stopped');
    const idle = await lab(['stop', run]);
    assert.equal(idle.code, 0);
    assert.match(idle.stdout, /is not being trained/);

    const resumed = await lab(['resume', run, '--detach']);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal((await readRunStatus(run)).state, 'running');
    await lab(['stop', run]);
  });

  it('a failed run makes the command fail, in words', async () => {
    const run = await newRun(5);
    const path = join(run, '..', 'wild');
    watch(path);
    const wild = await lab([
      'train',
      path,
      '--dataset',
      dataset(),
      '--set',
      'stages=[{"name":"pixel","steps":9,"learningRate":{"schedule":"constant","initial":1e30}}]',
      '--set',
      'generator={"blocks":1,"channels":8,"normalisation":"none","prelu":"layer","globalSkip":"none"}',
      '--set',
      'data.patch=24',
      '--json',
    ]);
    assert.equal(wild.code, 1);
    const result = JSON.parse(wild.stdout) as { phase?: string; message?: string };
    assert.equal(result.phase, 'failed', wild.stdout);
    assert.match(result.message!, /diverged/);
    const watched = await lab(['watch', path]);
    assert.equal(watched.code, 1);
    assert.match(watched.stdout, /diverged/);
  });
});

/**
 * Starts the trainer of a run and kills it so many milliseconds after it was launched, when it may still be starting, or after it
 * began to train. Resolves to what is said of the run then.
 */
async function killOnce(
  run: string,
  from: 'launch' | 'training',
  milliseconds: number,
): Promise<RunStatus['state']> {
  const before = (await readLease(run))?.pid;
  const launched = launchTrainer(run).then(
    ({ pid }) => pid,
    (error: unknown) => {
      assert.match(messageOf(error), /was killed by SIGKILL before it could train/);
      return undefined;
    },
  );
  if (from === 'training') await launched;
  await delay(milliseconds);
  const trainer = async (): Promise<number | undefined> => {
    const pid = (await readLease(run))?.pid;
    return pid === before ? undefined : pid;
  };
  await until(async () => (await trainer()) !== undefined);
  const pid = (await trainer())!;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    assert.ok(hasCode(error, 'ESRCH'), 'it had come to its end before');
  }
  await launched;
  await until(() => hasEnded(run));
  return (await readRunStatus(run)).state;
}
