import assert from 'node:assert/strict';
import { zeros } from '@tensorflow/tfjs-core';
import type { Scale } from '../../../src/protocol/run-configuration';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import { contentNetwork } from '../../../src/training/networks/content';
import { discriminatorNetwork } from '../../../src/training/networks/discriminator';
import { generatorNetwork } from '../../../src/training/networks/generator';
import { initialise } from '../../../src/training/networks/initialise';
import { parameterCount, parameterSpecs, receptiveRadius } from '../../../src/training/networks/parameters';
import { interpret } from '../../../src/training/networks/interpret';
import { traceStep } from '../../../src/training/graph/trace';
import { traceInference } from '../../../src/training/step/inference';
import { microConfiguration, presetConfiguration } from '../../support/configurations';
import { randomTensor, runGraph } from '../../support/run-operation';

const paper = presetConfiguration('paper');
const scales: readonly Scale[] = [2, 3, 4, 8];

describe('networks', () => {
  it('the generator has 1.549 M parameters with a slope a layer, 1.551 M with one a channel', () => {
    const count = (prelu: 'layer' | 'channel'): number =>
      parameterCount(generatorNetwork({ ...paper.generator, prelu }, 4));
    assert.equal(count('layer'), 1_549_462);
    assert.equal(count('channel'), 1_550_659);
  });

  it('the discriminator has 23.57 M parameters at 96²', () => {
    assert.equal(parameterCount(discriminatorNetwork(paper.discriminator, 96)), 23_565_505);
  });

  it('VGG19 up to conv2_2 and conv5_4 has the parameters of the original', () => {
    const count = (layer: 'conv2_2' | 'conv5_4'): number =>
      parameterCount(contentNetwork({ ...paper.content, layer }));
    assert.equal(count('conv2_2'), 260_160);
    assert.equal(count('conv5_4'), 20_024_384);
  });

  it('names are unique and follow the convention of the state', () => {
    const names = [
      ...parameterSpecs(generatorNetwork(paper.generator, 4)),
      ...parameterSpecs(discriminatorNetwork(paper.discriminator, 96)),
      ...parameterSpecs(contentNetwork(paper.content)),
    ].map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const name of [
      'generator/block1/conv1/kernel',
      'generator/block16/norm2/variance',
      'discriminator/dense1/bias',
      'content/conv5_4/kernel',
    ]) {
      assert.ok(names.includes(name), name);
    }
  });

  for (const scale of scales) {
    it(`enlarges images of any size by ${scale}`, () => {
      const graph = traceInference(paper.generator, scale, { batch: 1, height: 7, width: 5 });
      const output = graph.values[graph.outputs[0]!.value]!.shape;
      assert.deepEqual(output, [1, 7 * scale, 5 * scale, 3]);
    });

    it(`the receptive radius at ×${scale} is an upper bound that is reached within a pixel`, async () => {
      const generator = { ...microConfiguration().generator, globalSkip: 'bicubic' as const };
      const radius = receptiveRadius(generator, scale);
      const side = 2 * radius + 5;
      const centre = radius + 2;
      const graph = traceInference(generator, scale, { batch: 1, height: side, width: side });
      const engine = openReferenceEngine();
      const state = initialise(generatorNetwork(generator, scale), 3);
      state['generator/output/conv/kernel'] = randomTensor([9, 9, 4, 3], 'output');
      const lr = randomTensor([1, side, side, 3], 'lr', 0.3);
      const changed = { ...lr, data: lr.data.slice() };
      changed.data.fill(5, (centre * side + centre) * 3, (centre * side + centre + 1) * 3);
      const [before, after] = [
        (await runGraph(engine, graph, { lr }, state))['sr']!,
        (await runGraph(engine, graph, { lr: changed }, state))['sr']!,
      ];
      let reach = 0;
      for (let row = 0; row < side * scale; row++) {
        for (let column = 0; column < side * scale; column++) {
          const at = (row * side * scale + column) * 3;
          if (before.data[at] === after.data[at]) continue;
          const distance = (position: number): number => Math.abs(Math.floor(position / scale) - centre);
          reach = Math.max(reach, distance(row), distance(column));
        }
      }
      assert.ok(reach <= radius && reach >= radius - 1, `reached ${reach}, radius ${radius}`);
    });
  }

  it('the paper’s generator sees 40 LR pixels around at ×4', () => {
    assert.equal(receptiveRadius(paper.generator, 4), 40);
  });

  it('refuses a patch that is too small for the content layer, naming the operation', () => {
    assert.throws(() => traceContent(8), /MaxPool: \[1, 1, 1, \d+\] is smaller than a window/);
  });
});

function traceContent(side: number): unknown {
  return traceStep({ inputs: { x: [1, side, side, 3] }, variables: {} }, (step) => {
    const network = contentNetwork({ ...paper.content, width: 1 / 64 });
    interpret(network, step.input('x'), {
      parameter: (name) => zeros([...parameterSpecs(network).find((spec) => spec.name === name)!.shape]),
      mode: 'training',
    });
  });
}
