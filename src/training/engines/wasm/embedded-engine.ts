/**
 * The embedded engine: step graphs as static plans of our own WebAssembly kernels, on threads that share one memory.
 * Nothing is installed, and runs leave the caller's thread free.
 */
import { availableParallelism } from 'node:os';
import { bundlePath } from '../../../folders/installation';
import { elementCount, requireSameShape, type Shape } from '../../graph/shape';
import type { StepGraph } from '../../graph/step-graph';
import type { Engine, EngineDescription, EngineState, HostTensor, NamedTensors } from '../engine';
import { Heap } from './heap';
import { capacity } from './plan/buffer';
import { compileGraph } from './plan/compile';
import { settingsFor, type ExactnessChoice } from './plan/lowering/lowering';
import { PlanExecutable } from './plan-executable';
import { Pool } from './pool/pool';
import { compileKernels, pairVectors, type Simd } from './simd-features';
import { tryPairing } from './wide-vectors/trial';

export interface EmbeddedOptions {
  /** Threads, all cores by default. Results do not depend on it. */
  readonly threads?: number | undefined;
  /** `auto` takes relaxed SIMD where there is one. */
  readonly simd?: Simd | 'auto' | undefined;
  /** How 3×3 convolutions are computed, `auto` by default. */
  readonly exactness?: ExactnessChoice | undefined;
  /**
   * Vectors of 256 bits where V8 can pair those of 128; each method of convolutions has the same results in both. `kernels` only
   * takes the kernels that are made for them, for tests.
   */
  readonly wideVectors?: boolean | 'kernels' | undefined;
  /** Why vectors are not wide, where that was found out before. The engine only tells it. */
  readonly narrowBecause?: string | undefined;
  /** The bundle of a thread, for tests. */
  readonly workerFile?: string | undefined;
}

/** How wide vectors are, and why they are not wider where they should be. */
interface Vectors {
  readonly bits: 128 | 256;
  readonly reason?: string | undefined;
}

async function chooseVectors({ wideVectors, simd, narrowBecause }: EmbeddedOptions): Promise<Vectors> {
  if (wideVectors !== true) return { bits: 128, reason: narrowBecause };
  const reason = await tryPairing(simd === 'plain' ? 'plain' : 'relaxed');
  return reason === undefined ? { bits: 256 } : { bits: 128, reason };
}

export class EmbeddedEngine implements Engine {
  readonly description: EngineDescription;
  readonly #heap: Heap;
  readonly #pool: Pool;
  readonly #threads: number;
  readonly #exactness: ExactnessChoice;
  readonly #wide: boolean;

  private constructor(options: EmbeddedOptions, vectors: Vectors) {
    const wide = vectors.bits === 256;
    if (wide) pairVectors();
    const { module, simd } = compileKernels(
      options.simd ?? 'auto',
      wide || options.wideVectors === 'kernels',
    );
    const threads = Math.max(1, options.threads ?? availableParallelism());
    this.#threads = threads;
    this.#exactness = options.exactness ?? 'auto';
    this.#wide = wide;
    this.#heap = new Heap();
    this.#pool = new Pool({
      module,
      memory: this.#heap.memory,
      threads,
      workerFile: options.workerFile ?? bundlePath('kernel-worker.js'),
    });
    const kind = `${simd === 'relaxed' ? 'relaxed SIMD' : 'SIMD'}${wide ? ' of 256 bits' : ''}`;
    this.description = {
      name: 'embedded',
      device: `CPU, WebAssembly ${kind}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      threads,
      versions: {
        node: process.versions.node,
        v8: process.versions.v8,
        simd,
        vectors: `${vectors.bits} bits${vectors.reason === undefined ? '' : `: ${vectors.reason}`}`,
        exactness: this.#exactness,
      },
    };
  }

  /** Starts the threads. Throws where WebAssembly lacks SIMD or a thread cannot be started. */
  static async open(options: EmbeddedOptions = {}): Promise<EmbeddedEngine> {
    const engine = new EmbeddedEngine(options, await chooseVectors(options));
    await engine.#pool.ready;
    return engine;
  }

  /** Bytes of memory that the engine has taken so far. */
  get memoryBytes(): number {
    return this.#heap.bytes;
  }

  createState(initial: NamedTensors): Promise<EngineState> {
    return Promise.resolve(new EmbeddedState(this.#heap, this.#pool, initial));
  }

  compile(graph: StepGraph, state: EngineState): Promise<PlanExecutable> {
    return this.#pool.whenIdle(() => {
      if (!(state instanceof EmbeddedState)) throw new Error('that state belongs to another engine');
      for (const { name, value } of graph.variables) {
        const { shape } = graph.values[value]!;
        requireSameShape(state.shapeOf(name), shape, `the state’s ${name} and the graph’s`);
      }
      const compiled = compileGraph(graph, (name) => state.addressOf(name), {
        threads: this.#threads,
        ...settingsFor(graph, this.#exactness, { wide: this.#wide }),
      });
      return new PlanExecutable(graph, compiled, this.#heap, this.#pool);
    });
  }

  async dispose(): Promise<void> {
    await this.#pool.dispose();
  }
}

/** Named tensors in the engine's memory, each at one address for as long as the state lives. */
class EmbeddedState implements EngineState {
  readonly #heap: Heap;
  readonly #pool: Pool;
  readonly #tensors = new Map<string, { shape: Shape; address: number }>();

  constructor(heap: Heap, pool: Pool, initial: NamedTensors) {
    this.#heap = heap;
    this.#pool = pool;
    for (const [name, { shape, data }] of Object.entries(initial)) {
      const count = elementCount(shape);
      if (data.length !== count) throw new Error(`${name} has ${data.length} numbers for ${count} elements`);
      const address = heap.allocate(capacity(count));
      this.#tensors.set(name, { shape: [...shape], address });
      heap.floats(address, count).set(data);
    }
  }

  get names(): readonly string[] {
    return [...this.#tensors.keys()];
  }

  shapeOf(name: string): Shape {
    return this.#tensor(name).shape;
  }

  addressOf(name: string): number {
    return this.#tensor(name).address;
  }

  read(names: readonly string[] = this.names): Promise<NamedTensors> {
    const read = (name: string): HostTensor => {
      const { shape, address } = this.#tensor(name);
      return { shape, data: new Float32Array(this.#heap.floats(address, elementCount(shape))) };
    };
    return this.#pool.whenIdle(() => Object.fromEntries(names.map((name) => [name, read(name)])));
  }

  write(values: NamedTensors): Promise<void> {
    return this.#pool.whenIdle(() => {
      for (const [name, { shape, data }] of Object.entries(values)) {
        requireSameShape(shape, this.shapeOf(name), `the new value of ${name} and the state’s`);
        if (data.length !== elementCount(shape)) throw new Error(`${name} has ${data.length} numbers`);
      }
      for (const [name, { data }] of Object.entries(values)) {
        this.#heap.floats(this.addressOf(name), data.length).set(data);
      }
    });
  }

  dispose(): void {
    for (const { address } of this.#tensors.values()) this.#heap.free(address);
    this.#tensors.clear();
  }

  #tensor(name: string): { shape: Shape; address: number } {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) throw new Error(`the state has no “${name}”`);
    return tensor;
  }
}
