import assert from 'node:assert/strict';
import { presets } from '../../../src/protocol/presets';
import { generatorNetwork } from '../../../src/training/networks/generator';
import { initialise } from '../../../src/training/networks/initialise';
import {
  freshMoments,
  initialState,
  isMomentOf,
  isPersistent,
} from '../../../src/training/networks/initial-state';
import { microConfiguration } from '../../support/configurations';

describe('initial weights', () => {
  const network = generatorNetwork(presets.quick.generator, 4);

  it('are the same for a seed, and others for another', () => {
    const kernel = (seed: number): Float32Array =>
      initialise(network, seed)['generator/block1/conv1/kernel']!.data;
    assert.deepEqual(kernel(1), kernel(1));
    assert.notDeepEqual(kernel(1), kernel(2));
  });

  it('have the variance of He et al. before a rectifier, and less in residual branches without normalisation', () => {
    const weights = initialise(network, 1);
    const variance = (name: string): number => {
      const { data } = weights[name]!;
      return data.reduce((sum, value) => sum + value * value, 0) / data.length;
    };
    const fanIn = 9 * presets.quick.generator.channels;
    assert.ok(Math.abs((variance('generator/block1/conv1/kernel') * fanIn) / 2 - 1) < 0.05);
    const { blocks } = presets.quick.generator;
    assert.ok(Math.abs((variance('generator/block1/conv2/kernel') * fanIn * blocks) / 2 - 1) < 0.05);
    assert.equal(variance('generator/output/conv/kernel'), 0);
  });

  it('a run’s state holds both networks, their moments and the content network', async () => {
    const configuration = microConfiguration();
    const state = await initialState(configuration);
    const names = Object.keys(state);
    for (const name of [
      'generator/block1/norm1/mean',
      'discriminator/conv2/kernel',
      'content/conv2_2/bias',
      'adam/m/generator/input/conv/kernel',
      'adam/v/discriminator/dense1/bias',
    ]) {
      assert.ok(names.includes(name), name);
    }
    assert.ok(!names.includes('adam/m/generator/block1/norm1/mean'));
    assert.ok(!names.some((name) => name.startsWith('adam/m/content')));
    assert.deepEqual(
      names.filter((name) => !isPersistent(name)),
      names.filter((name) => name.startsWith('content/')),
    );
    const moments = freshMoments(generatorNetwork(configuration.generator, configuration.scale));
    assert.deepEqual(
      Object.keys(moments).sort(),
      names.filter((name) => isMomentOf('generator', name)).sort(),
    );
    assert.ok(Object.values(moments).every(({ data }) => data.every((value) => value === 0)));
  });

  it('without an adversarial stage there is no discriminator', async () => {
    const stages = microConfiguration().stages.filter(({ name }) => name === 'pixel');
    const names = Object.keys(await initialState(microConfiguration({ stages })));
    assert.ok(names.every((name) => name.includes('generator/')));
  });
});
