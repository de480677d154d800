/** The process behind the live preview: started by the first request, ended with the last page, and no request hangs. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { writePng } from '../../../src/datasets/images';
import { SampleServer } from '../../../src/extension/pages/sample-server';
import { bundlePath } from '../../../src/folders/installation';
import { LabError } from '../../../src/folders/lab-error';
import { createImage } from '../../../src/imaging/image';
import type { SampleRequest } from '../../../src/protocol/dataset-sample';
import { temporaryFolders } from '../../support/temporary-folder';

const degradation = { kernel: 'bicubic', convention: 'double', antialias: true } as const;

describe('SampleServer', function () {
  this.timeout(60_000);
  const temporaryFolder = temporaryFolders();
  async function request(): Promise<Omit<SampleRequest, 'id'>> {
    const image = join(temporaryFolder(), 'hr.png');
    await writePng(image, createImage(32, 32));
    const crop = { left: 0, top: 0, width: 32, height: 32 };
    return { image, sha256: 'ab'.repeat(32), scale: 4, degradation, crop };
  }
  const warnings: string[] = [];
  const log = { info: () => undefined, warn: (message: string) => warnings.push(message) };

  it('draws, says what went wrong, and starts again after it was stopped', async () => {
    const server = new SampleServer(bundlePath('cli.js'), log);
    const wish = await request();
    const first = server.use();
    const second = server.use();
    const sample = await server.draw(wish);
    assert.deepEqual([sample?.width, sample?.height], [32, 32]);
    await assert.rejects(server.draw({ ...wish, image: `${wish.image}.gone` }), (error) => {
      assert.ok(error instanceof LabError && error.message.includes('does not exist'), String(error));
      return true;
    });
    first.dispose();
    first.dispose();
    assert.notEqual(await server.draw(wish), null, 'another page still uses it');
    const late = server.draw(wish);
    second.dispose();
    // Drawn just in time, or given up: it does not hang, and it is no error.
    await late;
    const third = server.use();
    assert.notEqual(await server.draw(wish), null);
    third.dispose();
    assert.deepEqual(warnings, []);
  });

  it('rejects what it was asked when its process cannot run', async () => {
    const server = new SampleServer(join(temporaryFolder(), 'no-such-script.js'), {
      info: () => undefined,
      warn: () => undefined,
    });
    const use = server.use();
    await assert.rejects(server.draw(await request()), /ended by itself/);
    use.dispose();
  });
});
