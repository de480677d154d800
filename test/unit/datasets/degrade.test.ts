import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readDegradation } from '../../../src/datasets/degradation-choice';
import { completeDegradation, defaultDegradation, degrade } from '../../../src/datasets/degrade';
import { hashOf } from '../../../src/datasets/hash';
import { sampleDegradation } from '../../../src/datasets/sample';
import type { RgbImage } from '../../../src/imaging/image';
import { imresize, imresizeReal } from '../../../src/imaging/imresize';
import { degradationSchema, type DegradationChoice } from '../../../src/protocol/degradation';
import { presetStages } from '../../../src/protocol/degradation-presets';
import { png } from '../../support/image-files';
import { makeImage } from '../../support/pictures';
import { temporaryFolders } from '../../support/temporary-folder';

const realEsrgan: DegradationChoice = { stages: presetStages('real-esrgan') };

/** A choice as a file would hold it. */
function written(choice: object): DegradationChoice {
  return degradationSchema.partial().parse(choice);
}

/** By means of blocks. Stages are in real numbers until their end, where half a grey level is rounded up. */
function resizedAndRounded(image: RgbImage, factor: number): RgbImage {
  const samples = { ...image, channels: 3, data: Float64Array.from(image.data) };
  const { width, height, data } = imresizeReal(samples, factor, { kernel: 'box' });
  return { width, height, data: Uint8Array.from(data, (value) => Math.floor(value + 0.5)) };
}

describe('degrading', () => {
  const hr = makeImage(96, 72);
  const hash = hashOf('some file');

  it('is imresize alone without stages', async () => {
    for (const choice of [{}, { kernel: 'lanczos3', convention: 'double', antialias: false }] as const) {
      const degradation = completeDegradation(choice);
      const { lr, operations } = await degrade(hr, 3, degradation, hash);
      assert.deepEqual(lr, imresize(hr, 1 / 3, degradation));
      assert.deepEqual(operations, []);
    }
  });

  it('ends at the LR size by imresize, whatever the stages leave', async () => {
    const convention = 'double';
    const half = { type: 'resize', factor: [0.5, 0.5], kernels: ['box'] };
    const { lr } = await degrade(hr, 4, completeDegradation(written({ convention, stages: [half] })), hash);
    const boxed = resizedAndRounded(hr, 1 / 2);
    assert.deepEqual(lr, imresize(boxed, { width: 24, height: 18 }, { convention }));

    const toLr = { type: 'resize', of: 'lr', factor: [1, 1], kernels: ['area'], antialias: false };
    const direct = await degrade(hr, 4, completeDegradation(written({ stages: [toLr] })), hash);
    assert.deepEqual(direct.lr, resizedAndRounded(hr, 1 / 4));
  });

  for (const scale of [2, 3, 4, 8]) {
    it(`Real-ESRGAN’s chain gives LR of the right size at ×${scale}`, async () => {
      const image = makeImage(30 * scale, 24 * scale);
      for (let seed = 0; seed < 6; seed++) {
        const { lr } = await degrade(image, scale, completeDegradation({ ...realEsrgan, seed }), hash);
        assert.deepEqual([lr.width, lr.height, lr.data.length], [30, 24, 30 * 24 * 3]);
      }
    });
  }

  it('depends on image, seed and hash alone, in any order', async () => {
    const first = completeDegradation({ ...realEsrgan, seed: 1 });
    const second = completeDegradation({ ...realEsrgan, seed: 2 });
    const before = (await degrade(hr, 4, first, hash)).lr;
    const [other, again, elsewhere] = await Promise.all([
      degrade(hr, 4, second, hash),
      degrade(hr, 4, first, hash),
      degrade(hr, 4, first, hashOf('another file')),
    ]);
    assert.deepEqual(again.lr, before);
    assert.notDeepEqual(other.lr, before);
    assert.notDeepEqual(elsewhere.lr, before);
  });

  it('a sample is what the data set will hold, and a crop has the same parameters', async () => {
    const file = await png(96, 72);
    const degradation = completeDegradation({ ...realEsrgan, seed: 3 });
    const sample = await sampleDegradation(file, { scale: 4, degradation });
    assert.deepEqual(sample.lr, (await degrade(makeImage(96, 72), 4, degradation, hashOf(file))).lr);
    const crop = { left: 8, top: 4, width: 50, height: 41 };
    const part = await sampleDegradation(file, { scale: 4, degradation, crop });
    assert.deepEqual(part.operations, sample.operations);
    assert.deepEqual([part.hr.width, part.hr.height, part.lr.width, part.lr.height], [48, 40, 12, 10]);
    await assert.rejects(sampleDegradation(await png(3, 9), { scale: 4, degradation }), {
      name: 'LabError',
      message: /too small: 3×9/,
    });
  });

  describe('as it is written down', () => {
    const makeFolder = temporaryFolders();

    it('fills in what is left out, and keeps files without stages as they were', () => {
      assert.deepEqual(degradationSchema.parse(defaultDegradation), defaultDegradation);
      assert.deepEqual(completeDegradation(), defaultDegradation);
      const { stages, seed } = completeDegradation(written({ stages: [{ type: 'blur', sigma: [1, 2] }] }));
      assert.equal(seed, 0);
      assert.deepEqual(stages, [
        {
          type: 'blur',
          probability: 1,
          shape: 'gaussian',
          isotropic: true,
          size: [21, 21],
          sigma: [1, 2],
          rotation: [-180, 180],
          beta: [1, 1],
        },
      ]);
    });

    it('refuses what makes no sense', () => {
      for (const stage of [
        { type: 'blur', sigma: [2, 1] },
        { type: 'blur', sigma: [1, 2], size: [8, 9] },
        { type: 'jpeg', quality: [0, 50] },
        { type: 'jpeg', quality: [50.5, 60] },
        { type: 'resize', factor: [0, 1] },
        { type: 'resize', factor: [1, 1], kernels: [] },
        { type: 'gaussian-noise', sigma: [1, 2], greyShare: 2 },
        { type: 'gaussian-noise', sigma: [1, 2], gray: 1 },
        { type: 'choose', options: [] },
        { type: 'choose', options: [{ stages: [{ type: 'choose', options: [{ stages: [] }] }] }] },
        { type: 'smudge' },
      ]) {
        const { success } = degradationSchema.partial().safeParse({ stages: [stage] });
        assert.ok(!success, JSON.stringify(stage));
      }
    });

    it('is a preset or a file, and a bad file is named', async () => {
      assert.deepEqual(await readDegradation('bicubic'), {});
      assert.deepEqual(await readDegradation('real-esrgan'), realEsrgan);
      const path = join(makeFolder(), 'mine.json');
      writeFileSync(path, JSON.stringify({ stages: [{ type: 'jpeg', quality: [30, 40] }], seed: 5 }));
      assert.deepEqual(await readDegradation(path), {
        stages: [{ type: 'jpeg', probability: 1, quality: [30, 40] }],
        seed: 5,
      });
      writeFileSync(path, JSON.stringify({ stages: [{ type: 'jpeg', quality: [40, 30] }] }));
      await assert.rejects(readDegradation(path), (error: Error) => {
        assert.equal(error.name, 'LabError');
        return error.message.startsWith(path) && error.message.includes('stages.0.quality');
      });
      await assert.rejects(readDegradation('smudge'), {
        name: 'LabError',
        message: /no degradation called smudge/,
      });
    });
  });
});
