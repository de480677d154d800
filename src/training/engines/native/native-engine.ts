/**
 * The native engine: a step graph compiled to one TensorFlow function, on the TensorFlow that a person already has. A run of
 * it is one call off the main thread; state stays in TensorFlow's variables between runs.
 */
import { requireSameShape } from '../../graph/shape';
import type { StepGraph } from '../../graph/step-graph';
import type { Engine, EngineDescription, EngineState, Executable, NamedTensors } from '../engine';
import { compileStepGraph } from './compile';
import { executeAsync } from './execute';
import { NativeState } from './native-state';
import { TensorFlow } from './tensorflow';

let functions = 0;

function deviceInWords({ device, threads }: TensorFlow): string {
  return device.type === 'GPU'
    ? `GPU (${device.name})`
    : `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

export class NativeEngine implements Engine {
  readonly description: EngineDescription;
  readonly #tensorFlow: TensorFlow;

  /** Opens the TensorFlow library at this path; see `TensorFlow`. */
  constructor(...[library, options, load]: ConstructorParameters<typeof TensorFlow>) {
    this.#tensorFlow = new TensorFlow(library, options, load);
    this.description = {
      name: 'native',
      device: deviceInWords(this.#tensorFlow),
      threads: this.#tensorFlow.threads,
      versions: { tensorflow: this.#tensorFlow.version },
      devices: this.#tensorFlow.devices,
    };
  }

  createState(initial: NamedTensors): Promise<EngineState> {
    return Promise.resolve(new NativeState(this.#tensorFlow, initial));
  }

  compile(graph: StepGraph, state: EngineState): Promise<Executable> {
    if (!(state instanceof NativeState)) throw new Error('that state belongs to another engine');
    return Promise.resolve(new NativeExecutable(this.#tensorFlow, graph, state));
  }

  dispose(): Promise<void> {
    this.#tensorFlow.dispose();
    return Promise.resolve();
  }
}

class NativeExecutable implements Executable {
  readonly #name = `srgan_lab_step_${functions++}`;
  readonly #variables: readonly number[];

  constructor(
    readonly tensorFlow: TensorFlow,
    readonly graph: StepGraph,
    state: NativeState,
  ) {
    this.#variables = graph.variables.map(
      ({ name, value }) => state.variable(name, graph.values[value]!.shape).handle,
    );
    compileStepGraph(tensorFlow, graph, this.#name);
  }

  async run(inputs: NamedTensors): Promise<NamedTensors> {
    const { tensorFlow, graph } = this;
    const uploaded = graph.inputs.map(({ name, value }) => {
      const input = inputs[name];
      if (input === undefined) throw new Error(`the step needs the input “${name}”`);
      requireSameShape(input.shape, graph.values[value]!.shape, `the input ${name} and the graph’s`);
      return tensorFlow.upload(input.data, input.shape);
    });
    try {
      const outputs = await executeAsync(
        tensorFlow,
        this.#name,
        [...uploaded, ...this.#variables],
        tensorFlow.functionAttributes,
        graph.outputs.length,
      );
      const named = graph.outputs.map(({ name }, index) => [name, tensorFlow.download(outputs[index]!)]);
      for (const output of outputs) tensorFlow.release(output);
      return Object.fromEntries(named) as NamedTensors;
    } finally {
      for (const input of uploaded) tensorFlow.release(input);
    }
  }

  dispose(): void {
    const { api, context } = this.tensorFlow;
    this.tensorFlow.check('drop a step', (status) => {
      api.TFE_ContextRemoveFunction(context, this.#name, status);
    });
  }
}
