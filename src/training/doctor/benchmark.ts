/** How fast an engine trains: real steps of the `quick` preset on random patches, and what follows for each preset. */
import type { Benchmark } from '../../protocol/engine-report';
import { presetConfiguration, presetNames, type PresetName } from '../../protocol/presets';
import type { RunConfiguration, StageName } from '../../protocol/run-configuration';
import type { Engine, NamedTensors } from '../engines/engine';
import { graphFlops } from '../graph/operations';
import { elementCount } from '../graph/shape';
import type { StepGraph } from '../graph/step-graph';
import { initialState } from '../networks/initial-state';
import { randomStream } from '../../random/random-stream';
import { traceStep } from '../run/stage-step';

/** Steps before the first counted one: compilation, caches. */
const WARM_UP = 2;
const FEWEST_STEPS = 3;
const SEED = 1;

/** Random patches, and step sizes that leave the weights where they are. */
export function randomInputs(graph: StepGraph): NamedTensors {
  const random = randomStream(SEED, 'benchmark', 0);
  return Object.fromEntries(
    graph.inputs.map(({ name, value }) => {
      const { shape } = graph.values[value]!;
      const data = Float32Array.from({ length: elementCount(shape) }, () => random.uniform());
      // Step sizes that leave the weights where they are: a benchmark must not diverge.
      return [name, { shape, data: shape.length === 0 ? data.fill(1e-8) : data }];
    }),
  );
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** Median seconds of a step, from as many steps as fit into `budget` seconds. */
async function timeStep(
  engine: Engine,
  graph: StepGraph,
  initial: NamedTensors,
  budget: number,
): Promise<number> {
  const state = await engine.createState(initial);
  const executable = await engine.compile(graph, state);
  try {
    const inputs = randomInputs(graph);
    const seconds: number[] = [];
    const end = performance.now() + budget * 1000;
    for (let step = 0; step < WARM_UP + FEWEST_STEPS || performance.now() < end; step++) {
      const start = performance.now();
      await executable.run(inputs);
      if (step >= WARM_UP) seconds.push((performance.now() - start) / 1000);
    }
    return median(seconds);
  } finally {
    executable.dispose();
    state.dispose();
  }
}

/** Trains for about `seconds` and reports what this machine does with this engine. */
export async function benchmark(engine: Engine, seconds = 10): Promise<Benchmark> {
  const quick = presetConfiguration('quick');
  const initial = await initialState(quick);
  const measure = async (stage: StageName) => {
    const graph = traceStep[stage](quick);
    const secondsPerStep = await timeStep(engine, graph, initial, seconds / 2);
    return { secondsPerStep, flopsPerSecond: graphFlops(graph) / secondsPerStep };
  };
  const measured = { pixel: await measure('pixel'), adversarial: await measure('adversarial') };
  const both = <T>(pick: (stage: StageName) => T): Record<StageName, T> => ({
    pixel: pick('pixel'),
    adversarial: pick('adversarial'),
  });
  const secondsOf = (configuration: RunConfiguration): number =>
    configuration.stages.reduce(
      (sum, { name, steps }) =>
        sum + (steps * graphFlops(traceStep[name](configuration))) / measured[name].flopsPerSecond,
      0,
    );
  return {
    secondsPerStep: both((stage) => measured[stage].secondsPerStep),
    gigaflops: both((stage) => measured[stage].flopsPerSecond / 1e9),
    presets: Object.fromEntries(
      presetNames.map((name) => [name, secondsOf(presetConfiguration(name))]),
    ) as Record<PresetName, number>,
  };
}
