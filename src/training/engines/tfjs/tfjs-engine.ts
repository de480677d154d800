/** An engine on a TensorFlow.js backend. One task at a time: steps that share a state must not interleave. */
import type { StepGraph } from '../../graph/step-graph';
import type { Engine, EngineDescription, EngineState, Executable, NamedTensors } from '../engine';
import { GraphExecutor } from './executor';
import { TensorState } from './state';
import type { TensorBackend } from './tensor-backend';

export class TfjsEngine implements Engine {
  private lastTask: Promise<unknown> = Promise.resolve();
  private readonly opened = new Set<{ dispose(): void }>();

  constructor(private readonly backend: TensorBackend) {}

  get description(): EngineDescription {
    return this.backend.description;
  }

  /** How many tensors hold memory on the backend. */
  tensorCount(): number {
    return this.backend.tensorCount();
  }

  createState(initial: NamedTensors): Promise<EngineState> {
    return this.exclusively(() =>
      Promise.resolve(this.keep(new TensorState(this.backend, initial, this.exclusively))),
    );
  }

  compile(graph: StepGraph, state: EngineState): Promise<Executable> {
    return this.exclusively(() => {
      if (!(state instanceof TensorState)) throw new Error('the state belongs to another engine');
      return Promise.resolve(this.keep(new GraphExecutor(graph, state, this.backend, this.exclusively)));
    });
  }

  dispose(): Promise<void> {
    return this.exclusively(() => {
      for (const resource of this.opened) resource.dispose();
      this.opened.clear();
      return Promise.resolve();
    });
  }

  /** Remembers what is still to be disposed of when the engine is. */
  private keep<T extends { dispose(): void }>(resource: T): T {
    const dispose = resource.dispose.bind(resource);
    resource.dispose = () => {
      if (this.opened.delete(resource)) dispose();
    };
    this.opened.add(resource);
    return resource;
  }

  /** Runs a task after all before it, whether they succeeded or not. */
  private readonly exclusively = <T>(task: () => Promise<T>): Promise<T> => {
    const result = this.lastTask.then(task, task);
    this.lastTask = result;
    return result;
  };
}
