/**
 * An engine as a contender: bundled, and run as a process with one JSON document as its argument, an `EngineTurns`.
 * It does what the trainer does in a step and nothing else: no feed, no log.
 */
import { createInterface } from 'node:readline';
import type { RunConfiguration } from '../../src/protocol/run-configuration';
import type { Engine, Executable, NamedTensors } from '../../src/training/engines/engine';
import { NativeEngine } from '../../src/training/engines/native/native-engine';
import { EmbeddedEngine } from '../../src/training/engines/wasm/embedded-engine';
import { elementCount } from '../../src/training/graph/shape';
import type { StepGraph } from '../../src/training/graph/step-graph';
import { initialState } from '../../src/training/networks/initial-state';
import { randomStream } from '../../src/random/random-stream';
import { adamScalars } from '../../src/training/step/adam';
import { traceAdversarialStep } from '../../src/training/step/adversarial-step';
import { traceInference } from '../../src/training/step/inference';
import { tracePixelStep } from '../../src/training/step/pixel-step';
import type { Request, Turn } from './contender';
import { INFERENCE_SIDE, type Task } from './workloads';

export interface EngineTurns {
  readonly configuration: RunConfiguration;
  readonly threads: number;
  /** TensorFlow's library, for the native engine; without it, the embedded one is measured. */
  readonly library?: string;
  readonly bfloat16?: boolean;
  /** For the embedded engine: vectors of 256 bits. */
  readonly wideVectors?: boolean;
}

const LEARNING_RATE = 1e-4;

function openEngine({ library, threads, bfloat16 = false, wideVectors }: EngineTurns): Promise<Engine> {
  if (library === undefined) return EmbeddedEngine.open({ threads, wideVectors });
  return Promise.resolve(new NativeEngine(library, { threads, bfloat16 }));
}

function trace(task: Task, configuration: RunConfiguration): StepGraph {
  const { generator, scale } = configuration;
  const image = { batch: 1, height: INFERENCE_SIDE, width: INFERENCE_SIDE };
  switch (task) {
    case 'adversarial':
      return traceAdversarialStep(configuration);
    case 'pixel':
      return tracePixelStep(configuration);
    case 'inference':
      return traceInference(generator, scale, image);
  }
}

function inputsOf(graph: StepGraph, { adam }: RunConfiguration): NamedTensors {
  const { stepSize, epsilon } = adamScalars(adam, LEARNING_RATE, 1);
  const random = randomStream(0, 'bench', 0);
  return Object.fromEntries(
    graph.inputs.map(({ name, value }) => {
      const { shape } = graph.values[value]!;
      if (name.endsWith('/stepSize')) return [name, { shape, data: Float32Array.of(stepSize) }];
      if (name.endsWith('/epsilon')) return [name, { shape, data: Float32Array.of(epsilon) }];
      return [
        name,
        { shape, data: Float32Array.from({ length: elementCount(shape) }, () => random.uniform()) },
      ];
    }),
  );
}

async function main(turns: EngineTurns): Promise<void> {
  const { configuration } = turns;
  const answer = (document: unknown): void => {
    process.stdout.write(`${JSON.stringify(document)}\n`);
  };
  const engine = await openEngine(turns);
  const state = await engine.createState(await initialState(configuration));
  let executable: Executable | undefined;
  let inputs: NamedTensors = {};

  const prepare = async (task: Task): Promise<void> => {
    executable?.dispose();
    const graph = trace(task, configuration);
    executable = await engine.compile(graph, state);
    inputs = inputsOf(graph, configuration);
  };
  const run = async (steps: number): Promise<Turn> => {
    const seconds: number[] = [];
    for (let step = 0; step < steps; step++) {
      const start = performance.now();
      await executable!.run(inputs);
      seconds.push((performance.now() - start) / 1000);
    }
    return { seconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
  };

  answer({});
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    if ('prepare' in request) {
      await prepare(request.prepare);
      answer({});
    } else {
      answer(await run(request.steps));
    }
  }
}

void main(JSON.parse(process.argv[2]!) as EngineTurns);
