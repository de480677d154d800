/** Features and classifiers on the engine: what is read off, what learns and what stays, and that a resume changes nothing. */
import assert from 'node:assert/strict';
import { fineTuningSchema, type FineTuning } from '../../../src/protocol/transfer';
import type { NamedTensors } from '../../../src/training/engines/engine';
import { EmbeddedEngine } from '../../../src/training/engines/wasm/embedded-engine';
import { traceStep } from '../../../src/training/graph/trace';
import { contentNetwork } from '../../../src/training/networks/content';
import { discriminatorNetwork } from '../../../src/training/networks/discriminator';
import { generatorNetwork } from '../../../src/training/networks/generator';
import { initialise } from '../../../src/training/networks/initialise';
import { interpret } from '../../../src/training/networks/interpret';
import { noiseGenerator } from '../../../src/training/networks/noise-generator';
import type { LabelledImages } from '../../../src/training/transfer/data/labelled-images';
import { extractFeatures, imageBatch } from '../../../src/training/transfer/features/extract';
import { cells, poolAverage, poolGrid } from '../../../src/training/transfer/features/pooling';
import { stagesOf, totalStride, trunkOf, type Trunk } from '../../../src/training/transfer/features/trunk';
import { augmentedBatch } from '../../../src/training/transfer/finetune/augment';
import {
  epochsOfPatience,
  fromScratch,
  frozenStages,
  stepsPerEpoch,
  unfrozenFrom,
} from '../../../src/training/transfer/finetune/schedule';
import {
  trainClassifier,
  type ClassifierTask,
  type EpochReport,
  type TrainingState,
} from '../../../src/training/transfer/finetune/train-classifier';
import { startOfClassifier } from '../../../src/training/transfer/methods';
import { presetConfiguration } from '../../support/configurations';
import { makeImage } from '../../support/pictures';

const SIDE = 12;
const layers = {
  layers: [
    { channels: 4, stride: 1 as const },
    { channels: 6, stride: 2 as const },
    { channels: 8, stride: 2 as const },
  ],
  denseUnits: 4,
};

function microTrunk(): Trunk {
  const network = discriminatorNetwork(layers, 24);
  return trunkOf('a discriminator', network, initialise(network, 3));
}

/** Two classes that brightness alone tells apart. */
function brightAndDark(count: number): LabelledImages {
  const images = Array.from({ length: count }, (_, row) => ({ file: `${row}`, label: row % 2, group: row }));
  const pixels = new Uint8Array(count * SIDE * SIDE * 3);
  images.forEach(({ label }, row) => {
    const picture = makeImage(SIDE, SIDE, row + 1).data.map((value) => value / 2 + 120 * label);
    pixels.set(picture, row * picture.length);
  });
  return { side: SIDE, classes: ['dark', 'bright'], images, pixels, problems: [] };
}

describe('transfer on the engine', function () {
  this.timeout(60_000);
  let engine: EmbeddedEngine;
  before(async () => {
    engine = await EmbeddedEngine.open({ threads: 1 });
  });
  after(() => engine.dispose());

  it('a network’s stages are its convolutions, or its blocks', () => {
    const names = (network: Parameters<typeof stagesOf>[0]): string[] =>
      stagesOf(network).map(({ name }) => name);
    const { content, generator } = presetConfiguration('quick');
    assert.deepEqual(names(discriminatorNetwork(layers, 24)), ['conv1', 'conv2', 'conv3']);
    assert.deepEqual(names(generatorNetwork({ ...generator, blocks: 2 }, 4)), [
      'input',
      'block1',
      'block2',
      'trunk',
    ]);
    assert.deepEqual(names(contentNetwork(content)), ['conv1_1', 'conv1_2', 'conv2_1', 'conv2_2']);
    assert.equal(totalStride(microTrunk().network), 4);
  });

  it('features are the pooled results of the stages, whatever the batch', async () => {
    const trunk = microTrunk();
    const data = brightAndDark(5);
    const features = await extractFeatures(engine, trunk, data, { batch: 3 });
    assert.deepEqual(
      features.map(({ pooled }) => [pooled.grid.columns, pooled.average.columns]),
      [
        [64, 4],
        [96, 6],
        [72, 8],
      ],
    );
    // The same image by itself, to the same numbers.
    const last = { ...data, images: data.images.slice(4), pixels: data.pixels.subarray(4 * SIDE * SIDE * 3) };
    const alone = await extractFeatures(engine, trunk, last, { batch: 1 });
    alone.forEach(({ pooled }, stage) => {
      const whole = features[stage]!.pooled;
      const close = (a: Float32Array, b: Float32Array): boolean =>
        a.every((value, i) => Math.abs(value - b[i]!) < 1e-5);
      assert.ok(close(pooled.grid.data, whole.grid.data.subarray(4 * whole.grid.columns)));
      assert.ok(close(pooled.average.data, whole.average.data.subarray(4 * whole.average.columns)));
    });
  });

  it('the grid takes maxima of cells that cover everything, the average means', () => {
    assert.deepEqual(cells(3), [
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    assert.deepEqual(cells(6), [
      [0, 2],
      [1, 3],
      [3, 5],
      [4, 6],
    ]);
    const data = Float32Array.from({ length: 2 * 8 * 4 }, (_, i) => (i * 7) % 64);
    const maps = { height: 8, width: 4, channels: 1, data };
    const [grid, average] = [new Float32Array(16), new Float32Array(1)];
    poolGrid(maps, 1, grid, 0);
    poolAverage(maps, 1, average, 0);
    assert.equal(grid[0], Math.max(data[32]!, data[36]!));
    assert.equal(average[0], data.subarray(32).reduce((a, b) => a + b, 0) / 32);
  });

  it('unfreezing goes stage by stage from the last on, down to the frozen ones', () => {
    const gradual = { frozen: 1, unfreezing: 'gradual' as const, epochsPerStage: 2 };
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 20].map((epoch) => frozenStages(gradual, 3, epoch)),
      [3, 3, 2, 2, 1, 1, 1],
    );
    assert.equal(unfrozenFrom(gradual, 3), 4);
    assert.equal(frozenStages({ ...gradual, unfreezing: 'at-once' }, 3, 0), 1);
  });

  it('augmentation moves an image within its edges, and depends on seed and step alone', () => {
    const data = brightAndDark(3);
    const plain = augmentedBatch(data, [2, 0], { shift: 0, flips: false }, 1, 0);
    assert.deepEqual(plain.data.subarray(0, SIDE * SIDE * 3), imageBatch(data, 2, 1).data);
    const settings = { shift: 3, flips: true };
    const moved = augmentedBatch(data, [1, 1, 1], settings, 1, 4);
    assert.deepEqual(augmentedBatch(data, [1, 1, 1], settings, 1, 4), moved);
    assert.notDeepEqual(augmentedBatch(data, [1, 1, 1], settings, 1, 5), moved);
    const values = new Set(imageBatch(data, 1, 1).data);
    assert.ok(moved.data.every((value) => values.has(value)));
  });

  function taskOf(settings: Partial<FineTuning>): { task: ClassifierTask; weights: NamedTensors } {
    const trunk = microTrunk();
    const images = brightAndDark(24);
    const rows = images.images.map((_, row) => row);
    const { network, weights } = startOfClassifier(trunk, 2, true, 0);
    const parts = { train: rows.slice(0, 16), validation: rows.slice(16) };
    const base = { batch: 8, epochs: 4, trunkRate: 1e-3, headRate: 1e-2, shift: 1 };
    const all = fineTuningSchema.parse({ ...base, ...settings });
    return { task: { network, stages: trunk.stages, images, ...parts, settings: all, seed: 5 }, weights };
  }

  it('a classifier learns; frozen layers stay as they are, the statistics of their batches included', async () => {
    const { task, weights } = taskOf({ frozen: 2, unfreezing: 'at-once' });
    const reports: EpochReport[] = [];
    let state: TrainingState | undefined;
    const trained = await trainClassifier(engine, task, weights, {
      onEpoch: async (report, copy) => {
        reports.push(report);
        state = await copy();
      },
    });
    assert.equal(trained.best.accuracy, 1);
    assert.ok(reports.at(-1)!.loss < reports[0]!.loss);
    // Two classes that are easily told apart: all are right in the end, which is a share of one and no more.
    assert.equal(reports.at(-1)!.accuracy, 1);
    for (const name of Object.keys(weights)) {
      const stays = /\/(conv|norm)[12]\//.test(name);
      const same = Buffer.from(state!.tensors[name]!.data.buffer).equals(
        Buffer.from(weights[name]!.data.buffer),
      );
      // The head’s bias may not move where both classes are met alike.
      if (stays || !name.endsWith('bias')) assert.equal(same, stays, name);
    }
  });

  it('stopped after any epoch and gone on with, it ends with the same bits', async () => {
    const { task, weights } = taskOf({ unfreezing: 'gradual', epochsPerStage: 1 });
    const states: TrainingState[] = [];
    const whole = await trainClassifier(engine, task, weights, {
      onEpoch: async (_report, copy) => void states.push(await copy()),
    });
    assert.equal(states.length, 4);
    for (const from of states.slice(0, 3)) {
      let last: TrainingState | undefined;
      const rest = await trainClassifier(engine, task, weights, {
        from,
        onEpoch: async (_report, copy) => {
          last = await copy();
        },
      });
      assert.deepEqual(last!.tensors, states[3]!.tensors);
      assert.deepEqual(rest, whole);
    }
  });

  it('few labels do not make a short training: patience is in epochs and in steps, both', () => {
    const settings = fineTuningSchema.parse({});
    const patienceOf = (images: number): number => {
      const steps = stepsPerEpoch(images, Math.min(settings.batch, images));
      return steps * epochsOfPatience(settings, steps);
    };
    // Ten images and a thousand: no fewer than 400 steps without a better validation; ten epochs where those are more.
    assert.deepEqual([10, 1000, 6400].map(patienceOf), [400, 416, 2000]);
  });

  it('from scratch nothing is frozen, and all of it learns at the rate of the head', async () => {
    const settings = fineTuningSchema.parse({ frozen: 2, trunkRate: 1e-5, headRate: 1e-2 });
    const { frozen, unfreezing, trunkRate, ...rest } = fromScratch(settings);
    assert.deepEqual([frozen, unfreezing, trunkRate], [0, 'at-once', 1e-2]);
    const { frozen: _, unfreezing: __, trunkRate: ___, ...others } = settings;
    assert.deepEqual(rest, others);

    const { task } = taskOf({});
    const { weights } = startOfClassifier(microTrunk(), 2, false, 0);
    const frozenAt: number[] = [];
    await trainClassifier(engine, { ...task, settings: fromScratch(task.settings) }, weights, {
      onEpoch: (report) => void frozenAt.push(report.frozen),
    });
    assert.deepEqual(frozenAt, [0, 0, 0, 0]);
  });

  it('early stopping keeps the best epoch', async () => {
    const { task, weights } = taskOf({ epochs: 50, patience: 2, patienceSteps: 1, unfreezing: 'at-once' });
    const reports: EpochReport[] = [];
    const trained = await trainClassifier(engine, task, weights, {
      onEpoch: (report) => void reports.push(report),
    });
    const best = reports.findLast((report) => report.best)!;
    assert.equal(trained.best.epoch, best.epoch);
    assert.equal(trained.epochs, Math.min(50, best.epoch + 2));
  });

  it('the generator of noise ends at the side of the patches', () => {
    for (const side of [24, 48, 96, 20]) {
      const network = noiseGenerator(side);
      const weights = initialise(network, 1);
      const shapes = Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape]));
      const graph = traceStep({ inputs: { noise: [1, 1, 1, 100] }, variables: shapes }, (step) => {
        step.output(
          'picture',
          interpret(network, step.input('noise'), {
            parameter: (name) => step.variable(name),
            mode: 'inference',
          }),
        );
      });
      assert.deepEqual(graph.values[graph.outputs[0]!.value]!.shape, [1, side, side, 3]);
    }
  });
});
