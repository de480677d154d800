/** `srgan-lab upscale` on a folder that does not hold still: pictures that are cut short, replaced or deleted before their turn. */
import assert from 'node:assert/strict';
import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { upscaleResultSchema } from '../../../src/protocol/progress';
import { runCli } from '../../support/command-line';
import { png } from '../../support/image-files';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { trainHere } from '../../support/train-here';
import { plant } from '../../support/trees';

describe('upscaling from the command line', function () {
  this.timeout(120_000);
  const makeFolder = temporaryFolders();
  const microDataset = sharedMicroDataset();

  it('names what was cut short or is gone, takes what was replaced as it is then, and goes on', async function () {
    // The command is suspended while its pictures change.
    if (process.platform === 'win32') this.skip();
    const folder = makeFolder();
    const stages =
      'stages=[{"name":"pixel","steps":1,"learningRate":{"schedule":"constant","initial":0.001}}]';
    await makeMicroRun(folder, microDataset(), [stages]);
    await trainHere(join(folder, 'run'));
    const [photos, out] = [join(folder, 'photos'), join(folder, 'out')];
    await plant(photos, {
      '1-first.png': png(400, 400, 1),
      '2-cut.png': png(60, 40, 2),
      '3-gone.png': png(60, 40, 3),
      '4-replaced.png': png(60, 40, 4),
      '5-last.png': png(60, 40, 5),
    });
    const replacement = await png(20, 30, 6);
    const disturb = (): void => {
      truncateSync(join(photos, '2-cut.png'), 300);
      rmSync(join(photos, '3-gone.png'));
      writeFileSync(join(photos, '4-replaced.png'), replacement);
    };

    const args = ['upscale', join(folder, 'run'), photos, '--out', out];
    let disturbed = false;
    const ending = await runCli([...args, '--json', '--progress', 'json'], (text, send) => {
      if (disturbed || !text.includes('Enlarging')) return;
      disturbed = true;
      send('SIGSTOP');
      disturb();
      send('SIGCONT');
    });
    assert.equal(ending.code, 1, ending.stderr);
    const { files, failures } = upscaleResultSchema.parse(JSON.parse(ending.stdout));
    assert.deepEqual(
      files.map(({ input, width, height }) => [input, width, height]),
      [
        [join(photos, '1-first.png'), 1600, 1600],
        [join(photos, '4-replaced.png'), 80, 120],
        [join(photos, '5-last.png'), 240, 160],
      ],
    );
    assert.equal(failures.length, 2);
    assert.match(failures[0]!, /2-cut\.png: /);
    assert.match(failures[1]!, /3-gone\.png/);
    assert.deepEqual(readdirSync(out).sort(), ['1-first.png', '4-replaced.png', '5-last.png']);

    const goingOn = await runCli([
      ...args,
      join(photos, '3-gone.png'),
      '--skip-existing',
      '--progress',
      'none',
    ]);
    assert.equal(goingOn.code, 1);
    assert.match(goingOn.stderr, /2-cut\.png: .*(cut short|damaged)/i);
    assert.match(goingOn.stderr, /3-gone\.png/);
  });
});
