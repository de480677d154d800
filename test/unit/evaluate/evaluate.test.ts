import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { imagePath } from '../../../src/datasets/layout';
import { evaluationTable } from '../../../src/protocol/evaluation-table';
import { evaluationSchema, type Evaluation } from '../../../src/protocol/evaluation';
import type { Engine } from '../../../src/training/engines/engine';
import { openEngine } from '../../../src/training/engines/open-engine';
import { loadContender, openContender, type Enlarger } from '../../../src/training/evaluate/enlarger';
import { evaluate, type EvaluationTask } from '../../../src/training/evaluate/evaluate';
import { loadVggFeatures } from '../../../src/training/perceptual/load-vgg';
import { openVggDistance } from '../../../src/training/perceptual/vgg-distance';
import { jpeg, png } from '../../support/image-files';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { sharedData } from '../../support/shared-data';
import { temporaryFolders } from '../../support/temporary-folder';
import { metricsOf, trainHere } from '../../support/train-here';
import { plant } from '../../support/trees';

describe('evaluating', () => {
  const makeFolder = temporaryFolders();

  async function evaluateOn(
    task: Partial<EvaluationTask['source']> & Pick<EvaluationTask['source'], 'hr'>,
    protocol: EvaluationTask['protocol'] = 'y',
    models: readonly string[] = ['bicubic'],
  ): Promise<Evaluation> {
    const scale = task.scale ?? 4;
    const engines: Engine[] = [];
    const openOne = async (): Promise<Engine> => {
      engines.push(await openEngine('embedded'));
      return engines.at(-1)!;
    };
    const enlargers: Enlarger[] = [];
    try {
      for (const name of models)
        enlargers.push(await openContender(name, await loadContender(name), { scale, openEngine: openOne }));
      const source = { convention: 'double', ...task, scale } as const;
      return evaluationSchema.parse(await evaluate(enlargers, { source, protocol, border: scale }));
    } finally {
      for (const enlarger of enlargers) enlarger.dispose();
      for (const engine of engines) await engine.dispose();
    }
  }

  const mean = ({ models }: Evaluation): [string, string] => {
    const { psnr, ssim } = models[0]!.mean!;
    return [psnr!.toFixed(4), ssim.toFixed(4)];
  };

  describe('bicubic interpolation on Set5, ×4', () => {
    for (const [protocol, psnr, ssim] of [
      ['y', '28.4314', '0.8113'],
      ['srgan', '28.4314', '0.8202'],
      ['srcnn', '28.4207', '0.8104'],
    ] as const) {
      it(`gives the known figures of the protocol ${protocol}, with the published ones beside them`, async function () {
        const evaluation = await evaluateOn({ hr: sharedData(this, 'set5', 'HR') }, protocol);
        assert.deepEqual(mean(evaluation), [psnr, ssim]);
        assert.equal(evaluation.benchmark, 'Set5');
        const table = evaluationTable(evaluation, 'text');
        assert.ok(table.includes(psnr) && table.includes('Published for Set5'), table);
      });
    }

    for (const [scale, psnr, ssim] of [
      [2, '33.66', '0.9299'],
      [3, '30.39', '0.8682'],
    ] as const) {
      it(`gives those of SRCNN’s protocol at ×${scale}`, async function () {
        const evaluation = await evaluateOn({ hr: sharedData(this, 'set5', 'HR'), scale }, 'srcnn');
        const [decibels, similarity] = mean(evaluation);
        assert.deepEqual([Number(decibels).toFixed(2), similarity], [psnr, ssim]);
        assert.deepEqual(evaluation.published, []);
      });
    }

    it('scores LR images that are there', async function () {
      const evaluation = await evaluateOn({
        hr: sharedData(this, 'set5', 'HR'),
        lr: sharedData(this, 'set5', 'LR_bicubic', 'X4'),
      });
      assert.deepEqual(mean(evaluation), ['28.4305', '0.8113']);
    });

    it('finds pairs in one folder by their endings', async function () {
      const folder = sharedData(this, 'set5-clamped', 'x4');
      const evaluation = await evaluateOn({ hr: folder, lr: folder, hrSuffix: '_HR', lrSuffix: '_LR' });
      assert.equal(evaluation.images.length, 5);
      assert.equal(evaluation.benchmark, 'Set5');
      assert.ok(Math.abs(evaluation.models[0]!.mean!.psnr! - 28.43) < 0.01);
    });
  });

  it('tells what cannot be scored, and means over the rest', async () => {
    const hr = makeFolder();
    await plant(hr, { 'a.png': png(120, 90, 1), 'b/c.jpg': jpeg(101, 80, 2), 'small.png': png(16, 90, 3) });
    writeFileSync(join(hr, 'torn.png'), 'no picture');
    const evaluation = await evaluateOn({ hr }, 'rgb', ['bicubic', 'lanczos3']);
    assert.deepEqual(
      evaluation.images.map(({ name, width, height }) => [name, width, height]),
      [
        ['a', 120, 88],
        ['c', 100, 80],
      ],
    );
    assert.equal(evaluation.problems.length, 2);
    assert.ok(evaluation.problems.some(({ problem }) => problem.includes('small.png is too small')));
    assert.ok(evaluation.problems.some(({ problem }) => problem.includes('torn.png')));
    const csv = evaluationTable(evaluation, 'csv').split('\n');
    assert.equal(csv.length, 3);
    assert.match(evaluationTable(evaluation, 'markdown'), /\| mean of 2 +\|/);
  });

  describe('with the feature distance', function () {
    this.timeout(120_000);

    it('has a column of it that says what it is, and none without colours', async function () {
      const features = await loadVggFeatures(sharedData(this, 'vgg19-block1to3'));
      const hr = makeFolder();
      await plant(hr, { 'a.png': png(96, 64, 1), 'b.png': png(64, 64, 2) });
      const engine = await openEngine('embedded');
      const vgg = await openVggDistance(engine, features);
      try {
        const names = ['bicubic', 'lanczos2'] as const;
        const enlargers = await Promise.all(
          names.map((name) =>
            openContender(name, name, { scale: 4, openEngine: () => Promise.resolve(engine) }),
          ),
        );
        const source = { hr, scale: 4, convention: 'double' } as const;
        const task = { source, protocol: 'y', border: 4, measures: { vgg } } as const;
        const evaluation = evaluationSchema.parse(await evaluate(enlargers, task));
        const [first, second] = evaluation.images.map(({ scores }) => scores[0]!.vggDistance!);
        assert.ok(first! > 0 && second! > 0 && first !== second);
        assert.equal(evaluation.models[0]!.mean!.vggDistance, (first! + second!) / 2);
        assert.deepEqual(evaluation.vgg?.layers, ['conv1_2', 'conv2_2', 'conv3_4']);
        const table = evaluationTable(evaluation, 'markdown');
        assert.match(table, /\| SSIM +\| VGG distance \| lanczos2: PSNR/);
        assert.match(
          table,
          /VGG19 feature distance, unweighted \(conv1_2, conv2_2, conv3_4\).*no figure of LPIPS/,
        );
        assert.match(
          evaluationTable(evaluation, 'csv'),
          /^image,width,height,bicubic psnr,bicubic ssim,bicubic vgg-distance/,
        );
        await assert.rejects(evaluate(enlargers, { ...task, protocol: 'srcnn' }), /VGG19 reads colours/);
      } finally {
        vgg.dispose();
        await engine.dispose();
      }
    });
  });

  describe('a run', function () {
    this.timeout(60_000);
    const microDataset = sharedMicroDataset();

    it('scores as its own last validation did', async () => {
      const folder = makeFolder();
      await makeMicroRun(folder, microDataset());
      const run = join(folder, 'run');
      await trainHere(run);
      const last = metricsOf(run).findLast((line) => line.kind === 'validation' && line.extent === 'whole');
      assert.ok(last?.kind === 'validation');
      const hr = join(folder, 'hr');
      mkdirSync(hr);
      for (const { name } of last.images)
        copyFileSync(imagePath(microDataset(), 'hr', name), join(hr, `${name}.png`));

      const lr = join(microDataset(), 'lr');
      const evaluation = await evaluateOn({ hr, lr }, 'y', [run, 'bicubic']);
      const [own, bicubic] = evaluation.models;
      assert.equal(own!.description, 'the model run');
      assert.equal(own!.engine, 'embedded');
      for (const [model, expected] of [
        [own, last.model],
        [bicubic, last.bicubic],
      ] as const) {
        assert.ok(Math.abs(model!.mean!.psnr! - expected.psnr) < 1e-9);
        assert.ok(Math.abs(model!.mean!.ssim - expected.ssim) < 1e-9);
      }
      const [newest] = readdirSync(join(run, 'checkpoints'))
        .filter((name) => name.startsWith('step-'))
        .reverse();
      const checkpoint = await evaluateOn({ hr, lr }, 'y', [join(run, 'checkpoints', newest!)]);
      assert.match(checkpoint.models[0]!.description, /^the checkpoint of run at step \d+$/);
      await assert.rejects(evaluateOn({ hr }, 'y', [join(run, 'checkpoints', 'step-000001')]), /step-000001/);
      await assert.rejects(evaluateOn({ hr, scale: 2 }, 'y', [run]), /enlarges ×4, not ×2/);
      await assert.rejects(evaluateOn({ hr }, 'srcnn', [run]), /reads colours/);
    });
  });

  it('refuses in words what makes no sense', async () => {
    const [hr, lr] = [makeFolder(), makeFolder()];
    await assert.rejects(evaluateOn({ hr }), /There is no image in/);
    await plant(hr, { 'a.png': png(120, 90, 1) });
    await plant(lr, { 'z.png': png(30, 22, 1) });
    await assert.rejects(evaluateOn({ hr, lr }), /No image in .* fits one in/);
    await assert.rejects(evaluateOn({ hr, lr }, 'srcnn'), /Leave out --lr/);
    await plant(lr, { 'a.png': png(40, 22, 1) });
    await assert.rejects(evaluateOn({ hr, lr }), /is 40×22, but LR of .* has 30×22/);
    await assert.rejects(evaluateOn({ hr }, 'y', [join(hr, 'nothing')]), /neither a model nor a run/);
  });
});
