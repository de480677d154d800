/**
 * What an engine is: something that holds named tensors and executes step graphs on them. The trainer knows no more
 * than this, so it does not matter whether kernels run in WebAssembly, in TensorFlow or on a GPU.
 */
import type { StepGraph } from '../graph/step-graph';

/** A tensor outside an engine: row-major float32. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type NamedTensors = Readonly<Record<string, HostTensor>>;

export interface EngineDescription {
  /** The name that people choose it by, e.g. `embedded`. */
  readonly name: string;
  /** What it computes on, in words, e.g. `CPU, WebAssembly SIMD, 1 thread`. */
  readonly device: string;
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
  /** What it could compute on, where it has a choice. */
  readonly devices?: readonly {
    readonly name: string;
    readonly type: string;
    readonly memoryBytes: number;
  }[];
}

/** Weights, optimiser moments and running statistics that live on the engine and outlast a step. */
export interface EngineState {
  readonly names: readonly string[];
  /** Copies of the named tensors, all by default. Throws on an unknown name. */
  read(names?: readonly string[]): Promise<NamedTensors>;
  /** Replaces values. Throws on an unknown name or another shape; then nothing was written. */
  write(values: NamedTensors): Promise<void>;
  dispose(): void;
}

/** A compiled graph, bound to the state whose variables it reads and replaces. */
export interface Executable {
  /** Runs once. `inputs` must have exactly the graph's inputs in their shapes; resolves to its outputs. */
  run(inputs: NamedTensors): Promise<NamedTensors>;
  dispose(): void;
}

export interface Engine {
  readonly description: EngineDescription;
  createState(initial: NamedTensors): Promise<EngineState>;
  /** Throws if the state lacks a variable of the graph or has it in another shape. */
  compile(graph: StepGraph, state: EngineState): Promise<Executable>;
  dispose(): Promise<void>;
}
