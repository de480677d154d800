/**
 * Runs whose trainers are real processes, for tests that do something to them: endless or a few dozen steps long, on a shared
 * micro data set. What still trains when a test ends is killed.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach } from 'mocha';
import { bundlePath } from '../../src/folders/installation';
import { readLease, tenancyOf } from '../../src/folders/lease-file';
import { isSameProcess } from '../../src/folders/process-identity';
import { readRunStatus } from '../../src/folders/run-reader';
import { METRICS_FILE } from '../../src/protocol/metrics';
import { checkpointFolder, listCheckpoints } from '../../src/training/run/checkpoints';
import { removeControlSocket } from '../../src/training/run/control-socket';
import { makeMicroRun, sharedMicroDataset } from './micro-run';
import { temporaryFolders } from './temporary-folder';
import { courseOf, trainHere } from './train-here';

/** Longer than any test may take: a wait that outlives its test would keep the whole run of tests from ending. */
const ENDLESS_MS = 15 * 60_000;

/** Waits for something that a process will do; the test's own timeout is the limit. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + ENDLESS_MS;
  while (!(await holds())) {
    assert.ok(performance.now() < end, `Waited in vain: ${holds.toString()}`);
    await delay(10);
  }
}

/** Step lines in the record of a run. */
export function stepsDone(run: string): number {
  if (!existsSync(join(run, METRICS_FILE))) return 0;
  return readFileSync(join(run, METRICS_FILE), 'utf8').split('"kind":"step"').length - 1;
}

/** Whether no trainer of this machine is at work in the run. */
export async function hasEnded(run: string): Promise<boolean> {
  return tenancyOf(await readLease(run)) !== 'here';
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program of the lab to its end; `meanwhile` gets its process. */
export async function runProcess(
  command: string,
  args: readonly string[],
  meanwhile: (child: ChildProcess) => Promise<void> = () => Promise.resolve(),
  options: SpawnOptions = {},
): Promise<Finished> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const finished: Finished = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (finished.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (finished.stderr += data.toString()));
  const closed = once(child, 'close');
  await meanwhile(child);
  [finished.code] = (await closed) as [number | null];
  return finished;
}

/** Runs the command line. */
export function lab(
  args: readonly string[],
  meanwhile?: (child: ChildProcess) => Promise<void>,
): Promise<Finished> {
  return runProcess(process.execPath, [bundlePath('cli.js'), ...args], meanwhile);
}

export interface TrainerRuns {
  /** A folder that the test ends with. */
  readonly temporary: () => string;
  readonly dataset: () => string;
  /** Makes `FOLDER/run`, whose pixel stage has so many steps and whose adversarial stage has three. */
  readonly newRun: (steps: number, overrides?: readonly string[], folder?: string) => Promise<string>;
  /** Has the trainer of this folder killed when the test ends, if it still trains then. */
  readonly watch: (run: string) => void;
  /** Checks that a run has finished, and that it is what comes of it when nothing happens to it. */
  readonly assertSameAsUndisturbed: (
    run: string,
    steps: number,
    overrides?: readonly string[],
  ) => Promise<void>;
}

/** Call inside `describe`. */
export function trainerRuns(): TrainerRuns {
  const runs = new Set<string>();
  // Before the folders of the test are removed.
  afterEach(async () => {
    for (const run of runs) {
      const lease = await readLease(run).catch(() => undefined);
      // The trainer of an undisturbed run was this very process.
      if (lease === undefined || lease.pid === process.pid) continue;
      if (!isSameProcess(lease.pid, lease.processStarted)) continue;
      process.kill(lease.pid, 'SIGKILL');
      await until(() => !isSameProcess(lease.pid, lease.processStarted));
      await removeControlSocket(lease.socket);
    }
    runs.clear();
  });
  const temporary = temporaryFolders();
  const dataset = sharedMicroDataset();

  const newRun: TrainerRuns['newRun'] = async (steps, overrides = [], folder = temporary()) => {
    const rate = '{"schedule":"constant","initial":0.0001}';
    const stages = `stages=[{"name":"pixel","steps":${steps},"learningRate":${rate}},{"name":"adversarial","steps":3,"learningRate":${rate}}]`;
    const common = [stages, 'validation.every=50', 'checkpoints.every=10'];
    await makeMicroRun(folder, dataset(), [...common, ...overrides]);
    const run = join(folder, 'run');
    runs.add(run);
    return run;
  };
  return {
    temporary,
    dataset,
    newRun,
    watch: (run) => runs.add(run),
    assertSameAsUndisturbed: async (run, steps, overrides) => {
      assert.equal((await readRunStatus(run)).state, 'finished');
      const straight = await newRun(steps, overrides);
      await trainHere(straight);
      assert.deepEqual(courseOf(run), courseOf(straight));
      assert.ok((await finalStateOf(run)).equals(await finalStateOf(straight)));
    },
  };
}

/** The bytes of the newest checkpoint's tensors. */
export async function finalStateOf(run: string): Promise<Buffer> {
  const step = (await listCheckpoints(run)).at(-1)!;
  return readFileSync(join(checkpointFolder(run, step), 'state.safetensors'));
}
