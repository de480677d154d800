import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findTensorFlow, searchOptions } from '../../../src/training/engines/native/find-tensorflow';
import { missingInstructions, problemOfLibrary } from '../../../src/training/engines/native/library-file';
import { writeLibrary } from '../../support/elf-library';
import { temporaryFolders } from '../../support/temporary-folder';

const libraryName: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'libtensorflow_cc.so.2',
  darwin: 'libtensorflow_cc.2.dylib',
  win32: 'python/_pywrap_tensorflow_common.dll',
};

const frameworkOf = (folder: string): string => join(folder, 'libtensorflow_framework.so.2');

/** A site-packages folder as pip leaves it, without the library if `whole` is false. Returns the package's folder. */
function installed(root: string, version: string, whole = true): string {
  const folder = join(root, 'site-packages', 'tensorflow');
  const library = join(folder, libraryName[process.platform] ?? 'none');
  mkdirSync(dirname(library), { recursive: true });
  if (whole) {
    if (process.platform === 'linux') {
      const machine = process.arch === 'arm64' ? 'arm64' : 'x64';
      for (const part of [library, frameworkOf(folder)]) writeLibrary(part, 'illegal instruction', machine);
    } else writeFileSync(library, '');
  }
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
    // As TensorFlow 2.15 to 2.21 have it.
    writeFileSync(
      record,
      "build_info = collections.OrderedDict([('cpu_compiler', 'clang'), ('cuda_version', '12.5.1'), ('cudnn_version', '9'), ('is_cuda_build', True), ('is_rocm_build', False)])\n",
    );
    assert.equal((await fromSetting(place)).cuda, true);
    writeFileSync(record, "build_info = collections.OrderedDict([('is_cuda_build', False)])\n");
    assert.equal((await fromSetting(place)).cuda, false);
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

  describe('of which files are damaged', () => {
    before(function () {
      // Only Linux' libraries are looked at before they are loaded.
      if (process.platform !== 'linux') this.skip();
    });

    const here = process.arch === 'arm64' ? 'arm64' : 'x64';
    const reasonAfter = async (damage: (library: string, folder: string) => void): Promise<string> => {
      const place = installed(folder(), '2.21.0');
      damage(join(place, 'libtensorflow_cc.so.2'), place);
      const found = await fromSetting(place);
      assert.equal(found.library, undefined);
      assert.equal(found.version, '2.21.0');
      return found.reason;
    };

    it('refuses an empty library, one that is cut off and one that is something else', async () => {
      const empty = await reasonAfter((library) => {
        writeFileSync(library, '');
      });
      assert.match(
        empty,
        /libtensorflow_cc\.so\.2 is empty: TensorFlow is half installed\. Install it again\./,
      );
      const cut = await reasonAfter((library) => {
        const bytes = readFileSync(library);
        bytes.writeBigUInt64LE(788_000_000n, 40);
        bytes.writeUInt16LE(34, 60);
        writeFileSync(library, bytes);
      });
      assert.match(cut, /is cut off \(0 of 788 MB\): TensorFlow is half installed/);
      const text = await reasonAfter((library) => {
        writeFileSync(library, '<html>Not found</html>');
      });
      assert.match(text, /is not a library of this system, or it is damaged/);
    });

    it('refuses one without its second library, or with half of it', async () => {
      const without = await reasonAfter((_, place) => {
        rmSync(frameworkOf(place));
      });
      assert.match(without, /libtensorflow_framework\.so\.2 is missing: TensorFlow is half installed/);
      const half = await reasonAfter((_, place) => {
        writeFileSync(frameworkOf(place), '');
      });
      assert.match(half, /libtensorflow_framework\.so\.2 is empty/);
    });

    it('refuses one that was built for other processors', async () => {
      const other = here === 'x64' ? 'arm64' : 'x64';
      const reason = await reasonAfter((library) => {
        writeLibrary(library, 'illegal instruction', other);
      });
      assert.match(reason, /another kind of processor \((64-bit ARM|x86-64)\); this Node\.js runs on/);
    });

    it('takes the real one', async () => {
      assert.equal(await problemOfLibrary(process.execPath), undefined);
    });

    it('says that tfjs-node’s download is too old', async () => {
      const place = folder();
      writeLibrary(join(place, 'libtensorflow.so.2.9.1'), 'illegal instruction', here);
      symlinkSync('libtensorflow.so.2.9.1', join(place, 'libtensorflow.so.2'));
      const found = await fromSetting(place);
      assert.equal(found.library, undefined);
      assert.match(found.reason, /2\.9\.1 is too old; 2\.15 or newer is needed/);
    });

    it('says that a set-up was interrupted', async () => {
      const home = folder();
      const before = process.env['SRGAN_LAB_HOME'];
      process.env['SRGAN_LAB_HOME'] = home;
      try {
        mkdirSync(join(home, 'python.unfinished'));
        const found = (await findTensorFlow()).find(({ source }) => source === 'lab');
        assert.match(found?.reason ?? '', /has not come to its end\. Set it up again/);
      } finally {
        if (before === undefined) delete process.env['SRGAN_LAB_HOME'];
        else process.env['SRGAN_LAB_HOME'] = before;
      }
    });
  });

  it('knows from what Linux says of a processor whether it lacks AVX', () => {
    const processor = (flags: string): string => `processor\t: 0\nflags\t\t: ${flags}\nbugs\t\t:\n`;
    assert.deepEqual(missingInstructions(processor('fpu sse4_2 avx avx2')), []);
    assert.deepEqual(missingInstructions(processor('fpu sse4_2 aes')), ['avx']);
    assert.deepEqual(missingInstructions('processor\t: 0\nFeatures\t: fp asimd\n'), []);
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
