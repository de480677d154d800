/**
 * `node scripts/bootstrap.mjs prepare-consumers`: the frameworks that exported models are for, for the tests in
 * test/unit/consumers, which skip those that are not there. Kept in .lab/consumers (3.5 GB); what is there is not
 * fetched again. PyTorch is shared with the benches' environment where that has one: it is 5 GB.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  consumersFolder,
  keras2Environment,
  npmFolder,
  pythonEnvironment,
  pythonOf,
} from '../test/support/consumers';
import { findPyTorch } from '../test/support/pytorch';
import { runToEnd } from './lib/child';
import { npm } from './lib/npm';
import { messageOf, say } from './lib/project';

const pythonPackages = ['tensorflow-cpu', 'keras', 'h5py', 'onnx', 'onnxruntime', 'safetensors', 'pillow'];
const npmPackages = ['onnxruntime-node@1', 'upscaler@1', '@tensorflow/tfjs@4'];

const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];

async function preparePython(): Promise<void> {
  const python = pythonOf(pythonEnvironment);
  const done = join(pythonEnvironment, 'prepared.txt');
  if (existsSync(done)) return;
  say('Fetching Keras, ONNX Runtime and PyTorch for Python …');
  await rm(pythonEnvironment, { recursive: true, force: true });
  await runToEnd('python3', ['-m', 'venv', pythonEnvironment], { output: 'silent' }, 'python3 -m venv');
  const torch = await findPyTorch();
  const packages = [...pythonPackages, ...(torch === undefined ? ['torch'] : [])];
  await runToEnd(python, [...pip, ...packages], { output: 'silent' }, `pip install ${packages.join(' ')}`);
  if (torch !== undefined) await lend(torch.python, python);
  await writeFile(done, `${packages.join(' ')}\n`);
}

/** Keras 2 came with TensorFlow until 2.15, which was made for Python 3.9 to 3.11. */
const keras2Packages = ['tensorflow-cpu==2.15.*', 'pillow'];
const keras2Pythons = ['3.11', '3.10', '3.9'];

async function prepareKeras2(): Promise<void> {
  const done = join(keras2Environment, 'prepared.txt');
  if (existsSync(done)) return;
  const python = await findPython(keras2Pythons);
  if (python === undefined) {
    say(`Keras 2 is left out: it needs Python ${keras2Pythons.join(', ')}, and there is none of these.`);
    return;
  }
  say('Fetching Keras 2 …');
  await rm(keras2Environment, { recursive: true, force: true });
  await runToEnd(python, ['-m', 'venv', keras2Environment], { output: 'silent' }, `${python} -m venv`);
  const install = [...pip, ...keras2Packages];
  await runToEnd(
    pythonOf(keras2Environment),
    install,
    { output: 'silent' },
    'pip install tensorflow-cpu 2.15',
  );
  await writeFile(done, `${keras2Packages.join(' ')}\n`);
}

/** The first interpreter on the path that is of one of these versions and works. */
async function findPython(versions: readonly string[]): Promise<string | undefined> {
  for (const python of ['python3', ...versions.map((version) => `python${version}`)]) {
    try {
      const version = await answerOf(python, 'import sys; print("%d.%d" % sys.version_info[:2])');
      if (versions.includes(version)) return python;
    } catch {
      // Not there, or a launcher without its interpreter: the next one may be.
    }
  }
  return undefined;
}

/** Lets `borrower` import what `lender` has, after its own packages. */
async function lend(lender: string, borrower: string): Promise<void> {
  const question = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  const [from, to] = [await answerOf(lender, question), await answerOf(borrower, question)];
  await writeFile(join(to, 'pytorch.pth'), `${from}\n`);
}

async function answerOf(python: string, question: string): Promise<string> {
  return (await runToEnd(python, ['-c', question], { output: 'silent' }, 'python')).trim();
}

async function prepareNpm(): Promise<void> {
  const manifest = join(npmFolder, 'package.json');
  const text = JSON.stringify({ private: true, wanted: npmPackages });
  if (existsSync(manifest) && (await readFile(manifest, 'utf8')).includes(JSON.stringify(npmPackages)))
    return;
  say('Fetching ONNX Runtime, TensorFlow.js and UpscalerJS from npm …');
  const partial = `${npmFolder}.partial`;
  for (const folder of [partial, npmFolder]) await rm(folder, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await writeFile(join(partial, 'package.json'), text);
  await npm(['install', ...npmPackages], partial);
  await rename(partial, npmFolder);
}

/** Prepares each; one that cannot be had does not stand in the way of the others, and is told in the end. */
export async function main(): Promise<void> {
  await mkdir(consumersFolder, { recursive: true });
  const problems: string[] = [];
  for (const prepare of [preparePython, prepareKeras2, prepareNpm]) {
    try {
      await prepare();
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  if (problems.length > 0) throw new Error(`Not all consumers could be had:\n${problems.join('\n')}`);
}
