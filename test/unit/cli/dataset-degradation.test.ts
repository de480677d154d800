import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readDatasetFile } from '../../../src/folders/dataset-folder';
import { sampleDatasetResultSchema } from '../../../src/protocol/progress';
import { runCli } from '../../support/command-line';
import { png } from '../../support/image-files';
import { temporaryFolders } from '../../support/temporary-folder';

describe('degradations on the command line', function () {
  this.timeout(60_000);
  const makeFolder = temporaryFolders();

  it('makes a data set by a file, and a sample that is its LR image', async () => {
    const folder = makeFolder();
    const from = join(folder, 'from');
    mkdirSync(from);
    const image = join(from, 'a.png');
    writeFileSync(image, await png(100, 100));
    const mine = join(folder, 'mine.json');
    const stages = [
      { type: 'blur', sigma: [0.5, 2], isotropic: false },
      { type: 'poisson-noise', scale: [1, 2], greyShare: 0.5 },
      { type: 'jpeg', quality: [40, 60] },
    ];
    writeFileSync(mine, JSON.stringify({ kernel: 'lanczos2', stages }));
    const options = ['--degradation', mine, '--seed', '3', '--convention', 'double', '--no-antialias'];

    const out = join(folder, 'out');
    const created = await runCli(['dataset', 'create', out, '--from', from, ...options]);
    assert.equal(created.code, 0, created.stderr);
    const { degradation } = await readDatasetFile(out);
    assert.deepEqual(
      { ...degradation, stages: degradation.stages?.map(({ type }) => type) },
      {
        kernel: 'lanczos2',
        convention: 'double',
        antialias: false,
        stages: ['blur', 'poisson-noise', 'jpeg'],
        seed: 3,
      },
    );

    const lr = join(folder, 'lr.png');
    const sampled = await runCli(['dataset', 'sample', image, '--out', lr, '--json', ...options]);
    assert.equal(sampled.code, 0, sampled.stderr);
    const { file, width, height, operations } = sampleDatasetResultSchema.parse(JSON.parse(sampled.stdout));
    assert.deepEqual([file, width, height], [lr, 25, 25]);
    assert.match(operations.join('\n'), /^blur: Gaussian 21×21, σ .* turned by .*\nPoisson noise: .*\nJPEG/);
    assert.deepEqual(readFileSync(lr), readFileSync(join(out, 'lr', 'a.png')));

    const text = await runCli(['dataset', 'sample', image, '--out', lr, '--degradation', 'real-esrgan']);
    assert.equal(text.code, 0, text.stderr);
    assert.match(text.stdout, /^Wrote .*, 25×25\.\n {2}(blur|sinc)[\s\S]*JPEG: quality \d+/);
  });

  it('says what is wrong with an image, a file or a name', async () => {
    const folder = makeFolder();
    const image = join(folder, 'text.png');
    writeFileSync(image, 'text');
    const sample = (...more: string[]) => runCli(['dataset', 'sample', image, '--out', 'x.png', ...more]);
    assert.match((await sample()).stderr, /text\.png: This is not an image/);
    assert.match((await sample('--degradation', 'real-esragn')).stderr, /no degradation called real-esragn/);
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, '{"stages": [{"type": "jpeg", "quality": [0, 10]}]}');
    assert.match((await sample('--degradation', bad)).stderr, /bad\.json is not valid\. stages\.0\.quality/);
  });
});
