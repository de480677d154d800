/**
 * Desktop VS Code starts our processes in Electron's Node.js, whose memory cage refuses array buffers that lie outside it. The native
 * engine must train without them: tried with a koffi that is no longer able to ask for one.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolders } from '../../support/temporary-folder';
import { realTensorFlow } from './support/real-tensorflow';

const run = promisify(execFile);
const project = join(__dirname, '..', '..', '..');

const SYMBOL = 'napi_create_external_arraybuffer';

/**
 * A script for `--require`: koffi's addon is loaded from a copy in which the name of that function is one that nobody defines. The
 * dynamic linker looks a function up when it is first called, and ends the process when it finds none.
 */
function withoutExternalBuffers(folder: string): string {
  const script = join(folder, 'preload.cjs');
  const original = join('linux_x64', 'koffi.node');
  const addon = join(project, 'node_modules', '@koromix', 'koffi-linux-x64', original);
  const bytes = readFileSync(addon);
  const at = bytes.indexOf(`\0${SYMBOL}\0`);
  assert.ok(at > 0, 'koffi asks for external array buffers in another way');
  bytes.write('X', at + SYMBOL.length);
  const copy = join(folder, 'koffi.node');
  writeFileSync(copy, bytes);
  writeFileSync(
    script,
    `const load = process.dlopen;
     process.dlopen = (module, file, ...flags) =>
       load(module, file.endsWith(${JSON.stringify(original)}) ? ${JSON.stringify(copy)} : file, ...flags);`,
  );
  return script;
}

describe('external array buffers', function () {
  this.timeout(120_000);
  const folder = temporaryFolders();

  const inChild = async (script: string, ...args: string[]): Promise<string> =>
    (
      await run(process.execPath, ['--expose-gc', '--require', script, '--import', 'tsx', ...args], {
        cwd: project,
      })
    ).stdout;

  it('are never asked for by a training on the native engine', async function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    const library = await realTensorFlow(this);
    const script = withoutExternalBuffers(folder());
    const training = join(project, 'test', 'unit', 'long-runs', 'support', 'long-run.ts');
    assert.match(await inChild(script, training, '20', library), /"digest"/);

    // The trap is a trap: who asks for one does not survive.
    const asking = `const koffi = require('koffi'); koffi.view(koffi.alloc('float', 4), 16); console.log('survived');`;
    await assert.rejects(inChild(script, '-e', asking), { code: 127 });
  });
});
