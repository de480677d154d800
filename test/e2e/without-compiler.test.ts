/**
 * The installed package trains natively on a machine that can compile nothing: it is installed by VS Code itself, and what is run
 * from there, on VS Code's own Node.js, sees a path without compilers, make, node-gyp and Python.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { ensureVscode } from '../../scripts/lib/ensure-vscode';
import { installExtension } from '../../scripts/lib/vscode-server';
import { makePackage } from '../../scripts/package';
import { readLease } from '../../src/folders/lease-file';
import { readModelCard } from '../../src/folders/marker-files';
import type { EngineReport } from '../../src/protocol/engine-report';
import { makeMicroRun, sharedMicroDataset } from '../support/micro-run';
import { realTensorFlow } from '../unit/engines-native/support/real-tensorflow';

const execute = promisify(execFile);

const hidden = [
  'g++',
  'gcc',
  'cc',
  'c++',
  'clang',
  'ld',
  'make',
  'cmake',
  'node-gyp',
  'npm',
  'python3-config',
  'python3',
];
/** What a shell script of a Python environment may want. */
const visible = ['sh', 'env', 'uname'];

describe('The installed package on a machine without a compiler', function () {
  this.timeout(300_000);
  const dataset = sharedMicroDataset();
  let folder = '';
  let node: string;
  let cli: string;
  let environment: NodeJS.ProcessEnv;

  before(async function () {
    if (process.platform === 'win32') this.skip();
    const library = await realTensorFlow(this);
    folder = mkdtempSync(join(tmpdir(), 'srgan-lab-no-compiler-'));
    const { file } = await makePackage(join(folder, 'srgan-lab.vsix'));
    const vscode = await ensureVscode();
    node = vscode.node;
    const extensionsFolder = join(folder, 'extensions');
    await installExtension(vscode, file, { dataFolder: join(folder, 'data'), extensionsFolder });
    const [installed] = readdirSync(extensionsFolder).filter((name) => name.includes('srgan-lab'));
    assert.ok(installed, 'VS Code installed nothing');
    cli = join(extensionsFolder, installed, 'dist', 'cli.js');

    const path = join(folder, 'bin');
    mkdirSync(path);
    for (const name of visible) {
      const program = ['/usr/bin', '/bin'].map((place) => join(place, name)).find((each) => existsSync(each));
      if (program !== undefined) symlinkSync(program, join(path, name));
    }
    environment = {
      PATH: path,
      HOME: join(folder, 'home'),
      TMPDIR: tmpdir(),
      SRGAN_LAB_HOME: join(folder, 'lab'),
      SRGAN_LAB_TENSORFLOW: library,
    };
  });
  after(() => {
    // Nothing was made where the tests were skipped.
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  });

  const lab = async (...args: string[]): Promise<string> => {
    const { stdout } = await execute(node, [cli, ...args], { env: environment });
    return stdout;
  };

  it('there is none', async () => {
    for (const program of hidden) {
      await assert.rejects(
        execute(program, ['--version'], { env: environment }),
        { code: 'ENOENT' },
        program,
      );
    }
  });

  it('finds TensorFlow', async () => {
    const { engines } = JSON.parse(await lab('engine', 'list', '--json')) as { engines: EngineReport[] };
    const native = engines.find(({ name }) => name === 'native');
    assert.equal(native?.usable, true, native?.reason);
  });

  it('trains on it to the end', async () => {
    await makeMicroRun(folder, dataset(), ['engine="native"']);
    const run = join(folder, 'run');
    const trained = JSON.parse(await lab('train', run, '--json', '--progress', 'none')) as { phase: string };
    assert.equal(trained.phase, 'finished');
    assert.equal((await readLease(run))?.engine, 'native');
    assert.equal((await readModelCard(join(run, 'model'))).steps, 12);
  });
});
