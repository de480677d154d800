/**
 * Where the time of a step goes, by operation and by layer. On the embedded engine every kernel call of the real plan is timed;
 * on the native engine the step is run operation by operation, because TensorFlow's C API does not tell the times within a
 * function.
 */
import type { EngineProfile, ProfileShare, StageProfile } from '../../protocol/engine-profile';
import type { EngineName } from '../../protocol/engine-report';
import { defaultEngineSettings } from '../../protocol/engine-settings';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { StageName } from '../../protocol/stage-names';
import { openEmbedded, openEngineByName, tensorFlowOptions } from '../engines/open-engine';
import type { Engine, NamedTensors } from '../engines/engine';
import { TensorFlow } from '../engines/native/tensorflow';
import { timeOperations } from '../engines/native/time-operations';
import type { StepGraph } from '../graph/step-graph';
import { initialState } from '../networks/initial-state';
import { traceStep } from '../run/stage-step';
import { median } from './benchmark';
import { layerNames } from './layer-names';
import { randomInputs } from './random-inputs';

export interface ProfileRequest {
  readonly configuration: RunConfiguration;
  /** The stages to profile, of those that the configuration has. */
  readonly stages: readonly StageName[];
  /** Steps that each time is the median of. */
  readonly steps: number;
}

/** Times one step several times: seconds of each operation of the graph, and where the time outside of them went. */
interface Profiler {
  readonly device: string;
  readonly method: string;
  /** An ordinary engine of the same kind, for the time of a whole step. */
  readonly engine: Engine;
  time(graph: StepGraph, initial: NamedTensors, inputs: NamedTensors, steps: number): Promise<StepTimes>;
}

interface StepTimes {
  /** By index of the operation. */
  readonly operations: readonly number[];
  /** Copying into and out of the plan. */
  readonly copies: number;
}

/** Medians of several measurements of the same things. */
function medians(measurements: readonly (readonly number[])[]): number[] {
  return (measurements[0] ?? []).map((_, index) => median(measurements.map((each) => each[index]!)));
}

async function embeddedProfiler({
  engineSettings = defaultEngineSettings,
}: RunConfiguration): Promise<Profiler> {
  const engine = await openEmbedded(engineSettings);
  return {
    device: engine.description.device,
    method:
      'Each kernel call of the plan was timed by itself, all threads waiting for each other in between. ' +
      'What a convolution computes along with itself (bias, activation) is counted as the convolution’s, and the gradient of a ' +
      'dense layer, which Adam makes on the way, as Adam’s.',
    engine,
    time: async (graph, initial, inputs, steps) => {
      const state = await engine.createState(initial);
      const executable = await engine.compile(graph, state);
      try {
        await executable.run(inputs);
        const runs = [];
        for (let step = 0; step < steps; step++) runs.push(await executable.profile(inputs));
        const seconds = medians(runs.map((calls) => calls.map((call) => call.seconds)));
        const operations = new Array<number>(graph.operations.length).fill(0);
        let copies = 0;
        runs[0]!.forEach(({ index }, call) => {
          if (index in operations) operations[index]! += seconds[call]!;
          else copies += seconds[call]!;
        });
        return { operations, copies };
      } finally {
        executable.dispose();
        state.dispose();
      }
    },
  };
}

async function nativeProfiler(
  { engineSettings = defaultEngineSettings }: RunConfiguration,
  library: string,
): Promise<Profiler> {
  const engine = await openEngineByName('native', { library, settings: engineSettings });
  const tensorFlow = new TensorFlow(library, tensorFlowOptions(engineSettings));
  const onGpu = tensorFlow.device.type === 'GPU';
  return {
    device: engine.description.device,
    method:
      'The step was run operation by operation; TensorFlow does not tell the times within its compiled function, which fuses ' +
      'operations, updates Adam’s variables in place and runs some side by side, so the whole step is faster than the sum.' +
      (onGpu ? ' Each time includes waiting for the GPU, some 50 µs.' : ''),
    engine,
    time: (graph, initial, inputs, steps) => {
      const once = (): number[] => timeOperations(tensorFlow, graph, inputs, initial);
      once();
      const runs = Array.from({ length: steps }, once);
      return Promise.resolve({ operations: medians(runs), copies: 0 });
    },
  };
}

/** Seconds of a whole step on the engine: the median of several. */
async function timeWholeStep(
  engine: Engine,
  graph: StepGraph,
  initial: NamedTensors,
  inputs: NamedTensors,
  steps: number,
): Promise<number> {
  const state = await engine.createState(initial);
  const executable = await engine.compile(graph, state);
  try {
    await executable.run(inputs);
    await executable.run(inputs);
    const seconds = [];
    for (let step = 0; step < steps; step++) {
      const start = performance.now();
      await executable.run(inputs);
      seconds.push((performance.now() - start) / 1000);
    }
    return median(seconds);
  } finally {
    executable.dispose();
    state.dispose();
  }
}

/** Adds up the times of all that have one name, the longest first. */
function gather(names: readonly string[], seconds: readonly number[]): ProfileShare[] {
  const shares = new Map<string, ProfileShare>();
  names.forEach((name, index) => {
    const share = shares.get(name) ?? { name, operations: 0, seconds: 0 };
    shares.set(name, { name, operations: share.operations + 1, seconds: share.seconds + seconds[index]! });
  });
  return [...shares.values()].sort((a, b) => b.seconds - a.seconds);
}

/** What copies into and out of a plan are called, in both tables. */
const COPIES = 'copies';

async function profileStage(
  profiler: Profiler,
  { configuration, steps }: ProfileRequest,
  stage: StageName,
  all: NamedTensors,
): Promise<StageProfile> {
  const graph = traceStep[stage](configuration);
  const initial = Object.fromEntries(graph.variables.map(({ name }) => [name, all[name]!]));
  const inputs = randomInputs(graph);
  const stepSeconds = await timeWholeStep(profiler.engine, graph, initial, inputs, steps);
  const { operations, copies } = await profiler.time(graph, initial, inputs, steps);
  const [kinds, seconds] = [graph.operations.map(({ kind }) => kind), [...operations]];
  const layers = layerNames(graph);
  if (copies > 0) {
    kinds.push(COPIES);
    layers.push(COPIES);
    seconds.push(copies);
  }
  return {
    stage,
    stepSeconds,
    profiledSeconds: seconds.reduce((sum, each) => sum + each, 0),
    operations: gather(kinds, seconds),
    layers: gather(layers, seconds),
  };
}

/**
 * Profiles the steps of a configuration on random patches.
 * @param library TensorFlow's library, for the native engine
 */
export async function profileEngine(
  engine: EngineName,
  library: string | undefined,
  request: ProfileRequest,
): Promise<EngineProfile> {
  const { configuration } = request;
  if (engine === 'native' && library === undefined) throw new Error('the native engine needs a library');
  const profiler =
    engine === 'native' && library !== undefined
      ? await nativeProfiler(configuration, library)
      : await embeddedProfiler(configuration);
  try {
    const all = await initialState(configuration);
    const stages: StageProfile[] = [];
    for (const stage of request.stages) stages.push(await profileStage(profiler, request, stage, all));
    const { data, generator } = configuration;
    return {
      engine,
      device: profiler.device,
      configuration:
        `${configuration.name}: ${generator.blocks} blocks of ${generator.channels} channels, ` +
        `batch ${data.batch}, patch ${data.patch}`,
      method: profiler.method,
      stages,
    };
  } finally {
    await profiler.engine.dispose();
  }
}
