import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processStart } from '../../../src/folders/process-identity';
import { findTensorFlow } from '../../../src/training/engines/native/find-tensorflow';
import { setUpNativeEngine } from '../../../src/training/engines/native/set-up';
import { setEnvironment } from '../../support/environment';
import { onSmallDisk } from '../../support/small-disk';
import { temporaryFolders } from '../../support/temporary-folder';

/** An interpreter that is a shell script, to fail in the ways that real ones do. */
function interpreter(folder: string, script: string): string {
  const path = join(folder, 'python3');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('setting up the native engine', function () {
  const folder = temporaryFolders();
  const environment = setEnvironment();
  const environmentFolder = (): string => join(home, 'lab', 'python');
  let home: string;

  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    home = folder();
    environment({ SRGAN_LAB_HOME: join(home, 'lab') });
  });

  const setUp = (python: string, signal = new AbortController().signal) =>
    setUpNativeEngine({ python, signal, onProgress: () => undefined });

  it('says that there is no Python', async () => {
    await assert.rejects(setUp(join(home, 'none')), /There is no .*none\. Install Python 3\.10/);
  });

  it('says that Python lacks its venv module', async () => {
    const python = interpreter(home, 'echo "No module named venv" >&2; exit 1');
    await assert.rejects(setUp(python), /Install its venv module \(on Debian and Ubuntu: python3-venv\)/);
  });

  it('tells a network that cannot be reached, and goes on with the environment that was made', async () => {
    const pip = `mkdir -p "$3/bin"; printf '#!/bin/sh\\necho again >>${home}/calls; echo "Temporary failure in name resolution"; exit 1\\n' >"$3/bin/python3"; chmod +x "$3/bin/python3"`;
    const python = interpreter(home, `echo venv >>${home}/calls; ${pip}`);
    await assert.rejects(setUp(python), /package index could not be reached\. Check the network/);
    await assert.rejects(setUp(python), /package index could not be reached/);
    assert.deepEqual(readFileSync(join(home, 'calls'), 'utf8').trim().split('\n'), [
      'venv',
      'again',
      'again',
    ]);
  });

  it('is not told of a missing TensorFlow where the index could not be asked', async function () {
    this.timeout(60_000);
    const real = spawnSync('python3', ['-c', 'import venv, ensurepip']);
    if (real.status !== 0) this.skip();
    // Nobody listens on the port of a server that is gone.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    environment({
      PIP_INDEX_URL: `http://127.0.0.1:${port}/simple`,
      PIP_EXTRA_INDEX_URL: undefined,
      PIP_CONFIG_FILE: '/dev/null',
      PIP_RETRIES: '1',
      PIP_NO_INDEX: undefined,
    });
    await assert.rejects(setUp('python3'), /package index could not be reached\. Check the network/);
    assert.equal(existsSync(`${environmentFolder()}.unfinished`), false);
  });

  it('leaves nothing of an environment that Python could not finish', async () => {
    const python = interpreter(
      home,
      `mkdir -p "$3/bin"; ln -s /bin/false "$3/bin/python3"; echo "ensurepip is not available" >&2; exit 1`,
    );
    await assert.rejects(setUp(python), /python3-venv/);
    assert.equal(existsSync(environmentFolder()), false);
  });

  it('says that the disk is too small, before anything is downloaded', async function () {
    const disk = join(home, 'disk');
    mkdirSync(disk);
    await onSmallDisk(this, disk, async () => {
      environment({ SRGAN_LAB_HOME: join(disk, 'lab') });
      const python = interpreter(home, `touch ${home}/started; exit 1`);
      await assert.rejects(
        setUp(python),
        /TensorFlow needs \d\.\d GB of free space at .*; there are 0\.0 GB/,
      );
      assert.equal(existsSync(join(home, 'started')), false);
    });
  });

  it('says that the disk ran full meanwhile', async () => {
    const python = interpreter(home, 'echo "ERROR: [Errno 28] No space left on device"; exit 1');
    await assert.rejects(setUp(python), /The disk is full\. Free some space and set up again/);
  });

  describe('killed in the middle', () => {
    const main = join(__dirname, '..', '..', '..', 'src', 'cli', 'main.ts');

    /** Sets up in a process of its own, and kills it once Python's own process has told its pid in `home/pid`. */
    async function killedSetUp(python: string): Promise<number> {
      const args = ['--import', 'tsx', main, 'engine', 'setup', '--python', python];
      const child = spawn(process.execPath, args, { stdio: 'ignore' });
      const gone = once(child, 'exit');
      const told = join(home, 'pid');
      while (!existsSync(told) || readFileSync(told, 'utf8') === '') await delay(20);
      child.kill('SIGKILL');
      await gone;
      return Number(readFileSync(told, 'utf8'));
    }

    const lives = (pid: number): boolean => processStart(pid) !== undefined;

    it('begins with a new environment, and ends what was left running', async () => {
      const python = interpreter(
        home,
        `mkdir -p "$3/bin"; touch "$3/half"; printf '#!/bin/sh\n' >"$3/bin/python3"; chmod +x "$3/bin/python3"; printf $$ >${home}/pid; sleep 600`,
      );
      const left = await killedSetUp(python);
      assert.ok(lives(left), 'it goes on without us');
      assert.ok(existsSync(join(environmentFolder(), 'half')));
      const found = (await findTensorFlow()).find(({ source }) => source === 'lab');
      assert.match(found?.reason ?? '', /has not come to its end/);

      const whole = interpreter(
        home,
        `mkdir -p "$3/bin"; printf '#!/bin/sh\nexit 0\n' >"$3/bin/python3"; chmod +x "$3/bin/python3"`,
      );
      // It installs nothing, so there is no TensorFlow to be found; but it comes to its end.
      await assert.rejects(setUp(whole), /was installed at .*, but cannot be used/);
      assert.equal(lives(left), false);
      assert.equal(existsSync(join(environmentFolder(), 'half')), false);
      assert.equal(existsSync(`${environmentFolder()}.unfinished`), false);
    });

    it('is refused while another process sets up', async () => {
      const python = interpreter(home, `printf $$ >${home}/pid; exec sleep 600`);
      const abort = new AbortController();
      const first = setUp(python, abort.signal);
      while (!existsSync(join(home, 'pid'))) await delay(20);
      await assert.rejects(setUp(python), /is filling .* at this moment\. Wait for its end/);
      abort.abort();
      await assert.rejects(first, { name: 'AbortError' });
    });
  });

  it('ends what it started when it is cancelled', async () => {
    const python = interpreter(home, `sleep 30; touch ${home}/survived`);
    const abort = new AbortController();
    setTimeout(() => {
      abort.abort();
    }, 200);
    await assert.rejects(setUp(python, abort.signal), { name: 'AbortError' });
    assert.equal(existsSync(join(home, 'survived')), false);
  });
});
