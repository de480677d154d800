/**
 * Setting up the native engine: a private Python environment with TensorFlow in it. Each part is done only if it is missing, so
 * that a set-up that failed goes on where it was; pip keeps what it has downloaded.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { hasCode, LabError } from '../../../folders/lab-error';
import { findTensorFlow, interpreterOf, type FoundTensorFlow } from './find-tensorflow';
import { labEnvironmentFolder } from './lab-environment';
import { Interrupted, whileUnfinished, type Work } from './unfinished';

const GIGABYTE = 1e9;

export interface TensorFlowPackage {
  readonly requirement: string;
  /** Free space it needs while it is installed. */
  readonly bytes: number;
}

export const packages = {
  cpu: { requirement: 'tensorflow-cpu>=2.15,<2.22', bytes: 2.5 * GIGABYTE },
  cuda: { requirement: 'tensorflow[and-cuda]>=2.15,<2.22', bytes: 9 * GIGABYTE },
} satisfies Record<string, TensorFlowPackage>;

/** Whether this machine has an NVIDIA driver, which the CUDA build of TensorFlow needs. */
export function hasNvidiaDriver(): boolean {
  return existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl');
}

export interface SetUpOptions {
  /** Interpreter to make the environment with; `python3` by default. */
  readonly python?: string;
  /** Called with what is being done, one line. */
  readonly onProgress: (message: string) => void;
  readonly signal: AbortSignal;
}

/** What to tell for lines of Python’s and pip’s output that mean something to a person; the first that fits. */
const explanations: readonly (readonly [RegExp, string])[] = [
  [
    /No module named '?(ensurepip|venv)|ensurepip is not\s+available/,
    'This Python cannot make environments. Install its venv module (on Debian and Ubuntu: python3-venv).',
  ],
  [
    /No space left on device|Disk quota exceeded/,
    'The disk is full. Free some space and set up again; what was downloaded is kept.',
  ],
  // Before the next one, which pip says too when it could not ask.
  [
    /Temporary failure in name resolution|NewConnectionError|Failed to establish a new connection|Network is unreachable|ConnectTimeout|ReadTimeout|ProxyError|SSLError/,
    'The package index could not be reached. Check the network (and pip’s proxy settings) and set up again.',
  ],
  [
    /No matching distribution|from versions: none/,
    'The package index has no TensorFlow for this Python and this system. Python 3.10 to 3.13 on 64-bit Linux, macOS or Windows is needed.',
  ],
];

/**
 * Makes the environment and installs TensorFlow in it: the CUDA build where there is an NVIDIA driver, else the CPU build.
 * Resolves to what was found there afterwards. Throws a `LabError` that says what to do; an aborted set-up can be run again.
 */
export async function setUpNativeEngine(options: SetUpOptions): Promise<FoundTensorFlow> {
  const folder = labEnvironmentFolder();
  const wanted = hasNvidiaDriver() ? packages.cuda : packages.cpu;
  await mkdir(dirname(folder), { recursive: true });
  await requireSpace(dirname(folder), wanted.bytes);
  await whileUnfinished(folder, async (work) => {
    if (interpreterOf(folder) === undefined) await makeEnvironment(folder, options, work);
    const python = interpreterOf(folder);
    if (python === undefined)
      throw new LabError(`Python made no environment at ${folder}. Is that Python complete?`);
    const pip = [
      '-m',
      'pip',
      '--disable-pip-version-check',
      '--no-input',
      'install',
      '--progress-bar',
      'off',
    ];
    await runPython(python, [...pip, wanted.requirement], options, work);
  });
  const found = (await findTensorFlow()).find(({ source }) => source === 'lab');
  if (found?.library === undefined) {
    throw new LabError(`TensorFlow was installed at ${folder}, but cannot be used. ${found?.reason ?? ''}`);
  }
  return found;
}

/** The folder is either a whole environment afterwards or gone: a failed attempt leaves one without pip. */
async function makeEnvironment(folder: string, options: SetUpOptions, work: Work): Promise<void> {
  options.onProgress('Making a Python environment');
  await rm(folder, { recursive: true, force: true });
  try {
    await runPython(options.python ?? 'python3', ['-m', 'venv', folder], options, work);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const [needed, there] = [bytes, free].map((each) => (each / GIGABYTE).toFixed(1));
  throw new LabError(
    `TensorFlow needs ${needed} GB of free space at ${folder}; there are ${there} GB. Free some, or set SRGAN_LAB_HOME to another disk.`,
  );
}

/** Runs Python to its end, telling its steps. Aborting ends it and all it started. */
async function runPython(
  python: string,
  parameters: string[],
  { onProgress, signal }: SetUpOptions,
  work: Work,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(python, parameters, {
    // The system's temporary folder often is too small for TensorFlow.
    env: { ...process.env, TMPDIR: work.temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const lines: string[] = [];
  const read = (line: string): void => {
    lines.push(line);
    const step =
      /^\s*(Collecting|Downloading|Installing collected packages|Successfully installed)\b(.*)/.exec(line);
    if (step) onProgress(`${step[1] ?? ''}${(step[2] ?? '').slice(0, 80)}`);
  };
  createInterface({ input: child.stdout }).on('line', read);
  createInterface({ input: child.stderr }).on('line', read);
  const abort = (): void => {
    if (child.pid === undefined) return;
    try {
      if (process.platform === 'win32') child.kill();
      else process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It ended just now.
    }
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    const ended = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (...end) => {
        resolve(end);
      });
    });
    if (child.pid !== undefined) await work.helper(child.pid);
    const [code, death] = await ended;
    signal.throwIfAborted();
    if (death !== null) throw new Interrupted(`${python} was ended by ${death}. Set up again.`);
    if (code !== 0) throw new LabError(explain(python, lines));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      throw new LabError(
        `There is no ${python}. Install Python 3.10 to 3.13, or name an interpreter in the settings.`,
      );
    }
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function explain(python: string, lines: readonly string[]): string {
  const text = lines.join('\n');
  const known = explanations.find(([pattern]) => pattern.test(text));
  return known?.[1] ?? `${python} failed: ${lines.slice(-3).join(' ').trim() || 'it said nothing'}`;
}
