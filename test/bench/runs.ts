/**
 * Short real runs of the `quick` preset on the sample photographs, started from the command line as a person does: how
 * long until the first step is in the record, and how much of a step is not the engine's.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDataset } from '../../src/datasets/create';
import { bundlePath } from '../../src/folders/installation';
import { METRICS_FILE, metricsLineSchema, type StepLine } from '../../src/protocol/metrics';
import { createRun } from '../../src/training/run/create-run';
import type { EngineName } from './contenders';
import { median } from './statistics';

export interface RunFigures {
  readonly engine: EngineName;
  /** Seconds from the start of the command to the end of the first step, each time. */
  readonly starts: readonly number[];
  /** Of the time between two steps, the share in which the engine did not compute: feed, log, metrics. */
  readonly outside: number;
}

const STEPS = 400;
/** At first the engine's threads and the feed are still warming up. */
const WARM_UP_STEPS = 100;
const STARTS = 3;

const samples = join(__dirname, '..', '..', 'media', 'samples');

/** @param folder an empty folder for data set and runs */
export async function measureRuns(
  folder: string,
  engines: readonly EngineName[],
  library: string | undefined,
  say: (message: string) => void,
): Promise<RunFigures[]> {
  const dataset = join(folder, 'data');
  await createDataset({ folder: dataset, from: [samples], scale: 4 });
  // The first run on a data set makes its training cache.
  await trainBriefly(join(folder, 'warm-up'), dataset, 'embedded', library);
  const figures: RunFigures[] = [];
  for (const engine of engines) {
    say(`start and short run, ${engine}`);
    const runs: { start: number; outside: number }[] = [];
    for (let i = 0; i < STARTS; i++) {
      runs.push(await trainBriefly(join(folder, `${engine}-${i}`), dataset, engine, library));
    }
    figures.push({
      engine,
      starts: runs.map(({ start }) => start),
      outside: median(runs.map(({ outside }) => outside)),
    });
  }
  return figures;
}

async function trainBriefly(
  run: string,
  dataset: string,
  engine: EngineName,
  library: string | undefined,
): Promise<{ start: number; outside: number }> {
  await createRun({
    folder: run,
    dataset,
    preset: 'quick',
    engine,
    overrides: [
      `stages=[{"name":"pixel","steps":${STEPS},"learningRate":{"schedule":"constant","initial":0.0001}}]`,
      'validation.every=100000',
      'validation.images=1',
      'checkpoints.every=100000',
    ],
  });
  const start = Date.now();
  const command = spawn(process.execPath, [bundlePath('cli.js'), 'train', run, '--progress', 'none'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...(library !== undefined && { SRGAN_LAB_TENSORFLOW: library }) },
  });
  const [code] = (await once(command, 'close')) as [number | null];
  if (code !== 0) throw new Error(`srgan-lab train ended with code ${code} on the ${engine} engine.`);
  const steps = (await readFile(join(run, METRICS_FILE), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => metricsLineSchema.parse(JSON.parse(line)))
    .filter((line): line is StepLine => line.kind === 'step');
  return { start: (steps[0]!.time - start) / 1000, outside: shareOutside(steps.slice(WARM_UP_STEPS)) };
}

/** The lines tell when each step was done and how long its engine took. */
function shareOutside(steps: readonly StepLine[]): number {
  const wall = (steps.at(-1)!.time - steps[0]!.time) / 1000;
  const engine = steps.slice(1).reduce((sum, { seconds, feedSeconds }) => sum + seconds - feedSeconds, 0);
  return 1 - engine / wall;
}
