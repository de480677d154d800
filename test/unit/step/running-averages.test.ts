/** Batch normalisation at work: running averages instead of the batch's statistics, which it leaves as they are; on every engine. */
import assert from 'node:assert/strict';
import type { Engine, NamedTensors } from '../../../src/training/engines/engine';
import { NativeEngine } from '../../../src/training/engines/native/native-engine';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import { initialState } from '../../../src/training/networks/initial-state';
import { traceInference } from '../../../src/training/step/inference';
import { microConfiguration } from '../../support/configurations';
import { randomTensor } from '../../support/run-operation';
import { realTensorFlow } from '../engines-native/support/real-tensorflow';
import { openEmbedded } from '../engines-wasm/support/embedded';

const { generator, scale } = microConfiguration();
const size = { height: 5, width: 6 };

const engines: Readonly<Record<string, (test: Mocha.Context) => Engine | Promise<Engine>>> = {
  reference: () => openReferenceEngine(),
  embedded: () => openEmbedded({ threads: 2 }),
  native: async (test) => new NativeEngine(await realTensorFlow(test)),
};

/** Running averages of a network that has seen something. */
async function trainedState(): Promise<NamedTensors> {
  const state = { ...(await initialState(microConfiguration())) };
  for (const [name, { shape }] of Object.entries(state)) {
    if (name.endsWith('/mean')) state[name] = randomTensor(shape, name, 0.2);
    if (name.endsWith('/variance')) {
      state[name] = { shape, data: randomTensor(shape, name, 0.3).data.map((value) => 1 + Math.abs(value)) };
    }
  }
  return state;
}

describe('inference', function () {
  this.timeout(60_000);

  it('has no statistics of its own: nothing of a batch is summed, no variable is written', () => {
    const graph = traceInference(generator, scale, { batch: 2, ...size });
    const kinds = new Set(graph.operations.map(({ kind }) => kind));
    assert.ok(kinds.has('BatchNormInference'));
    assert.ok(!kinds.has('BatchNormTraining') && !kinds.has('MovingAverage'));
    assert.ok(graph.variables.every(({ value, update }) => update === undefined || update === value));
  });

  for (const [name, open] of Object.entries(engines)) {
    it(`on the ${name} engine makes of an image the same whatever else is in its batch, and leaves the averages alone`, async function () {
      const engine = await open(this);
      const initial = await trainedState();
      const state = await engine.createState(initial);
      const images = randomTensor([2, size.height, size.width, 3], 'images', 0.3);
      const run = async (batch: number, data: Float32Array): Promise<Float32Array> => {
        const executable = await engine.compile(traceInference(generator, scale, { batch, ...size }), state);
        const { sr } = await executable.run({ lr: { shape: [batch, size.height, size.width, 3], data } });
        executable.dispose();
        return sr!.data;
      };
      const both = await run(2, images.data);
      const alone = await run(1, images.data.slice(0, images.data.length / 2));
      const worst = alone.reduce((most, value, i) => Math.max(most, Math.abs(value - both[i]!)), 0);
      assert.ok(worst < 1e-5, `differs by ${worst}`);
      assert.deepEqual(await state.read(), initial);

      const other = 'generator/block1/norm1/mean';
      await state.write({
        [other]: { shape: initial[other]!.shape, data: initial[other]!.data.map((v) => v + 1) },
      });
      const moved = await run(1, images.data.slice(0, images.data.length / 2));
      assert.ok(
        moved.some((value, i) => Math.abs(value - alone[i]!) > 1e-3),
        'the averages are not used',
      );
      state.dispose();
      await engine.dispose();
    });
  }
});
