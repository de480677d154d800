/**
 * Whole training steps of the embedded engine against the reference engine, which runs them operation by operation in
 * plain JavaScript: losses, every gradient (as Adam's first moment sees it) and running statistics.
 */
import assert from 'node:assert/strict';
import type { RunConfiguration } from '../../../src/protocol/run-configuration';
import type { Engine, NamedTensors } from '../../../src/training/engines/engine';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import type { StepGraph } from '../../../src/training/graph/step-graph';
import { initialState } from '../../../src/training/networks/initial-state';
import { traceAdversarialStep } from '../../../src/training/step/adversarial-step';
import { traceInference } from '../../../src/training/step/inference';
import { tracePixelStep } from '../../../src/training/step/pixel-step';
import { randomTensor } from '../../support/run-operation';
import { openEmbedded } from './support/embedded';
import { smallRun, stepInputs } from './support/small-runs';

interface Outcome {
  readonly outputs: NamedTensors[];
  readonly state: NamedTensors;
}

async function runSteps(
  engine: Engine,
  graph: StepGraph,
  configuration: RunConfiguration,
  steps: number,
  given?: NamedTensors,
): Promise<Outcome> {
  const initial = given ?? (await initialState(configuration));
  const needed = new Set(graph.variables.map(({ name }) => name));
  const state = await engine.createState(
    Object.fromEntries(Object.entries(initial).filter(([name]) => needed.has(name))),
  );
  const executable = await engine.compile(graph, state);
  const outputs: NamedTensors[] = [];
  for (let t = 1; t <= steps; t++) outputs.push(await executable.run(stepInputs(graph, configuration, t)));
  const after = await state.read();
  executable.dispose();
  state.dispose();
  return { outputs, state: after };
}

const norm = (values: Float32Array): number => Math.hypot(...values);

/**
 * The largest relative error among the tensors whose names match. Biases before batch normalisation have no gradient
 * but rounding errors, so errors are measured against no less than a thousandth of all tensors together.
 */
function worst(actual: NamedTensors, expected: NamedTensors, names: RegExp): [number, string] {
  const chosen = Object.keys(expected).filter((name) => names.test(name));
  const least = 1e-3 * Math.hypot(...chosen.map((name) => norm(expected[name]!.data)));
  return chosen
    .map((name): [number, string] => {
      const reference = expected[name]!.data;
      const difference = actual[name]!.data.map((value, i) => value - reference[i]!);
      return [norm(difference) / Math.max(norm(reference), least), name];
    })
    .reduce((a, b) => (b[0] > a[0] || Number.isNaN(b[0]) ? b : a), [0, 'none']);
}

const cases: { name: string; configuration: RunConfiguration; trace: (c: RunConfiguration) => StepGraph }[] =
  [
    { name: 'pixel stage, batch normalisation', configuration: smallRun({}), trace: tracePixelStep },
    {
      name: 'pixel stage, bicubic skip, one slope a layer, ×3, odd sides',
      configuration: smallRun({
        scale: 3,
        data: { patch: 21, batch: 3, flips: true, quarterTurns: true },
        generator: { blocks: 1, channels: 9, normalisation: 'none', prelu: 'layer', globalSkip: 'bicubic' },
      }),
      trace: tracePixelStep,
    },
    { name: 'adversarial stage', configuration: smallRun({}), trace: traceAdversarialStep },
    {
      name: 'adversarial stage, no pixel loss, ×2, odd sides',
      configuration: smallRun({
        scale: 2,
        data: { patch: 22, batch: 1, flips: true, quarterTurns: true },
        lossWeights: { pixel: 0, content: 1, adversarial: 1e-3 },
      }),
      trace: traceAdversarialStep,
    },
  ];

describe('embedded engine, whole steps against the reference', () => {
  for (const { name, configuration, trace } of cases) {
    it(name, async function () {
      this.timeout(60_000);
      const graph = trace(configuration);
      const reference = openReferenceEngine();
      const expected = await runSteps(reference, graph, configuration, 1);
      await reference.dispose();
      for (const exactness of ['direct', 'winograd2', 'winograd4', 'winograd6'] as const) {
        const engine = await openEmbedded({ exactness, threads: 2 });
        const actual = await runSteps(engine, graph, configuration, 1);
        await engine.dispose();
        const [lossError, loss] = worst(actual.outputs[0]!, expected.outputs[0]!, /./);
        assert.ok(lossError < 1e-5, `${exactness}: ${loss} is off by ${lossError}`);
        const [gradientError, gradient] = worst(actual.state, expected.state, /^adam\/m/);
        assert.ok(gradientError < 1e-4, `${exactness}: gradient ${gradient} is off by ${gradientError}`);
        const [statisticsError, statistics] = worst(actual.state, expected.state, /\/(mean|variance)$/);
        assert.ok(statisticsError < 1e-5, `${exactness}: ${statistics} is off by ${statisticsError}`);
      }
    });
  }

  it('inference, odd sides, normalised by any statistics', async () => {
    const configuration = smallRun({});
    // As training might leave them: nothing is zero or one any more, and variances stay positive.
    const state = Object.fromEntries(
      Object.entries(await initialState(configuration)).map(([name, { shape, data }]) => {
        const change = randomTensor(shape, name, 0.2).data;
        return [name, { shape, data: data.map((value, i) => value + Math.max(-0.5, change[i]!)) }];
      }),
    );
    const graph = traceInference(configuration.generator, configuration.scale, {
      batch: 1,
      height: 13,
      width: 18,
    });
    const reference = openReferenceEngine();
    const engine = await openEmbedded();
    const expected = await runSteps(reference, graph, configuration, 1, state);
    const actual = await runSteps(engine, graph, configuration, 1, state);
    const [error] = worst(actual.outputs[0]!, expected.outputs[0]!, /sr/);
    await engine.dispose();
    await reference.dispose();
    assert.ok(error < 1e-5, `off by ${error}`);
  });

  it('bit-identical for 1, 2 and 3 threads over several steps', async function () {
    this.timeout(60_000);
    const configuration = smallRun({});
    const graph = traceAdversarialStep(configuration);
    const outcomes: Outcome[] = [];
    for (const threads of [1, 2, 3]) {
      const engine = await openEmbedded({ threads });
      outcomes.push(await runSteps(engine, graph, configuration, 3));
      await engine.dispose();
    }
    assert.deepEqual(outcomes[1], outcomes[0]);
    assert.deepEqual(outcomes[2], outcomes[0]);
  });
});
