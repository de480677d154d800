import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../../src/folders/lab-error';
import type { ContentConfiguration } from '../../../src/protocol/run-configuration';
import type { HostTensor, NamedTensors } from '../../../src/training/engines/engine';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import { traceStep } from '../../../src/training/graph/trace';
import { contentNetwork } from '../../../src/training/networks/content';
import { contentWeights } from '../../../src/training/networks/content-weights';
import { interpret } from '../../../src/training/networks/interpret';
import type { Network } from '../../../src/training/networks/network';
import { parameterSpecs } from '../../../src/training/networks/parameters';
import { randomTensor, runGraph, runOperation } from '../../support/run-operation';
import { sharedData } from '../../support/shared-data';
import { temporaryFolders } from '../../support/temporary-folder';

const random: ContentConfiguration = { network: 'random-vgg', layer: 'conv2_2', width: 0.125, seed: 4 };

/** Pixels in [0, 1]. */
function photograph(side: number): HostTensor {
  const { shape, data } = randomTensor([1, side, side, 3], 'photograph', 0.2);
  return { shape, data: data.map((value) => Math.min(1, Math.max(0, 0.5 + value))) };
}

/** What a network makes of an image. */
async function features(network: Network, weights: NamedTensors, image: HostTensor): Promise<HostTensor> {
  const variables = Object.fromEntries(parameterSpecs(network).map(({ name, shape }) => [name, shape]));
  const graph = traceStep({ inputs: { image: image.shape }, variables }, (step) => {
    const parameter = (name: string) => step.variable(name);
    step.output('features', interpret(network, step.input('image'), { parameter, mode: 'inference' }));
  });
  return (await runGraph(openReferenceEngine(), graph, { image }, weights))['features']!;
}

/** A LayersModel with the first block of a VGG19 of zeros. */
async function writeModel(
  folder: string,
  change: (model: { weightsManifest: object[] }) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const layers = [
    ['block1_conv1', 3, 64],
    ['block1_conv2', 64, 64],
    ['block2_conv1', 64, 128],
    ['block2_conv2', 128, 128],
  ] as const;
  const weightsManifest = layers.map(([name, inputs, outputs], index) => ({
    paths: [`group${index + 1}`],
    weights: [
      { name: `${name}/kernel`, shape: [3, 3, inputs, outputs], dtype: 'float32' },
      { name: `${name}/bias`, shape: [outputs], dtype: 'float32' },
    ],
  }));
  for (const [index, [, inputs, outputs]] of layers.entries()) {
    await writeFile(join(folder, `group${index + 1}`), new Uint8Array(4 * outputs * (9 * inputs + 1)));
  }
  const model = { weightsManifest };
  change(model);
  await writeFile(join(folder, 'model.json'), JSON.stringify(model));
}

describe('content network', () => {
  it('has random weights that depend on its own seed, and features of the size of VGG’s', async () => {
    const weights = await contentWeights(random);
    const same = await contentWeights(random);
    const other = await contentWeights({ ...random, seed: 5 });
    assert.deepEqual(weights, same);
    assert.notDeepEqual(weights, other);
    const { data } = await features(contentNetwork(random), weights, photograph(16));
    const size = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
    assert.ok(size > 10 && size < 500, `root mean square ${size}`);
  });

  it('reads ImageNet’s VGG19 so that it sees what Caffe’s preprocessing would give it', async function () {
    const folder = sharedData(this, 'vgg19-block1to3');
    const content: ContentConfiguration = { ...random, network: 'vgg19', weights: folder };
    const weights = await contentWeights(content);

    // The first layer by the book: BGR from 0 to 255 without the mean, and the kernel as it lies in the file.
    const image = photograph(12);
    const means = [103.939, 116.779, 123.68];
    const caffe = image.data.map((_, i) => 255 * image.data[i - (i % 3) + 2 - (i % 3)]! - means[i % 3]!);
    const file = await readFile(join(folder, 'group1-shard1of1'));
    const numbers = new Float32Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
    const kernel = { shape: [3, 3, 3, 64], data: numbers.slice(0, 1728) };
    const bias = numbers.slice(1728);
    const input = { shape: image.shape, data: caffe };
    const convolution = { stride: 1, padding: 'same' } as const;
    const [expected] = await runOperation(openReferenceEngine(), 'Conv2D', [input, kernel], convolution);

    const network = contentNetwork(content);
    const firstLayer = { ...network, nodes: network.nodes.slice(0, 2), output: 'conv1_1' };
    (await features(firstLayer, weights, image)).data.forEach((value, i) => {
      const byTheBook = expected!.data[i]! + bias[i % 64]!;
      assert.ok(Math.abs(value - byTheBook) < 2e-3, `element ${i}: ${value}, ${byTheBook}`);
    });

    const map = await features(network, weights, photograph(16));
    assert.deepEqual(map.shape, [1, 8, 8, 128]);
    assert.ok(map.data.some((value) => value > 10));
  });

  it('says which layer and file are missing when only some blocks were imported', async function () {
    const folder = sharedData(this, 'vgg19-block1to3');
    await assert.rejects(
      contentWeights({ ...random, network: 'vgg19', layer: 'conv5_4', weights: folder }),
      (error: unknown) =>
        error instanceof LabError &&
        /group9-shard\dof2 is missing\. It holds block4_conv1\/kernel/.test(error.message),
    );
  });

  describe('a damaged import', () => {
    const temporaryFolder = temporaryFolders();
    const attempt = (folder: string): Promise<unknown> =>
      contentWeights({ ...random, network: 'vgg19', weights: 'vgg' }, folder);
    const cases: [string, (folder: string) => Promise<void>, RegExp][] = [
      ['no folder', () => Promise.resolve(), /vgg/],
      [
        'no weights of that name',
        (folder) => writeModel(folder, (model) => model.weightsManifest.pop()),
        /has no weights block2_conv2\/kernel/,
      ],
      [
        'a truncated file',
        async (folder) => {
          await writeModel(folder, () => undefined);
          await writeFile(join(folder, 'group2'), new Uint8Array(100));
        },
        /group2 in .* should hold 147712 bytes but has 100/,
      ],
      [
        'a file outside of the folder',
        (folder) =>
          writeModel(folder, (model) => {
            Object.assign(model.weightsManifest[0]!, { paths: ['../../secret'] });
          }),
        /names a file outside of its folder: \.\.\/\.\.\/secret/,
      ],
      [
        'quantised weights',
        (folder) =>
          writeModel(folder, (model) => {
            const group = model.weightsManifest[0] as { weights: object[] };
            Object.assign(group.weights[0]!, { quantization: { dtype: 'uint8' } });
          }),
        /not plain float32/,
      ],
    ];
    for (const [name, prepare, message] of cases) {
      it(name, async () => {
        const folder = temporaryFolder();
        await prepare(join(folder, 'vgg'));
        await assert.rejects(attempt(folder), (error: unknown) => {
          assert.ok(error instanceof LabError, String(error));
          assert.match(error.message, message);
          return true;
        });
      });
    }

    it('a whole one is read', async () => {
      const folder = temporaryFolder();
      await writeModel(join(folder, 'vgg'), () => undefined);
      await attempt(folder);
    });
  });
});
