/**
 * `node scripts/bootstrap.mjs prepare-versions node-24 tensorflow-2.15 …`: versions of Node.js and TensorFlow for the tests in
 * test/unit/versions, which skip those that are not there. Kept in .lab/versions; what is there is not fetched again.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runToEnd } from './lib/child';
import { npm } from './lib/npm';
import { messageOf, say } from './lib/project';
import { preparedFolder, versionsFolder } from '../test/support/versions';

/** The packages of npm with nothing but a Node.js for this system. */
function nodePackage(): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return `node-${platform}-${process.arch}`;
}

async function fetchNode(version: string, folder: string): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  await npm(['install', `${nodePackage()}@${version}`], folder);
}

/**
 * TensorFlow's package alone, unpacked and not installed: the lab needs its library only. As for Python 3.11, for which every
 * version that the lab takes was made.
 */
async function fetchTensorFlow(version: string, folder: string): Promise<void> {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
  const only = ['--target', folder, '--no-deps', '--only-binary=:all:', '--python-version', '3.11'];
  const args = [...pip, ...only, `tensorflow-cpu==${version}.*`];
  await runToEnd('python3', args, { output: 'silent' }, `pip install tensorflow-cpu ${version}`);
}

const fetchers: Readonly<Record<string, (version: string, folder: string) => Promise<void>>> = {
  node: fetchNode,
  tensorflow: fetchTensorFlow,
};

async function prepare(name: string): Promise<void> {
  const [, program = '', version = ''] = /^([a-z]+)-(\d+(?:\.\d+)*)$/.exec(name) ?? [];
  const fetch = fetchers[program];
  if (fetch === undefined) {
    throw new Error(`“${name}” is not a version: name them like node-24 or tensorflow-2.15.`);
  }
  const folder = preparedFolder(name);
  if (existsSync(folder)) return;
  say(`Fetching ${name} …`);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await fetch(version, partial);
  await rename(partial, folder);
}

/** Prepares each; one that cannot be had does not stand in the way of the others, and is told in the end. */
export async function main(names: string[]): Promise<void> {
  await mkdir(versionsFolder, { recursive: true });
  const problems: string[] = [];
  for (const name of names) {
    try {
      await prepare(name);
    } catch (error) {
      problems.push(`${name}: ${messageOf(error)}`);
    }
  }
  if (problems.length > 0) throw new Error(`These versions could not be had:\n${problems.join('\n')}`);
}
