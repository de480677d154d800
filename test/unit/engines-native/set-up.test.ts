import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setUpNativeEngine } from '../../../src/training/engines/native/set-up';
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
  let home: string;
  let before: string | undefined;

  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    home = folder();
    before = process.env['SRGAN_LAB_HOME'];
    process.env['SRGAN_LAB_HOME'] = join(home, 'lab');
  });
  afterEach(() => {
    if (before === undefined) delete process.env['SRGAN_LAB_HOME'];
    else process.env['SRGAN_LAB_HOME'] = before;
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
