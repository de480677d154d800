/**
 * Run as a process: `long-run.ts STEPS embedded|embedded-wide|LIBRARY`. Takes so many steps of the smallest training there is, whole adversarial
 * ones, and prints as one JSON document what the process held on the way and where the weights ended.
 */
import { createHash } from 'node:crypto';
import type { Engine, NamedTensors } from '../../../../src/training/engines/engine';
import { NativeEngine } from '../../../../src/training/engines/native/native-engine';
import { EmbeddedEngine } from '../../../../src/training/engines/wasm/embedded-engine';
import { initialState } from '../../../../src/training/networks/initial-state';
import { randomStream } from '../../../../src/random/random-stream';
import { compileStageStep } from '../../../../src/training/run/stage-step';
import { microConfiguration } from '../../../support/configurations';
import { openEmbedded } from '../../engines-wasm/support/embedded';
import { countingApi, type Counts } from './counting-api';

export interface Sample {
  readonly step: number;
  readonly residentBytes: number;
  /** Of V8 and of the array buffers that it holds. */
  readonly heapBytes: number;
  readonly counts: Counts;
  /** WebAssembly memory of the embedded engine. */
  readonly wasmBytes: number;
}

export interface LongRun {
  readonly device: string;
  readonly samples: readonly Sample[];
  /** Of all weights, moments and statistics at the end. */
  readonly digest: string;
  readonly lastLoss: number;
  readonly seconds: number;
}

const SAMPLES = 20;
const SEED = 5;

function digestOf(tensors: NamedTensors): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(tensors).sort()) {
    const { data } = tensors[name]!;
    hash.update(name).update(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('run it with --expose-gc');
  globalThis.gc();
}

async function train(steps: number, engineName: string): Promise<LongRun> {
  const counts: Counts = { tensors: 0, handles: 0, operations: 0, statuses: 0, functions: 0, graphs: 0 };
  const engine: Engine =
    engineName === 'embedded' || engineName === 'embedded-wide'
      ? await openEmbedded({ threads: 2, simd: 'plain', wideVectors: engineName === 'embedded-wide' })
      : new NativeEngine(engineName, { threads: 1 }, countingApi(counts));
  const configuration = microConfiguration();
  const { patch, batch } = configuration.data;
  const state = await engine.createState(await initialState(configuration));
  const step = await compileStageStep(engine, state, configuration, 'adversarial');
  const samples: Sample[] = [];
  let lastLoss = NaN;
  const start = performance.now();
  for (let done = 0; done < steps; done++) {
    const random = randomStream(SEED, 'long run', done);
    const image = (side: number) => ({
      shape: [batch, side, side, 3],
      data: Float32Array.from({ length: batch * side * side * 3 }, () => random.uniform()),
    });
    const losses = await step.run({ lr: image(patch / configuration.scale), hr: image(patch) }, 1e-4, done);
    lastLoss = losses.generator.total ?? NaN;
    if ((done + 1) % Math.ceil(steps / SAMPLES) === 0) {
      collectGarbage();
      const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
      samples.push({
        step: done + 1,
        residentBytes: rss,
        heapBytes: heapUsed + arrayBuffers,
        counts: { ...counts },
        wasmBytes: engine instanceof EmbeddedEngine ? engine.memoryBytes : 0,
      });
    }
  }
  const seconds = (performance.now() - start) / 1000;
  const digest = digestOf(await state.read());
  step.dispose();
  state.dispose();
  await engine.dispose();
  const { tensors, handles, operations, graphs, functions } = counts;
  const left = tensors + handles + operations + graphs + functions;
  if (left !== 0) throw new Error(`${left} things are left: ${JSON.stringify(counts)}`);
  return { device: engine.description.device, samples, digest, lastLoss, seconds };
}

void train(Number(process.argv[2]), process.argv[3] ?? 'embedded').then((run) => {
  process.stdout.write(`\n${JSON.stringify(run)}\n`, () => process.exit(0));
});
