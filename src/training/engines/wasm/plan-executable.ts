/** A plan bound to memory and threads: inputs are copied in, the threads run it, outputs are copied out. */
import { elementCount, requireSameShape } from '../../graph/shape';
import type { StepGraph } from '../../graph/step-graph';
import type { Executable, NamedTensors } from '../engine';
import type { Heap } from './heap';
import type { Buffer } from './plan/buffer';
import type { CompiledGraph } from './plan/compile';
import type { PlanEntry } from './plan/plan-builder';
import type { Pool } from './pool/pool';

/** Where a run's time went: one item a kernel call. */
export interface CallTime {
  readonly kernel: string;
  /** Kind of the step graph's operation, or `copy`. */
  readonly operation: string;
  readonly index: number;
  readonly seconds: number;
}

export class PlanExecutable implements Executable {
  readonly #graph: StepGraph;
  readonly #compiled: CompiledGraph;
  readonly #heap: Heap;
  readonly #pool: Pool;
  readonly #arena: number;
  readonly #plan: number;

  constructor(graph: StepGraph, compiled: CompiledGraph, heap: Heap, pool: Pool) {
    this.#graph = graph;
    this.#compiled = compiled;
    this.#heap = heap;
    this.#pool = pool;
    this.#arena = heap.allocate(compiled.plan.arenaBytes);
    this.#plan = pool.load(compiled.plan.entries.map((entry) => this.#bind(entry)));
    for (const { buffer, data } of compiled.constants) this.#floats(buffer)?.set(data);
  }

  /** Bytes of the plan's own memory: everything but the state. */
  get memoryBytes(): number {
    return this.#compiled.plan.arenaBytes;
  }

  run(inputs: NamedTensors): Promise<NamedTensors> {
    return this.#pool.run(this.#plan, {
      prepare: () => {
        this.#write(inputs);
      },
      finish: () => this.#read(),
    });
  }

  /** Runs once, one call after the other, and tells the time of each. */
  async profile(inputs: NamedTensors): Promise<CallTime[]> {
    const { entries } = this.#compiled.plan;
    const seconds = await this.#pool.time(this.#plan, entries.length, () => {
      this.#write(inputs);
    });
    return entries.map(({ kernel, operation }, i) => ({
      kernel,
      operation: this.#graph.operations[operation]?.kind ?? 'copy',
      index: operation,
      seconds: seconds[i]!,
    }));
  }

  dispose(): void {
    this.#pool.forget(this.#plan);
    this.#heap.free(this.#arena);
  }

  #bind({ kernel, operands, relative, barrier }: PlanEntry) {
    const bound = [...operands];
    for (const i of relative) bound[i]! += this.#arena;
    return { kernel, operands: bound, barrier };
  }

  /** The floats of a buffer; undefined where no call uses it. */
  #floats(buffer: Buffer): Float32Array | undefined {
    const offset = this.#compiled.plan.offsets.get(buffer);
    const address = buffer.address ?? (offset === undefined ? undefined : this.#arena + offset);
    return address === undefined ? undefined : this.#heap.floats(address, buffer.floats);
  }

  #write(inputs: NamedTensors): void {
    for (const { name, value } of this.#graph.inputs) {
      const input = inputs[name];
      if (input === undefined) throw new Error(`the step needs the input “${name}”`);
      requireSameShape(input.shape, this.#graph.values[value]!.shape, `the input ${name} and the graph’s`);
      if (input.data.length !== elementCount(input.shape)) {
        throw new Error(`the input ${name} has ${input.data.length} numbers`);
      }
      this.#floats(this.#compiled.inputs.get(name)!)?.set(input.data);
    }
    for (const name of Object.keys(inputs)) {
      if (!this.#compiled.inputs.has(name)) throw new Error(`the step has no input “${name}”`);
    }
  }

  #read(): NamedTensors {
    return Object.fromEntries(
      this.#graph.outputs.map(({ name, value }) => {
        const data = this.#floats(this.#compiled.outputs.get(name)!)!;
        return [name, { shape: this.#graph.values[value]!.shape, data: new Float32Array(data) }];
      }),
    );
  }
}
