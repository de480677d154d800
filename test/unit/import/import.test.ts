import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readImage } from '../../../src/datasets/images';
import { readAnyModelCard, readModelCard } from '../../../src/folders/marker-files';
import { readAnyJson } from '../../../src/folders/read-json';
import { scoreImages } from '../../../src/imaging/metrics';
import { EXPORT_CARD_FILE, exportCardSchema, type ExportFormat } from '../../../src/protocol/exported-model';
import type {
  ContentConfiguration,
  GeneratorConfiguration,
  Scale,
} from '../../../src/protocol/run-configuration';
import { openEngine } from '../../../src/training/engines/open-engine';
import { exportModel } from '../../../src/training/export/export-model';
import { hdf5Library, memoryFile } from '../../../src/training/hdf5/library';
import { importModel } from '../../../src/training/import/import-model';
import { withForeignWeights } from '../../../src/training/import/open-weights';
import { loadDiscriminator } from '../../../src/training/models/load-discriminator';
import { contentNetwork, kerasName } from '../../../src/training/networks/content';
import { contentWeights } from '../../../src/training/networks/content-weights';
import { readLayersModel } from '../../../src/training/networks/layers-model';
import { parameterSpecs } from '../../../src/training/networks/parameters';
import { readSafetensors } from '../../../src/training/run/safetensors';
import { loadGenerator } from '../../../src/training/upscale/load-generator';
import { createUpscaler } from '../../../src/training/upscale/upscaler';
import { sharedData } from '../../support/shared-data';
import { temporaryFolders } from '../../support/temporary-folder';
import { makeGeneratorModel, smallDiscriminator, smallGenerator } from './support';

const readable: ExportFormat[] = ['tfjs', 'keras', 'safetensors'];

describe('import', () => {
  const temporary = temporaryFolders();

  const generators: [string, GeneratorConfiguration, Scale][] = [
    ['batch normalisation, ×4', smallGenerator, 4],
    ['bicubic skip, one slope a layer, ×3', { ...smallGenerator, globalSkip: 'bicubic', prelu: 'layer' }, 3],
    ['no normalisation, ×8', { ...smallGenerator, normalisation: 'none' }, 8],
    [
      'PReLU at the end of the trunk, sigmoid, ×2',
      { ...smallGenerator, trunkEnd: 'prelu', output: 'sigmoid' },
      2,
    ],
  ];
  for (const [name, generator, scale] of generators) {
    it(`takes back what was exported, to the last bit (${name})`, async () => {
      const folder = temporary();
      const { model, weights } = await makeGeneratorModel(folder, generator, scale);
      for (const format of readable) {
        const exported = join(folder, format);
        await exportModel({ source: model, what: 'generator', format, out: exported });
        const out = join(folder, `${format}-again`);
        await importModel({ source: exported, as: 'generator', out, licence: 'CC0-1.0' });
        const card = await readModelCard(out);
        assert.deepEqual([card.generator, card.scale], [generator, scale]);
        assert.deepEqual([card.importedFrom, card.licence], [format, 'CC0-1.0']);
        assert.deepEqual((await loadGenerator(out)).weights, weights);
      }
    });
  }

  it('takes back discriminators, to the last bit, for transfer and for further exports', async () => {
    const folder = temporary();
    const { model, weights } = await makeGeneratorModel(folder, smallGenerator, 2, smallDiscriminator);
    const own = Object.fromEntries(Object.entries(weights).filter(([name]) => name.startsWith('discrim')));
    for (const format of readable) {
      const exported = join(folder, format);
      await exportModel({ source: model, what: 'discriminator', format, out: exported });
      const out = join(folder, `${format}-again`);
      const { what } = await importModel({ source: exported, as: 'discriminator', out, licence: 'CC0-1.0' });
      assert.equal(what, 'a discriminator of 3 convolutions, for patches of 18×18');
      const loaded = await loadDiscriminator(out);
      assert.deepEqual([loaded.discriminator, loaded.weights], [smallDiscriminator, own]);
      await assert.rejects(loadGenerator(out), { name: 'LabError', message: /is a discriminator, which/ });

      const again = join(folder, `${format}-trunk`);
      await exportModel({ source: out, what: 'trunk', format, out: again });
      const card = exportCardSchema.parse(await readAnyJson(join(again, EXPORT_CARD_FILE)));
      assert.equal(card.licence, 'CC0-1.0');
      assert.match(card.training, new RegExp(`imported from ${format}`));
      await assert.rejects(importModel({ source: again, as: 'discriminator', out: join(folder, 'none') }), {
        name: 'LabError',
        message: /holds a trunk, and no discriminator\. .* --what discriminator/,
      });
      await assert.rejects(importModel({ source: exported, as: 'generator', out: join(folder, 'none') }), {
        name: 'LabError',
        message: /holds a discriminator, and no generator\. .* --as discriminator/,
      });
    }
  });

  it('reads a generator by others, which reaches its 30.65 dB on Set5 at ×4', async function () {
    this.timeout(120_000);
    const source = sharedData(this, 'srgan-generator-x4', 'model.safetensors');
    const set5 = sharedData(this, 'set5');
    const out = join(temporary(), 'theirs');
    await importModel({ source, as: 'generator', out });
    const { generator, scale, weights } = await loadGenerator(out);
    const engine = await openEngine('embedded');
    try {
      const state = await engine.createState(weights);
      const upscaler = createUpscaler(engine, state, generator, scale);
      const lr = join(set5, 'LR_bicubic', 'X4');
      let psnr = 0;
      const names = readdirSync(lr).sort();
      const originals = readdirSync(join(set5, 'HR')).sort();
      for (const [index, name] of names.entries()) {
        const sr = await upscaler.upscale(await readImage(join(lr, name)));
        const hr = await readImage(join(set5, 'HR', originals[index]!));
        psnr += scoreImages(sr, hr, { border: 4 }).psnr / names.length;
      }
      assert.equal(psnr.toFixed(2), '30.65');
    } finally {
      await engine.dispose();
    }
  });

  describe('of VGG19', () => {
    const content: ContentConfiguration = { network: 'vgg19', layer: 'conv2_2', width: 1, seed: 0 };

    it('gives the content network that the LayersModel gives, as far as its files are there', async function () {
      const source = sharedData(this, 'vgg19-block1to3');
      const out = join(temporary(), 'vgg');
      const { what } = await importModel({ source, as: 'content', out });
      assert.equal(what, 'VGG19 up to conv3_4');
      assert.deepEqual(
        await contentWeights({ ...content, weights: out }),
        await contentWeights({ ...content, weights: source }),
      );
      await assert.rejects(contentWeights({ ...content, layer: 'conv5_4', weights: out }), {
        name: 'LabError',
        message: /ends with conv3_4/,
      });
      await assert.rejects(loadGenerator(out), { name: 'LabError', message: /is a content network/ });
    });

    it('reads Keras’ HDF5 files, with the names of Keras 1 and of Keras 2', async function () {
      const source = sharedData(this, 'vgg19-block1to3');
      const specs = parameterSpecs(contentNetwork(content));
      const names = specs.map(({ name }) => kerasName(name));
      const tensors = await readLayersModel(source, names);
      const folder = temporary();
      for (const version of [1, 2]) {
        const file = join(folder, `keras-${version}.h5`);
        const { File } = await hdf5Library();
        const { name: inMemory, bytes } = await memoryFile();
        const hdf5 = new File(inMemory, 'w');
        const layers = [...new Set(names.map((name) => name.split('/')[0]!))];
        hdf5.create_attribute('layer_names', ['input_1', ...layers]);
        hdf5.create_group('input_1').create_attribute('weight_names', new Float64Array(0), [0]);
        for (const layer of layers) {
          const group = hdf5.create_group(layer);
          const weights = (['kernel', 'bias'] as const).map((role) => {
            const short = { kernel: 'W', bias: 'b' }[role];
            return { role, name: version === 1 ? `${layer}_${short}_1:0` : `${layer}/${role}:0` };
          });
          group.create_attribute(
            'weight_names',
            weights.map(({ name }) => name),
          );
          if (version === 2) group.create_group(layer);
          for (const { role, name } of weights) {
            const { shape, data } = tensors[`${layer}/${role}`]!;
            group.create_dataset({ name, data, shape: [...shape], dtype: '<f4' });
          }
        }
        hdf5.close();
        await writeFile(file, bytes.read());
        bytes.forget();
        const out = join(folder, `vgg-${version}`);
        await importModel({ source: file, as: 'content', out });
        const card = await readAnyModelCard(out);
        assert.ok(card.kind === 'content');
        assert.deepEqual(card.layers, ['conv1_1', 'conv1_2', 'conv2_1', 'conv2_2']);
        const imported = await readSafetensors(join(out, 'content.safetensors'));
        for (const { name } of specs) assert.deepEqual(imported[name]!.data, tensors[kerasName(name)]!.data);
      }
    });

    it('reads a real file of the old layout, and says that it is another network', async function () {
      const name = 'squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5';
      const source = sharedData(this, 'squeezenet', name);
      await withForeignWeights(source, async (weights) => {
        const { shapes } = weights;
        assert.equal(shapes.size, 50);
        assert.deepEqual(shapes.get('conv1/uniform1'), [3, 3, 3, 64]);
        assert.deepEqual(shapes.get('fire9/expand3x3/uniform25'), [3, 3, 64, 256]);
        const tensors = await weights.read([...shapes.keys()]);
        let numbers = 0;
        for (const [tensor, shape] of shapes) {
          const { shape: read, data } = tensors[tensor]!;
          assert.deepEqual(read, shape, tensor);
          assert.ok(data.every((value) => Math.abs(value) < 10) && data.some((value) => value !== 0), tensor);
          numbers += data.length;
        }
        // SqueezeNet 1.1 without its classifier: Iandola et al. 2016, version 1.1 of its authors.
        assert.equal(numbers, 722_496);
      });
      const out = join(temporary(), 'out');
      await assert.rejects(importModel({ source, as: 'content', out }), {
        name: 'LabError',
        message: /holds no VGG19 that can be used: it is SqueezeNet, 25 layers \(conv1, fire2\/squeeze1x1, /,
      });
      await assert.rejects(importModel({ source, as: 'generator', out }), {
        name: 'LabError',
        message: /holds no generator that is known: it is SqueezeNet/,
      });
      await assert.rejects(importModel({ source, as: 'discriminator', out }), {
        name: 'LabError',
        message: /holds no discriminator that is known: it is SqueezeNet/,
      });
      assert.ok(!existsSync(out));
    });
  });

  it('does not touch a folder with something else in it', async () => {
    const folder = temporary();
    const { model } = await makeGeneratorModel(folder, smallGenerator, 4);
    const exported = join(folder, 'exported');
    await exportModel({ source: model, what: 'generator', format: 'tfjs', out: exported });
    const before = await readFile(join(exported, 'model.json'));
    await assert.rejects(importModel({ source: exported, as: 'generator', out: exported, overwrite: true }), {
      name: 'LabError',
      message: /something else/,
    });
    assert.deepEqual(await readFile(join(exported, 'model.json')), before);
    await assert.rejects(importModel({ source: exported, as: 'generator', out: model }), {
      name: 'LabError',
      message: /is a model already/,
    });
    await importModel({ source: exported, as: 'generator', out: model, overwrite: true });
    assert.equal((await readModelCard(model)).importedFrom, 'exported');
  });
});
