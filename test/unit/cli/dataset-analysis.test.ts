import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { writePng } from '../../../src/datasets/images';
import { imresize } from '../../../src/imaging/imresize';
import { analyseDatasetResultSchema } from '../../../src/protocol/dataset-analysis';
import { adoptDatasetResultSchema } from '../../../src/protocol/progress';
import { runBuiltCli } from '../../support/command-line';
import { deadLeaves } from '../../support/dead-leaves';
import { temporaryFolders } from '../../support/temporary-folder';

describe('dataset adopt and analyse on the command line', function () {
  this.timeout(60_000);
  const makeFolder = temporaryFolders();

  it('adopt pairs, find copies among them, and say so in words and as JSON', async () => {
    const folder = makeFolder();
    for (const name of ['hr', 'lr']) mkdirSync(join(folder, name));
    for (const [name, seed] of [
      ['a', 1],
      ['b', 2],
      ['copy-of-a', 1],
    ] as const) {
      const hr = deadLeaves(240, 200, seed);
      await writePng(join(folder, 'hr', `${name}.png`), hr);
      await writePng(
        join(folder, 'lr', `${name}x4.png`),
        imresize(hr, 0.25, { convention: name === 'b' ? 'double' : 'uint8-symmetric' }),
      );
    }
    const set = join(folder, 'set');
    const options = ['--hr', join(folder, 'hr'), '--lr', join(folder, 'lr')];

    const adopted = await runBuiltCli(['dataset', 'adopt', set, ...options, '--json']);
    assert.equal(adopted.code, 0, adopted.stdout + adopted.stderr);
    const result = adoptDatasetResultSchema.parse(JSON.parse(adopted.stdout));
    assert.equal(result.scale, 4);
    assert.deepEqual(result.makers, [
      { maker: 'MATLAB’s bicubic (uint8-symmetric), to the last bit', images: 2 },
      { maker: 'MATLAB’s bicubic (double), to the last bit', images: 1 },
    ]);
    const again = await runBuiltCli(['dataset', 'adopt', set, ...options, '--progress', 'none']);
    assert.match(again.stdout, /2 pairs: LR made by MATLAB’s bicubic \(uint8-symmetric\), to the last bit\./);

    const analysed = await runBuiltCli(['dataset', 'analyse', set, '--json']);
    assert.equal(analysed.code, 0, analysed.stdout + analysed.stderr);
    const { images, duplicates } = analyseDatasetResultSchema.parse(JSON.parse(analysed.stdout));
    assert.equal(images, 3);
    assert.equal(duplicates.identical, 1);
    const told = await runBuiltCli(['dataset', 'analyse', set, '--progress', 'none']);
    assert.match(told.stdout, /a, copy-of-a \(the same pixels\)/);

    const missing = await runBuiltCli(['dataset', 'analyse', join(folder, 'nowhere')]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /nowhere/);
  });
});
