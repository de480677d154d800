/** The previews' end of their process: answers find who asked, an enlargement is heard to its end, and nothing hangs. */
import assert from 'node:assert/strict';
import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { FirstLook } from '../../../src/extension/pages/first-look';
import { PictureServer } from '../../../src/extension/pages/picture-server';
import { bundlePath } from '../../../src/folders/installation';
import { LabError } from '../../../src/folders/lab-error';
import type { PreviewAnswer } from '../../../src/protocol/preview';
import { png } from '../../support/image-files';
import { temporaryFolders } from '../../support/temporary-folder';

describe('PictureServer', function () {
  this.timeout(60_000);
  const temporaryFolder = temporaryFolders();
  const warnings: string[] = [];
  const log = { info: () => undefined, warn: (message: string) => warnings.push(message) };
  const facts = (answer: PreviewAnswer) => ('facts' in answer ? answer.facts : undefined);

  it('describes, enlarges to the end, and starts again after it was ended', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'picture.png');
    writeFileSync(path, await png(20, 10));
    const server = new PictureServer({ script: bundlePath('cli.js'), log });
    const use = server.use();
    assert.equal((await server.ask({ do: 'describe', path }, facts))?.width, 20);
    await assert.rejects(server.ask({ do: 'describe', path: `${path}.gone` }, facts), (error) => {
      assert.ok(error instanceof LabError && error.message.includes('does not exist'), String(error));
      return true;
    });
    const heard = await new Promise<PreviewAnswer[]>((resolve, reject) => {
      const answers: PreviewAnswer[] = [];
      const view = { left: 0, top: 0, width: 20, height: 10 };
      const enlarger = { kind: 'kernel', kernel: 'bicubic', scale: 2 } as const;
      const hear = (answer: PreviewAnswer): void => {
        answers.push(answer);
        if ('ended' in answer) resolve(answers);
      };
      server.enlarge({ do: 'enlarge', path, enlarger, view, folder }, hear, reject);
    });
    assert.deepEqual(
      heard.map((answer) => Object.keys(answer)[1]),
      ['enlargement', 'part', 'ended'],
    );
    const late = server.ask({ do: 'describe', path }, facts);
    use.dispose();
    // Answered just in time, or given up: it does not hang, and it is no error.
    await late;
    const again = server.use();
    assert.equal((await server.ask({ do: 'describe', path }, facts))?.height, 10);
    again.dispose();
    assert.deepEqual(warnings, []);
  });

  it('rejects what it was asked when its process cannot run', async () => {
    const server = new PictureServer({
      script: join(temporaryFolder(), 'no-such-script.js'),
      log: { info: () => undefined, warn: () => undefined },
    });
    const use = server.use();
    await assert.rejects(server.ask({ do: 'describe', path: 'x.png' }, facts), /ended by itself/);
    use.dispose();
  });

  it('looks into a file before its page asks, and once', async () => {
    const path = join(temporaryFolder(), 'large.png');
    writeFileSync(path, await png(2400, 2000));
    const server = new PictureServer({ script: bundlePath('cli.js'), log });
    const use = server.use();
    const first = new FirstLook(server, path);
    const look = await first.take(statSync(path));
    assert.equal((await look?.facts)?.width, 2400);
    assert.equal((await look?.thumbnail)?.type, 'image/jpeg');
    assert.equal(await first.take(statSync(path)), null);
    use.dispose();
    assert.deepEqual(warnings, []);
  });

  it('tells what is wrong with the file, and nothing of one that was changed meanwhile', async () => {
    const path = join(temporaryFolder(), 'changed.png');
    writeFileSync(path, 'no picture');
    const server = new PictureServer({ script: bundlePath('cli.js'), log });
    const use = server.use();
    const bad = await new FirstLook(server, path).take(statSync(path));
    assert.ok(bad);
    await assert.rejects(bad.facts, /not an image/);
    assert.equal(await bad.thumbnail, null);
    const before = statSync(path);
    appendFileSync(path, ', still');
    assert.equal(await new FirstLook(server, path).take(before), null);
    assert.equal(await new FirstLook(server, `${path}.gone`).take(before), null);
    use.dispose();
    assert.deepEqual(warnings, []);
  });
});
