import assert from 'node:assert/strict';
import type { Engine, NamedTensors } from '../../../src/training/engines/engine';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import type { StepGraph } from '../../../src/training/graph/step-graph';
import { initialState } from '../../../src/training/networks/initial-state';
import { adamScalars } from '../../../src/training/step/adam';
import { traceAdversarialStep } from '../../../src/training/step/adversarial-step';
import { tracePixelStep } from '../../../src/training/step/pixel-step';
import type { RunConfiguration } from '../../../src/protocol/run-configuration';
import { microConfiguration } from '../../support/configurations';
import { randomTensor, scalarTensor } from '../../support/run-operation';

/** A smooth batch: HR is a random image, LR something like it. */
function batchInputs(
  graph: StepGraph,
  configuration: RunConfiguration,
  learningRate: number,
  t: number,
): NamedTensors {
  const { stepSize, epsilon } = adamScalars(configuration.adam, learningRate, t);
  return Object.fromEntries(
    graph.inputs.map(({ name, value }) => {
      const { shape } = graph.values[value]!;
      if (name.endsWith('/stepSize')) return [name, scalarTensor(stepSize)];
      if (name.endsWith('/epsilon')) return [name, scalarTensor(epsilon)];
      return [name, randomTensor(shape, name, 0.3)];
    }),
  );
}

/** Runs `steps` steps from a run's initial state. */
async function train(
  engine: Engine,
  graph: StepGraph,
  configuration: RunConfiguration,
  { steps, learningRate, initial }: { steps: number; learningRate: number; initial?: NamedTensors },
): Promise<{ outputs: Record<string, number>[]; state: NamedTensors }> {
  const state = await engine.createState(initial ?? (await initialState(configuration)));
  const executable = await engine.compile(graph, state);
  const outputs: Record<string, number>[] = [];
  for (let t = 1; t <= steps; t++) {
    const results = await executable.run(batchInputs(graph, configuration, learningRate, t));
    outputs.push(Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data[0]!])));
  }
  const final = await state.read();
  executable.dispose();
  state.dispose();
  return { outputs, state: final };
}

function changed(before: NamedTensors, after: NamedTensors): string[] {
  return Object.keys(before).filter((name) =>
    before[name]!.data.some((value, index) => value !== after[name]!.data[index]),
  );
}

describe('training steps', function () {
  this.timeout(60_000);
  let engine: Engine;
  beforeEach(() => {
    engine = openReferenceEngine();
  });
  afterEach(() => engine.dispose());

  it('the pixel step changes the generator, its running averages and its moments, and nothing else', async () => {
    const configuration = microConfiguration();
    const initial = await initialState(configuration);
    const { state } = await train(engine, tracePixelStep(configuration), configuration, {
      steps: 2,
      learningRate: 1e-3,
      initial,
    });
    const names = changed(initial, state);
    assert.ok(names.every((name) => name.includes('generator/')));
    const unchanged = Object.keys(initial).filter(
      (name) => name.includes('generator/') && !names.includes(name),
    );
    assert.deepEqual(unchanged, []);
  });

  it('the adversarial step changes both networks, and never the content network', async () => {
    const configuration = microConfiguration();
    const initial = await initialState(configuration);
    const { state, outputs } = await train(engine, traceAdversarialStep(configuration), configuration, {
      steps: 2,
      learningRate: 1e-3,
      initial,
    });
    const unchanged = Object.keys(initial).filter((name) => !changed(initial, state).includes(name));
    assert.deepEqual(
      unchanged.filter((name) => !name.startsWith('content/')),
      [],
    );
    assert.ok(unchanged.length > 0);
    const { pixel, content, adversarial } = configuration.lossWeights;
    for (const losses of outputs) {
      const weighted =
        pixel * losses['generator/pixel']! +
        content * losses['generator/content']! +
        adversarial * losses['generator/adversarial']!;
      assert.ok(Math.abs(losses['generator/total']! / weighted - 1) < 1e-5);
      assert.ok(losses['discriminator/realMean']! > 0 && losses['discriminator/realMean']! < 1);
    }
  });

  it('running averages follow the statistics of the batch with momentum 0.9, D’s of real and of fake', () => {
    const configuration = microConfiguration();
    const graph = traceAdversarialStep(configuration);
    const averages = graph.operations.filter(({ kind }) => kind === 'MovingAverage');
    assert.ok(averages.every(({ attributes }) => attributes['momentum'] === 0.9));
    const updatesOf = (name: string): number => {
      const { value, update } = graph.variables.find((variable) => variable.name === name)!;
      const [average, values] = averages.find(({ outputs }) => outputs[0] === update)!.inputs;
      assert.equal(average, value);
      return graph.values[values!]!.shape[0]!;
    };
    assert.equal(updatesOf('generator/block1/norm1/mean'), 1);
    assert.equal(updatesOf('discriminator/norm2/variance'), 2);
  });

  it('is the same to the bit when it is run again', async () => {
    const configuration = microConfiguration();
    const graph = traceAdversarialStep(configuration);
    const options = { steps: 3, learningRate: 1e-3 };
    const first = await train(engine, graph, configuration, options);
    const second = await train(openReferenceEngine(), graph, configuration, options);
    assert.deepEqual(first, second);
  });

  it('the losses fall when one batch is seen over and over', async () => {
    const configuration = microConfiguration();
    const pixel = await train(engine, tracePixelStep(configuration), configuration, {
      steps: 40,
      learningRate: 1e-2,
    });
    const pixelLoss = pixel.outputs.map((losses) => losses['generator/pixel']!);
    assert.ok(pixelLoss.at(-1)! < 0.5 * pixelLoss[0]!, `${pixelLoss[0]} → ${pixelLoss.at(-1)}`);

    const adversarial = await train(engine, traceAdversarialStep(configuration), configuration, {
      steps: 25,
      learningRate: 3e-3,
    });
    const last = adversarial.outputs.at(-1)!;
    assert.ok(last['discriminator/realMean']! > last['discriminator/fakeMean']!);
    assert.ok(last['generator/total']! < adversarial.outputs[0]!['generator/total']!);
  });

  it('a term without weight is reported but not trained for', () => {
    const configuration = microConfiguration({ lossWeights: { pixel: 1, content: 0, adversarial: 0 } });
    const graph = traceAdversarialStep(configuration);
    assert.ok(graph.outputs.some(({ name }) => name === 'generator/content'));
    assert.ok(!graph.operations.some(({ kind }) => kind === 'MaxPoolGrad'));
    assert.throws(
      () =>
        traceAdversarialStep(microConfiguration({ lossWeights: { pixel: 0, content: 0, adversarial: 0 } })),
      /all weights of the loss are zero/,
    );
  });

  it('Adam’s first update is the learning rate, as its authors derive', () => {
    const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    for (const gradient of [1e-3, 20]) {
      const { stepSize, epsilon } = adamScalars(adam, 0.01, 1);
      const m = (1 - adam.beta1) * gradient;
      const v = (1 - adam.beta2) * gradient ** 2;
      const update = (stepSize * m) / (Math.sqrt(v) + epsilon);
      const byThePaper = (0.01 * gradient) / (gradient + adam.epsilon);
      assert.ok(Math.abs(update / byThePaper - 1) < 1e-12);
    }
    const late = adamScalars(adam, 0.01, 1e7);
    assert.ok(Math.abs(late.stepSize - 0.01) < 1e-12 && Math.abs(late.epsilon - 1e-8) < 1e-16);
  });
});
