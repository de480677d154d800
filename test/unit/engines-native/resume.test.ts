/** Runs on a real TensorFlow that are killed or stopped, and go on: on the same engine to the very same end, and on the other. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readLease, tenancyOf } from '../../../src/folders/lease-file';
import { readRunStatus } from '../../../src/folders/run-reader';
import { METRICS_FILE } from '../../../src/protocol/metrics';
import { checkpointFolder, listCheckpoints } from '../../../src/training/run/checkpoints';
import { removeControlSocket } from '../../../src/training/run/control-socket';
import { launchTrainer } from '../../../src/training/run/launcher';
import { runCli } from '../../support/command-line';
import { setEnvironment } from '../../support/environment';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { courseOf, metricsOf } from '../../support/train-here';
import { realTensorFlow } from './support/real-tensorflow';

const rate = '{"schedule":"constant","initial":0.0001}';
const stages = `stages=[{"name":"pixel","steps":40,"learningRate":${rate}},{"name":"adversarial","steps":20,"learningRate":${rate}}]`;

function stepsDone(run: string): number {
  const path = join(run, METRICS_FILE);
  return existsSync(path) ? readFileSync(path, 'utf8').split('"kind":"step"').length - 1 : 0;
}

async function endOf(run: string): Promise<void> {
  while (tenancyOf(await readLease(run)) === 'here') await delay(10);
}

async function finalState(run: string): Promise<Buffer> {
  const step = (await listCheckpoints(run)).at(-1)!;
  return readFileSync(join(checkpointFolder(run, step), 'state.safetensors'));
}

describe('native engine, resumed runs', function () {
  this.timeout(180_000);
  const runs: string[] = [];
  /** Of trainers that were killed. */
  const sockets: string[] = [];
  afterEach(async () => {
    for (const run of runs.splice(0)) {
      const lease = await readLease(run);
      if (lease === undefined || tenancyOf(lease) !== 'here') continue;
      process.kill(lease.pid, 'SIGKILL');
      await endOf(run);
      await removeControlSocket(lease.socket);
    }
    const left = sockets.splice(0).filter((socket) => existsSync(socket));
    assert.deepEqual(left, [], 'whoever takes over removes the socket of the killed');
  });
  const temporary = temporaryFolders();
  const dataset = sharedMicroDataset();
  const environment = setEnvironment();

  beforeEach(async function () {
    environment({ SRGAN_LAB_TENSORFLOW: await realTensorFlow(this), SRGAN_LAB_HOME: temporary() });
  });

  async function newRun(): Promise<string> {
    const folder = temporary();
    const settings = ['engine="native"', stages, 'validation.every=30', 'checkpoints.every=10'];
    await makeMicroRun(folder, dataset(), settings);
    const run = join(folder, 'run');
    runs.push(run);
    return run;
  }

  /** Starts a trainer and kills it as soon as it has made so many steps. */
  async function killAt(run: string, step: number): Promise<void> {
    const { pid, socket } = await launchTrainer(run);
    while (stepsDone(run) < step) await delay(1);
    process.kill(pid, 'SIGKILL');
    await endOf(run);
    sockets.push(socket);
    assert.equal((await readRunStatus(run)).state, 'crashed');
  }

  it('killed in both stages, end at the very same losses and weights', async () => {
    const straight = await newRun();
    await launchTrainer(straight);
    await endOf(straight);
    assert.equal((await readRunStatus(straight)).state, 'finished');

    const killed = await newRun();
    await killAt(killed, 15);
    await killAt(killed, 47);
    await launchTrainer(killed);
    await endOf(killed);
    assert.equal((await readRunStatus(killed)).state, 'finished');
    assert.deepEqual(courseOf(killed), courseOf(straight));
    assert.ok((await finalState(killed)).equals(await finalState(straight)));
  });

  it('killed, are finished by the embedded engine from the last checkpoint', async () => {
    const run = await newRun();
    await killAt(run, 25);
    const last = (await listCheckpoints(run)).at(-1)!;
    assert.ok(last >= 20);
    const before = metricsOf(run).filter((line) => line.kind === 'step' && line.step <= last);
    environment({ SRGAN_LAB_TENSORFLOW: undefined });
    const resume = ['resume', run, '--engine', 'embedded', '--json', '--progress', 'none'];
    const { code, stderr } = await runCli(resume);
    assert.equal(code, 0, stderr);
    assert.equal((await readLease(run))?.engine, 'embedded');
    const after = metricsOf(run).filter((line) => line.kind === 'step');
    assert.equal(after.length, 60);
    assert.deepEqual(after.slice(0, before.length), before);
    const warnings = metricsOf(run).flatMap((line) =>
      line.kind === 'event' && line.event === 'warning' ? [line.message] : [],
    );
    assert.ok(warnings.some((warning) => warning.includes('was trained by the native engine before')));
  });
});
