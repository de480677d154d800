import assert from 'node:assert/strict';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import sharp, { type Sharp } from 'sharp';
import { analyseDataset } from '../../../../src/datasets/analysis/analyse';
import { createDataset } from '../../../../src/datasets/create';
import {
  ANALYSIS_FILE,
  datasetAnalysisSchema,
  type Duplicates,
} from '../../../../src/protocol/dataset-analysis';
import { deadLeaves } from '../../../support/dead-leaves';
import { sharedData } from '../../../support/shared-data';
import { temporaryFolders } from '../../../support/temporary-folder';

function leaves(seed: number, width = 320, height = 260): Sharp {
  return sharp(deadLeaves(width, height, seed).data, { raw: { width, height, channels: 3 } });
}

/** Pictures of two folders, of which `val` is for validation. */
async function makeDataset(folder: string, pictures: Record<string, Sharp>): Promise<string> {
  for (const name of ['photos/train', 'photos/val']) await mkdir(join(folder, name), { recursive: true });
  for (const [name, picture] of Object.entries(pictures)) await picture.toFile(join(folder, 'photos', name));
  const made = join(folder, 'set');
  await createDataset({
    folder: made,
    from: [join(folder, 'photos')],
    scale: 4,
    validation: { by: 'folder', folders: ['val'] },
    workers: 2,
  });
  return made;
}

function told(duplicates: readonly Duplicates[]): string[] {
  return duplicates
    .map(({ kind, images, acrossSplits, mirrored }) =>
      [kind, ...images, acrossSplits ? 'across' : 'within', ...(mirrored ? ['mirrored'] : [])].join(' '),
    )
    .sort();
}

describe('analysing a data set', () => {
  const folder = temporaryFolders();

  it('finds what shows the same, within and across the splits, and nothing else', async () => {
    const set = await makeDataset(folder(), {
      'train/a.png': leaves(1),
      'train/b.png': leaves(2),
      'train/c.png': leaves(3),
      'train/d.png': leaves(4),
      'train/e.png': leaves(5),
      'train/f.png': leaves(6),
      'train/a-again.png': leaves(1),
      'train/unlike.png': leaves(7),
      'val/b.jpg': leaves(2).jpeg({ quality: 60 }),
      'val/c-small.png': leaves(3).resize(240),
      'val/d-cut.jpg': leaves(4)
        .extract({ left: 101, top: 77, width: 128, height: 128 })
        .jpeg({ quality: 80 }),
      'val/e-turned.jpg': leaves(5).flop().jpeg({ quality: 80 }),
      // Of a raw picture sharp would mirror before it cuts.
      'val/f-cut-turned.png': sharp(
        await leaves(6).extract({ left: 33, top: 21, width: 200, height: 160 }).png().toBuffer(),
      ).flop(),
      'val/other.png': leaves(8),
    });
    const { analysis, file } = await analyseDataset(set, { workers: 2 });
    assert.deepEqual(told(analysis.duplicates), [
      'crop train-d val-d-cut across',
      'crop train-f val-f-cut-turned across mirrored',
      'identical train-a-again train-a within',
      're-encoded train-b val-b across',
      're-encoded train-c val-c-small across',
      're-encoded train-e val-e-turned across mirrored',
    ]);
    assert.equal(analysis.duplicates.at(-1)?.acrossSplits, false);
    assert.deepEqual(datasetAnalysisSchema.parse(JSON.parse(await readFile(file, 'utf8'))), analysis);
    assert.deepEqual(await readdir(join(set, 'cache')), []);
    const alone = await analyseDataset(set, { workers: 1 });
    assert.deepEqual(alone.analysis, analysis);
  });

  it('ranks what teaches little, and sums up all images', async () => {
    const set = await makeDataset(folder(), {
      'train/sharp.png': leaves(1),
      'train/softest.png': leaves(2).blur(6),
      'train/soft.png': leaves(3).blur(4),
      'train/blocky.jpg': leaves(4).jpeg({ quality: 10 }),
      'val/grey.png': sharp({ create: { width: 300, height: 200, channels: 3, background: '#777' } }),
    });
    const { analysis } = await analyseDataset(set);
    assert.deepEqual(
      analysis.problems.map(({ name, problem }) => `${problem} ${name}`),
      [
        'flat val-grey',
        'blurred val-grey',
        'blurred train-softest',
        'blurred train-soft',
        'blocky train-blocky',
      ],
    );
    assert.equal(analysis.images, 5);
    const { counts } = analysis.histograms.megapixels;
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      5,
    );
    const { frequencies, hr, lr, enlarged } = analysis.spectrum;
    const at = (curve: readonly (number | null)[], frequency: number): number | null | undefined =>
      curve[frequencies.findIndex((each) => each >= frequency)];
    // LR and HR agree where LR can hold it, and LR enlarged has nothing beyond.
    assert.ok(Math.abs(at(lr, 0.03)! / at(hr, 0.03)! - 1) < 0.35);
    assert.equal(at(lr, 0.2), null);
    assert.ok(at(enlarged, 0.3)! < 0.05 * at(hr, 0.3)!);
  });

  it('stops when it is told to, and leaves nothing behind', async () => {
    const set = await makeDataset(folder(), { 'train/a.png': leaves(1), 'val/b.png': leaves(2) });
    const controller = new AbortController();
    const reason = new Error('enough');
    await assert.rejects(
      analyseDataset(set, {
        signal: controller.signal,
        onProgress: () => {
          controller.abort(reason);
        },
      }),
      reason,
    );
    await assert.rejects(access(join(set, ANALYSIS_FILE)));
    assert.deepEqual(await readdir(join(set, 'cache')), []);
  });

  it('names an image that cannot be read', async () => {
    const set = await makeDataset(folder(), { 'train/a.png': leaves(1), 'val/b.png': leaves(2) });
    await writeFile(join(set, 'hr', 'train-a.png'), 'nothing');
    await assert.rejects(analyseDataset(set), /train-a\.png/);
  });

  it('finds no copies among photographs that are all different', async function () {
    const photographs = sharedData(this, 'kodak');
    const set = join(folder(), 'kodak');
    await createDataset({ folder: set, from: [photographs], scale: 4 });
    const { analysis } = await analyseDataset(set);
    assert.deepEqual(analysis.duplicates, []);
    assert.deepEqual(analysis.problems, []);
  });
});
