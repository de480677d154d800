/**
 * Which TensorFlow there is on this machine, in the order in which the lab prefers them, each with the reason why it can be
 * used or not. Finding does not load anything: Python only tells where its package lies.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { hasCode, messageOf } from '../../../folders/lab-error';
import { labEnvironmentFolder } from './lab-environment';
import { missingInstructions, problemOfLibrary } from './library-file';
import { isUnfinished } from './unfinished';
import { problemOfVersion } from './version';

const run = promisify(execFile);

export type TensorFlowSource = 'setting' | 'editor' | 'lab' | 'path' | 'tfjs-node';

export interface FoundTensorFlow {
  readonly source: TensorFlowSource;
  /** What was looked at: an interpreter, a folder or a library. */
  readonly place: string;
  /** The library to load, where there is one that fits. */
  readonly library: string | undefined;
  readonly version: string | undefined;
  /** Whether the package was built for NVIDIA GPUs. */
  readonly cuda: boolean;
  /** One sentence: why it can be used, or why not and what to do. */
  readonly reason: string;
}

export interface SearchOptions {
  /** A path that the person chose: an interpreter, an environment, TensorFlow's package folder, or the library. */
  readonly setting?: string | undefined;
  /** The interpreter chosen in the editor. */
  readonly editorPython?: string | undefined;
}

/**
 * What the person told, as the extension and the command line pass it on: `SRGAN_LAB_TENSORFLOW` is the setting,
 * `SRGAN_LAB_PYTHON` the interpreter chosen in the editor.
 */
export function searchOptions(environment: NodeJS.ProcessEnv = process.env): SearchOptions {
  const told = (name: string): string | undefined =>
    environment[name] === '' ? undefined : environment[name];
  return { setting: told('SRGAN_LAB_TENSORFLOW'), editorPython: told('SRGAN_LAB_PYTHON') };
}

const libraryNames: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['libtensorflow_cc.so.2', 'libtensorflow.so.2'],
  darwin: ['libtensorflow_cc.2.dylib', 'libtensorflow.2.dylib'],
  win32: ['python/_pywrap_tensorflow_common.dll', 'tensorflow.dll'],
};

/** All candidates, best first. Never throws: what cannot be used says why. */
export async function findTensorFlow(options: SearchOptions = {}): Promise<FoundTensorFlow[]> {
  const searches: Promise<FoundTensorFlow | undefined>[] = [
    options.setting === undefined ? Promise.resolve(undefined) : fromSetting(options.setting),
    options.editorPython === undefined
      ? Promise.resolve(undefined)
      : fromPython('editor', options.editorPython),
    fromLabEnvironment(labEnvironmentFolder()),
    fromPython('path', process.platform === 'win32' ? 'python' : 'python3'),
    fromTfjsNode(),
  ];
  return (await Promise.all(searches)).filter((found) => found !== undefined);
}

/** The interpreter of a virtual environment, if the folder is one. */
export function interpreterOf(environment: string): string | undefined {
  const candidates = [join(environment, 'bin', 'python3'), join(environment, 'Scripts', 'python.exe')];
  return candidates.find((path) => existsSync(path));
}

const isLibrary = (path: string): boolean => /\.(so(\.\d+)*|dylib|dll)$/.test(path);

async function fromSetting(place: string): Promise<FoundTensorFlow> {
  const nothing = { source: 'setting' as const, place, library: undefined, version: undefined, cuda: false };
  try {
    if ((await stat(place)).isDirectory()) {
      const python = interpreterOf(place);
      return python === undefined
        ? await fromPackage('setting', place, place)
        : await fromPython('setting', python);
    }
  } catch {
    return { ...nothing, reason: `There is nothing at ${place}. Correct the setting.` };
  }
  if (isLibrary(place)) return fromLibrary('setting', place, place);
  return fromPython('setting', place);
}

async function fromLabEnvironment(folder: string): Promise<FoundTensorFlow | undefined> {
  if (isUnfinished(folder)) {
    const reason = `The set-up of the native engine at ${folder} has not come to its end. Set it up again: srgan-lab engine setup.`;
    return { source: 'lab', place: folder, library: undefined, version: undefined, cuda: false, reason };
  }
  const python = interpreterOf(folder);
  return python === undefined ? undefined : fromPython('lab', python);
}

/** Asks an interpreter where its TensorFlow lies and which version it is, without importing it. */
async function fromPython(source: TensorFlowSource, python: string): Promise<FoundTensorFlow> {
  const nothing = { source, place: python, library: undefined, version: undefined, cuda: false };
  const question = [
    'import importlib.util as u',
    'spec = u.find_spec("tensorflow")',
    'print(spec.origin if spec and spec.origin else "")',
  ].join('\n');
  try {
    const { stdout } = await run(python, ['-c', question], { timeout: 20_000 });
    const origin = stdout.trim();
    if (origin === '')
      return { ...nothing, reason: `${python} has no TensorFlow. Install it there: pip install tensorflow.` };
    return await fromPackage(source, python, dirname(origin));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { ...nothing, reason: `There is no ${python}.` };
    return { ...nothing, reason: `${python} could not be asked: ${messageOf(error).split('\n')[0] ?? ''}` };
  }
}

/** A TensorFlow package folder: `site-packages/tensorflow`. */
async function fromPackage(
  source: TensorFlowSource,
  place: string,
  folder: string,
): Promise<FoundTensorFlow> {
  const library = (libraryNames[process.platform] ?? [])
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
  const version = packageVersion(folder);
  const cuda = await isCudaBuild(folder);
  if (library !== undefined) return fromLibrary(source, place, library, { version, cuda });
  const reason = `The TensorFlow at ${folder} has no library for this system: it is half installed or of another kind. Install it again.`;
  return { source, place, version, cuda, library, reason };
}

interface Known {
  readonly version?: string | undefined;
  readonly cuda?: boolean;
}

/** A library file, looked at but not loaded. `known` is what its package says of it. */
async function fromLibrary(
  source: TensorFlowSource,
  place: string,
  library: string,
  known: Known = {},
): Promise<FoundTensorFlow> {
  const version = known.version ?? (await libraryVersion(library));
  const found = { source, place, version, cuda: known.cuda ?? false };
  const problem =
    (version === undefined ? undefined : problemOfVersion(version)) ??
    (await problemOfLibrary(library)) ??
    (await problemOfFramework(library)) ??
    (known.version === undefined ? undefined : await problemOfProcessor(known.version));
  if (problem !== undefined) return { ...found, library: undefined, reason: problem };
  return { ...found, library, reason: `TensorFlow ${version ?? '(version unknown)'} of ${place}.` };
}

/** Half of TensorFlow lies in a second library, which the first one loads. */
async function problemOfFramework(library: string): Promise<string | undefined> {
  if (basename(library) !== 'libtensorflow_cc.so.2') return undefined;
  return problemOfLibrary(join(dirname(library), 'libtensorflow_framework.so.2'));
}

/** Only of packages as PyPI has them: who built a TensorFlow for himself may have built it for this processor. */
async function problemOfProcessor(version: string): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const missing = missingInstructions(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''));
  if (missing.length === 0) return undefined;
  return `TensorFlow ${version} needs a processor with ${missing.join(', ').toUpperCase()}, which this one lacks. Use the embedded engine.`;
}

/** The version as the package's metadata folder beside it is named, e.g. `tensorflow_cpu-2.21.0.dist-info`. */
function packageVersion(folder: string): string | undefined {
  const names = readdirSync(dirname(folder));
  const match = names
    .map((name) => /^tensorflow(?:_cpu|_intel|_macos)?-(\d+\.\d+\.\d+)[^-]*\.dist-info$/.exec(name))
    .find((each) => each !== null);
  return match?.[1];
}

/** The version as the file that a library's links lead to is named, e.g. `libtensorflow.so.2.9.1`. */
async function libraryVersion(library: string): Promise<string | undefined> {
  const file = await realpath(library).catch(() => library);
  return /\.so\.(\d+\.\d+\.\d+)$/.exec(file)?.[1];
}

/** Python's build record of the package says whether it is a CUDA build. */
async function isCudaBuild(folder: string): Promise<boolean> {
  try {
    const text = await readFile(join(folder, 'python', 'platform', 'build_info.py'), 'utf8');
    return /'is_cuda_build',\s*True/.test(text);
  } catch {
    return false;
  }
}

/**
 * The library that `@tensorflow/tfjs-node` or `-gpu` downloads when its install script runs, if a project here has one. Their
 * newest release has TensorFlow 2.9, so what is found says that it is too old.
 */
async function fromTfjsNode(): Promise<FoundTensorFlow | undefined> {
  for (const name of ['tfjs-node-gpu', 'tfjs-node']) {
    const folder = join(process.cwd(), 'node_modules', '@tensorflow', name, 'deps', 'lib');
    if (!existsSync(folder)) continue;
    return fromPackage('tfjs-node', folder, folder);
  }
  return undefined;
}
