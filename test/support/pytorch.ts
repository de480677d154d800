/**
 * PyTorch, which tests and benches hold the engines against: found in what `SRGAN_LAB_TEST_PYTORCH` names (an interpreter
 * or an environment), or in the environment that `npm run bench -- set-up` makes inside the checkout.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Context } from 'mocha';

const run = promisify(execFile);
const project = join(__dirname, '..', '..');

/** The private environment, which git ignores. */
const environment = join(project, '.lab', 'pytorch');
/** Where the peers of the engines lie: the same networks and steps in PyTorch. */
export const peersFolder = join(project, 'test', 'peers', 'pytorch');

export interface PyTorch {
  readonly python: string;
  readonly version: string;
}

/** The PyTorch to use, or undefined where there is none. Throws where one is named that has none. */
export async function findPyTorch(): Promise<PyTorch | undefined> {
  const named = process.env['SRGAN_LAB_TEST_PYTORCH'] ?? '';
  if (named === '') return inspect(interpreterOf(environment));
  const found = await inspect(existsSync(named) && statSync(named).isFile() ? named : interpreterOf(named));
  if (found === undefined)
    throw new Error(`SRGAN_LAB_TEST_PYTORCH names ${named}, where there is no PyTorch.`);
  return found;
}

/** Makes the private environment and installs PyTorch from PyPI: a minute, about 5 GB with its CUDA packages. */
export async function setUpPyTorch(say: (message: string) => void): Promise<PyTorch> {
  const python = interpreterOf(environment);
  if (!existsSync(python)) {
    say('Making a Python environment in .lab/pytorch.');
    // A folder without an interpreter is what an interrupted set-up left.
    await rm(environment, { recursive: true, force: true });
    await runVisibly('python3', ['-m', 'venv', environment]);
  }
  say('Installing PyTorch from PyPI.');
  const quietly = ['--disable-pip-version-check', '--no-input', '--quiet', '--progress-bar', 'off'];
  await runVisibly(python, ['-m', 'pip', 'install', ...quietly, 'torch']);
  const found = await inspect(python);
  if (found === undefined) throw new Error(`PyTorch was installed, but ${python} does not find it.`);
  return found;
}

/** Skips the running test or hook, with the reason, where there is no PyTorch. */
export async function realPyTorch(test: Context): Promise<PyTorch> {
  const found = await findPyTorch();
  if (found !== undefined) return found;
  console.log('      (skipped: no PyTorch on this machine; npm run bench -- set-up installs one)');
  return test.skip();
}

function interpreterOf(folder: string): string {
  return process.platform === 'win32'
    ? join(folder, 'Scripts', 'python.exe')
    : join(folder, 'bin', 'python3');
}

/** Asks for the version without importing PyTorch, which takes seconds. */
async function inspect(python: string): Promise<PyTorch | undefined> {
  if (!existsSync(python)) return undefined;
  try {
    const question = 'from importlib.metadata import version; print(version("torch"))';
    const { stdout } = await run(python, ['-c', question]);
    return { python, version: stdout.trim() };
  } catch {
    // It runs, but has no such package.
    return undefined;
  }
}

function runVisibly(command: string, parameters: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${parameters.join(' ')} failed.`));
    });
  });
}
