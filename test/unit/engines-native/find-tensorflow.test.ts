import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findTensorFlow, searchOptions } from '../../../src/training/engines/native/find-tensorflow';
import { temporaryFolders } from '../../support/temporary-folder';

const libraryName: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'libtensorflow_cc.so.2',
  darwin: 'libtensorflow_cc.2.dylib',
  win32: 'python/_pywrap_tensorflow_common.dll',
};

/** A site-packages folder as pip leaves it, without the library if `whole` is false. Returns the package's folder. */
function installed(root: string, version: string, whole = true): string {
  const folder = join(root, 'site-packages', 'tensorflow');
  const library = join(folder, libraryName[process.platform] ?? 'none');
  mkdirSync(dirname(library), { recursive: true });
  if (whole) writeFileSync(library, '');
  mkdirSync(join(root, 'site-packages', `tensorflow_cpu-${version}.dist-info`));
  return folder;
}

async function fromSetting(setting: string) {
  const found = (await findTensorFlow({ setting })).find(({ source }) => source === 'setting');
  assert.ok(found);
  return found;
}

describe('finding TensorFlow', () => {
  const folder = temporaryFolders();

  it('takes a package folder that the setting names', async () => {
    const found = await fromSetting(installed(folder(), '2.21.0'));
    assert.equal(found.version, '2.21.0');
    assert.equal(found.cuda, false);
    assert.ok(found.library?.endsWith(libraryName[process.platform]!));
  });

  it('knows a CUDA build by Python’s record of it', async () => {
    const place = installed(folder(), '2.20.0');
    const record = join(place, 'python', 'platform', 'build_info.py');
    mkdirSync(dirname(record), { recursive: true });
    writeFileSync(
      record,
      "build_info = collections.OrderedDict({'is_cuda_build': True, 'cuda_version': '12'})\n",
    );
    assert.equal((await fromSetting(place)).cuda, true);
  });

  it('refuses one that is too old, and says what to do', async () => {
    const found = await fromSetting(installed(folder(), '2.9.1'));
    assert.equal(found.library, undefined);
    assert.match(found.reason, /2\.9\.1 is too old; 2\.15 or newer is needed\. Update it/);
  });

  it('refuses one that is half installed', async () => {
    const found = await fromSetting(installed(folder(), '2.21.0', false));
    assert.equal(found.library, undefined);
    assert.match(found.reason, /half installed/);
  });

  it('says that a place does not exist, and that an interpreter has no TensorFlow or fails', async function () {
    if (process.platform === 'win32') this.skip();
    const root = folder();
    assert.match(
      (await fromSetting(join(root, 'none'))).reason,
      /There is nothing at .*none\. Correct the setting/,
    );
    const python = join(root, 'python');
    writeFileSync(python, '#!/bin/sh\necho\n');
    chmodSync(python, 0o755);
    assert.match((await fromSetting(python)).reason, /has no TensorFlow\. Install it there/);
    writeFileSync(python, '#!/bin/sh\nexit 3\n');
    assert.match((await fromSetting(python)).reason, /could not be asked/);
  });

  it('asks an environment’s own interpreter, and prefers the setting to the editor’s', async function () {
    if (process.platform === 'win32') this.skip();
    const root = folder();
    const place = installed(root, '2.19.0');
    const python = join(root, 'environment', 'bin', 'python3');
    mkdirSync(dirname(python), { recursive: true });
    writeFileSync(python, `#!/bin/sh\necho '${join(place, '__init__.py')}'\n`);
    chmodSync(python, 0o755);
    const found = await findTensorFlow({ setting: join(root, 'environment'), editorPython: python });
    assert.deepEqual(
      found.slice(0, 2).map(({ source, version }) => [source, version]),
      [
        ['setting', '2.19.0'],
        ['editor', '2.19.0'],
      ],
    );
  });

  it('reads what the extension passes on', () => {
    const environment = { SRGAN_LAB_TENSORFLOW: '/a', SRGAN_LAB_PYTHON: '' };
    assert.deepEqual(searchOptions(environment), { setting: '/a', editorPython: undefined });
  });
});
