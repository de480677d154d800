/**
 * An engine that enlarges pictures, as a contender: bundled, and run as a process with one JSON document as its argument,
 * an `UpscaleTurns`. It does what `srgan-lab upscale` does between reading a file and writing one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunConfiguration } from '../../src/protocol/run-configuration';
import { NativeEngine } from '../../src/training/engines/native/native-engine';
import { EmbeddedEngine } from '../../src/training/engines/wasm/embedded-engine';
import { readSafetensors } from '../../src/training/run/safetensors';
import { createUpscaler } from '../../src/training/upscale/upscaler';
import { PICTURE, WEIGHTS } from './upscale-files';

export interface UpscaleTurns {
  readonly name: string;
  /** Where weights and picture lie, and the result goes. */
  readonly folder: string;
  readonly configuration: Pick<RunConfiguration, 'generator' | 'scale'>;
  readonly width: number;
  readonly height: number;
  /** Side of the largest window. */
  readonly largest: number;
  readonly threads: number;
  /** TensorFlow's library, for the native engine; without it, the embedded one is measured. */
  readonly library?: string;
}

async function main(turns: UpscaleTurns): Promise<void> {
  const { folder, configuration, width, height, largest, threads, library } = turns;
  const { generator, scale } = configuration;
  const engine =
    library === undefined
      ? await EmbeddedEngine.open({ threads })
      : new NativeEngine(library, { threads, bfloat16: false });
  const state = await engine.createState(await readSafetensors(join(folder, WEIGHTS)));
  const upscaler = createUpscaler(engine, state, generator, scale, { largest, keptPixels: largest ** 2 });
  const image = { width, height, data: new Uint8Array(readFileSync(join(folder, PICTURE))) };
  process.stdout.write('{}\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps } = JSON.parse(line) as { steps: number };
    const seconds: number[] = [];
    for (let step = 0; step < steps; step++) {
      const start = performance.now();
      const { data } = await upscaler.upscale(image);
      seconds.push((performance.now() - start) / 1000);
      writeFileSync(join(folder, turns.name), data);
    }
    const turn = { seconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
    process.stdout.write(`${JSON.stringify(turn)}\n`);
  }
}

void main(JSON.parse(process.argv[2]!) as UpscaleTurns);
