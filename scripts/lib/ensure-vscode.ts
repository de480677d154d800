/**
 * A real VS Code from the npm registry alone: code-server ships the whole VS Code server and workbench, the package
 * `node` the Node.js that it wants, and on Linux a Chromium comes along for the tests. Installed once, below
 * .vscode-test, compiled from nothing: install scripts never run.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { runToEnd } from './child';
import { npm } from './npm';
import { inProject, messageOf, say } from './project';

const folder = inProject('.vscode-test', 'vscode');
const modules = join(folder, 'node_modules');
const stamp = join(folder, '.installed.json');

const CODE_SERVER = 'code-server@4.139.1';
const NODE = 'node@24.21.0';
const CHROMIUM = '@sparticuz/chromium@147.0.0';

/** Chromium from npm is built for Linux on x64 only; elsewhere an installed browser is used. */
export const hasPackagedChromium = process.platform === 'linux' && process.arch === 'x64';

export interface VscodeInstallation {
  /** The Node.js that runs the server. */
  node: string;
  /** The server's entry point. */
  server: string;
  /** Folder whose node_modules has `@sparticuz/chromium`, where that exists. */
  folder: string;
}

const installation: VscodeInstallation = {
  node: join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
  server: join(modules, 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  folder,
};

/** A part of the installation; done parts are not done again after an interruption. */
interface Part {
  name: string;
  run: () => Promise<void>;
}

const parts: Part[] = [
  {
    name: `packages: ${CODE_SERVER}, ${NODE}${hasPackagedChromium ? `, ${CHROMIUM}` : ''}`,
    async run() {
      await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
      await npm(['install', CODE_SERVER, NODE, ...(hasPackagedChromium ? [CHROMIUM] : [])], folder);
    },
  },
  {
    name: 'Node.js 24 for the server',
    async run() {
      const cwd = join(modules, 'node');
      await runToEnd(process.execPath, ['installArchSpecificPackage.js'], { cwd, output: 'silent' });
    },
  },
  { name: 'the server’s packages', run: () => installInside('.') },
  { name: 'the packages of the built-in extensions', run: () => installInside('extensions') },
];

async function installInside(place: string): Promise<void> {
  const path = `${dirname(installation.node)}${delimiter}${process.env['PATH'] ?? ''}`;
  await npm(['install', '--omit=dev'], join(modules, 'code-server', 'lib', 'vscode', place), path);
}

const wanted = parts.map((part) => part.name);

async function doneParts(): Promise<string[]> {
  try {
    const done: unknown = JSON.parse(await readFile(stamp, 'utf8'));
    return Array.isArray(done) ? done.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

/**
 * Installs VS Code if it is not there. Parts are recorded as they finish, so that an interrupted installation goes on
 * where it was. Throws with what to do when npm fails.
 */
export async function ensureVscode(): Promise<VscodeInstallation> {
  let done = await doneParts();
  // A list that starts otherwise is that of another version: begin again.
  if (!done.every((name, i) => name === wanted[i]) || !existsSync(installation.server)) done = [];
  if (done.length === parts.length && existsSync(installation.node)) return installation;
  if (done.length === 0) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  say('Installing VS Code (code-server, about 900 MB, once) into .vscode-test …');
  for (const part of parts.slice(done.length)) {
    say(`  ${part.name}`);
    try {
      await part.run();
    } catch (error) {
      throw new Error(
        `VS Code could not be installed: ${messageOf(error)}\nThe npm registry must be reachable and the disk needs 1 GB. Run the command again: it goes on where it stopped.`,
        { cause: error },
      );
    }
    done.push(part.name);
    await writeFile(stamp, JSON.stringify(done, null, 2));
  }
  return installation;
}
