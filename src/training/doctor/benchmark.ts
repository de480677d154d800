/** How fast an engine trains: real steps of the `quick` preset on random patches, and what follows for each preset. */
import type { Benchmark } from '../../protocol/engine-report';
import { presetConfiguration, presetNames, type PresetName } from '../../protocol/presets';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { StageName } from '../../protocol/stage-names';
import type { Engine, NamedTensors } from '../engines/engine';
import { graphFlops } from '../graph/operations';
import type { StepGraph } from '../graph/step-graph';
import { initialState } from '../networks/initial-state';
import { traceStep } from '../run/stage-step';
import { randomInputs } from './random-inputs';

/** Steps before the first counted one: compilation, caches. */
const WARM_UP = 2;
const FEWEST_STEPS = 2;
/** Less time than this is for `quick` alone. */
const BOTH_SECONDS = 5;
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

/** Steps of a preset's two stages, and the rate at which they are computed. */
interface Pace {
  readonly secondsPerStep: Record<StageName, number>;
  readonly flopsPerSecond: Record<StageName, number>;
}

async function measurePace(engine: Engine, configuration: RunConfiguration, budget: number): Promise<Pace> {
  const initial = await initialState(configuration);
  const measure = async (stage: StageName): Promise<[seconds: number, rate: number]> => {
    const graph = traceStep[stage](configuration);
    const seconds = await timeStep(engine, graph, initial, budget / 2);
    return [seconds, graphFlops(graph) / seconds];
  };
  const [pixel, pixelRate] = await measure('pixel');
  const [adversarial, adversarialRate] = await measure('adversarial');
  return {
    secondsPerStep: { pixel, adversarial },
    flopsPerSecond: { pixel: pixelRate, adversarial: adversarialRate },
  };
}

/**
 * Trains for about `seconds` and reports what this machine does with this engine. Wide layers are computed faster than
 * narrow ones, so that two presets are measured where there is the time: `quick`, and `small`, whose pace `paper` is
 * reckoned with.
 */
export async function benchmark(engine: Engine, seconds = 10): Promise<Benchmark> {
  const both = seconds >= BOTH_SECONDS;
  const quick = await measurePace(engine, presetConfiguration('quick'), both ? seconds / 2 : seconds);
  const wide = both ? await measurePace(engine, presetConfiguration('small'), seconds / 2) : quick;
  const secondsOf = (preset: PresetName): number => {
    const configuration = presetConfiguration(preset);
    const { flopsPerSecond } = preset === 'quick' ? quick : wide;
    return configuration.stages.reduce(
      (sum, { name, steps }) =>
        sum + (steps * graphFlops(traceStep[name](configuration))) / flopsPerSecond[name],
      0,
    );
  };
  return {
    secondsPerStep: quick.secondsPerStep,
    gigaflops: {
      pixel: quick.flopsPerSecond.pixel / 1e9,
      adversarial: quick.flopsPerSecond.adversarial / 1e9,
    },
    presets: Object.fromEntries(presetNames.map((name) => [name, secondsOf(name)])) as Record<
      PresetName,
      number
    >,
  };
}
