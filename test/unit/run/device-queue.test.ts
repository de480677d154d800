/** Trainers that wait for each other: real processes, in a temporary folder of their own. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sendControlCommand } from '../../../src/folders/control';
import { bundlePath } from '../../../src/folders/installation';
import { readLease, tenancyOf } from '../../../src/folders/lease-file';
import { readRunStatus } from '../../../src/folders/run-reader';
import type { Lease } from '../../../src/protocol/lease';
import { queueResultSchema } from '../../../src/protocol/progress';
import { runComparisonSchema } from '../../../src/protocol/run-comparison';
import { launchTrainer } from '../../../src/training/run/launcher';
import { setEnvironment } from '../../support/environment';
import { makeMicroRun, microSettings, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { until } from '../../support/trainer-processes';

const ENDLESS =
  'stages=[{"name":"pixel","steps":1000000,"learningRate":{"schedule":"constant","initial":0.0001}}]';

describe('run: queue for the device', function () {
  this.timeout(120_000);
  const runs: string[] = [];
  afterEach(async () => {
    for (const run of runs.splice(0)) {
      const lease = await readLease(run).catch(() => undefined);
      if (lease !== undefined && tenancyOf(lease) === 'here') process.kill(lease.pid, 'SIGKILL');
      await until(async () => tenancyOf(await readLease(run)) !== 'here');
    }
  });
  const temporary = temporaryFolders();
  const environment = setEnvironment();
  const microDataset = sharedMicroDataset();
  let queue = '';
  beforeEach(() => {
    queue = temporary();
    environment({ TMPDIR: queue });
  });

  async function newRun(name: string): Promise<string> {
    const folder = temporary();
    await makeMicroRun(folder, microDataset(), [ENDLESS], name);
    const run = join(folder, name);
    runs.push(run);
    return run;
  }

  const leaseOf = async (run: string): Promise<Lease> => (await readLease(run))!;
  const trains = (run: string) => async (): Promise<boolean> => (await leaseOf(run)).phase === 'training';
  const stop = async (run: string): Promise<void> => {
    await sendControlCommand((await leaseOf(run)).socket, { command: 'stop' });
    await until(async () => tenancyOf(await readLease(run)) !== 'here');
  };

  it('begins in the order of coming, when the one before has stopped or died', async () => {
    const [first, second, third] = [await newRun('first'), await newRun('second'), await newRun('third')];
    await launchTrainer(first);
    await until(trains(first));
    const waiting = await launchTrainer(second, { queued: true });
    assert.equal(waiting.phase, 'waiting');
    assert.equal(waiting.message, 'Waits for first to end, 1st in line.');
    assert.equal(
      (await launchTrainer(third, { queued: true })).message,
      'Waits for first to end, 2nd in line.',
    );
    assert.equal((await readRunStatus(third)).state, 'running');

    await stop(first);
    await until(trains(second));
    assert.equal((await leaseOf(third)).phase, 'waiting');
    process.kill((await leaseOf(second)).pid, 'SIGKILL');
    await until(trains(third));
  });

  it('is left by a run that is stopped while it waits, and resumed later', async () => {
    const [first, second] = [await newRun('first'), await newRun('second')];
    await launchTrainer(first);
    await launchTrainer(second, { queued: true });
    await stop(second);
    const { state, message, step } = await readRunStatus(second);
    assert.deepEqual([state, step], ['stopped', 0]);
    assert.match(message, /waited for its turn/);
    await stop(first);
    const [folder] = readdirSync(queue).filter((name) => name.startsWith('srgan-lab-queue-'));
    assert.deepEqual(readdirSync(join(queue, folder!)), []);
    await launchTrainer(second, { queued: true });
    await until(trains(second));
  });

  it('is listed, and a run in it is told to start now', async () => {
    const [first, second, third] = [await newRun('first'), await newRun('second'), await newRun('third')];
    await launchTrainer(first);
    await launchTrainer(second, { queued: true });
    await launchTrainer(third, { queued: true });
    const lab = async (...args: string[]): Promise<string> =>
      (await promisify(execFile)(process.execPath, [bundlePath('cli.js'), ...args])).stdout;
    const { training, waiting } = queueResultSchema.parse(JSON.parse(await lab('queue', '--json')));
    assert.deepEqual(training, [first]);
    assert.deepEqual(waiting, [second, third]);
    assert.match(await lab('queue'), /Training: .*first[^]*1\. .*second[^]*2\. .*third/);
    assert.match(await lab('queue', 'start', third), /starts now/);
    await until(trains(third));
    await until(trains(first));
    assert.equal((await leaseOf(second)).phase, 'waiting');
    assert.equal((await leaseOf(third)).queue, undefined);
    assert.match(await lab('queue', 'start', third), /does not wait/);
  });

  it('holds up nobody who was not asked to wait', async () => {
    const [first, second] = [await newRun('first'), await newRun('second')];
    await launchTrainer(first);
    await launchTrainer(second);
    await until(trains(second));
    await until(trains(first));
  });

  it('a sweep trains its runs one after the other, and its table can be had again', async () => {
    const sweep = join(temporary(), 'seeds');
    const lab = async (...args: string[]): Promise<string> => {
      const { stdout } = await promisify(execFile)(process.execPath, [
        bundlePath('cli.js'),
        ...args,
        '--progress',
        'none',
      ]);
      return stdout;
    };
    const settings = microSettings.flatMap((setting) => ['--set', setting]);
    const options = ['--dataset', microDataset(), '--engine', 'embedded', ...settings];
    const json = await lab('sweep', sweep, ...options, '--vary', 'seed=0,1', '--json');
    const { settings: differing, runs: compared } = runComparisonSchema.parse(JSON.parse(json));
    assert.deepEqual(differing, ['seed']);
    assert.deepEqual(
      compared.map(({ state, step }) => [state, step]),
      [
        ['finished', 12],
        ['finished', 12],
      ],
    );
    const [better, worse] = compared.map(({ final }) => final!.model.psnr);
    assert.ok(better! >= worse!);

    const csv = (await lab('compare', sweep, '--format', 'csv')).trim().split('\n');
    assert.equal(csv[0], 'run,seed,state,step,best PSNR (crops),PSNR,SSIM,bicubic PSNR');
    assert.equal(csv.length, 3);
    assert.ok(csv[1]!.includes(String(better)));
    const markdown = (await lab('compare', sweep, '--format', 'markdown')).trim().split('\n');
    assert.match(markdown[1]!, /^\| -+ \| -+ \|/);
    const text = await lab('compare', sweep);
    assert.match(text, /seed-0 +0 +finished +12\/12/);
  });
});
